package io.bincard.application.discount;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyEvent.PolicyStaged;
import io.bincard.domain.register.PolicyEvent.PolicyUnstaged;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the policy that were used last, ready to price; others are read from the journal
 * again. Safe for use by many threads.
 */
public final class PolicyShelf {

  private final PolicyTimeline timeline;
  private final LoadingCache<PolicyFingerprint, Optional<PolicyVersion>> versions;

  /**
   * A shelf with nothing on it.
   *
   * @param kept how many versions stay ready at most
   */
  public PolicyShelf(PolicyTimeline timeline, int kept) {
    this.timeline = timeline;
    this.versions = Caffeine.newBuilder().maximumSize(kept).build(this::read);
  }

  /** The version {@code fingerprint}; empty if the journal does not have it. */
  public Optional<PolicyVersion> find(PolicyFingerprint fingerprint) {
    Optional<PolicyVersion> found = versions.get(fingerprint);
    if (found.isEmpty()) {
      // It may come any moment: what is not there is not remembered.
      versions.invalidate(fingerprint);
    }
    return found;
  }

  /**
   * The version {@code fingerprint}, which the journal has.
   *
   * @throws IllegalStateException if it has not
   */
  public PolicyVersion get(PolicyFingerprint fingerprint) {
    return find(fingerprint)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the journal has no content of the policy " + fingerprint));
  }

  /** Puts a version here before it is in the journal, so that its first price is not late. */
  public void prepare(PolicyVersion version) {
    versions.put(version.fingerprint(), Optional.of(version));
  }

  private Optional<PolicyVersion> read(PolicyFingerprint fingerprint) {
    return timeline
        .content(fingerprint)
        .map(content -> new PolicyVersion(fingerprint, CanonicalPolicy.read(content)));
  }

  /** The version with {@code content}, which need not be in the journal yet. */
  PolicyVersion make(PolicyFingerprint fingerprint, String content) {
    Optional<PolicyVersion> known = versions.getIfPresent(fingerprint);
    if (known != null && known.isPresent()) {
      return known.get();
    }
    PolicyVersion version = new PolicyVersion(fingerprint, CanonicalPolicy.read(content));
    prepare(version);
    return version;
  }

  /** Which version {@code event} is about, {@code null} if about none. */
  static @Nullable PolicyFingerprint versionOf(PolicyEvent event) {
    return switch (event) {
      case PolicyActivated e -> e.fingerprint();
      case PolicyStaged e -> e.fingerprint();
      case PolicyUnstaged e -> e.fingerprint();
      case PolicyRejected e -> null;
    };
  }

  /** The content of {@code fingerprint}, if {@code event} has it. */
  static @Nullable String contentOf(PolicyEvent event, PolicyFingerprint fingerprint) {
    return switch (event) {
      case PolicyActivated e -> e.fingerprint().equals(fingerprint) ? e.content() : null;
      case PolicyStaged e -> e.fingerprint().equals(fingerprint) ? e.content() : null;
      case PolicyUnstaged e -> null;
      case PolicyRejected e -> null;
    };
  }
}
