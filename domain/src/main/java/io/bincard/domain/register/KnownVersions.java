package io.bincard.domain.register;

import io.bincard.domain.policy.PolicyFingerprint;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a register in the order in which they came; immutable. One more is added without
 * a copy of all others, for a register sees thousands: they lie in parts, each smaller than the one
 * before, and only small ones are put together anew.
 */
final class KnownVersions extends AbstractSet<PolicyFingerprint> {

  private static final KnownVersions NONE = new KnownVersions(null, Set.of());

  /** Those that came earlier; {@code null} if none did. */
  private final @Nullable KnownVersions earlier;

  private final Set<PolicyFingerprint> latest;
  private final int size;

  private KnownVersions(@Nullable KnownVersions earlier, Set<PolicyFingerprint> latest) {
    this.earlier = earlier;
    this.latest = latest;
    this.size = latest.size() + (earlier == null ? 0 : earlier.size);
  }

  /** {@code versions}, in their order. */
  static KnownVersions of(Set<PolicyFingerprint> versions) {
    if (versions instanceof KnownVersions same) {
      return same;
    }
    return versions.isEmpty() ? NONE : new KnownVersions(null, new LinkedHashSet<>(versions));
  }

  /** These and {@code version}. */
  KnownVersions with(PolicyFingerprint version) {
    if (contains(version)) {
      return this;
    }
    KnownVersions before = isEmpty() ? null : this;
    Set<PolicyFingerprint> added = Set.of(version);
    while (before != null && before.latest.size() <= added.size()) {
      Set<PolicyFingerprint> together = new LinkedHashSet<>(before.latest);
      together.addAll(added);
      added = together;
      before = before.earlier;
    }
    return new KnownVersions(before, added);
  }

  @Override
  public boolean contains(@Nullable Object version) {
    for (KnownVersions part = this; part != null; part = part.earlier) {
      if (part.latest.contains(version)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Iterator<PolicyFingerprint> iterator() {
    return inOrder().iterator();
  }

  private Stream<PolicyFingerprint> inOrder() {
    return earlier == null ? latest.stream() : Stream.concat(earlier.inOrder(), latest.stream());
  }

  @Override
  public int size() {
    return size;
  }
}
