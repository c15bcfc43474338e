package io.bincard.projections.viewstore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The absolute content of one view at one version.
 *
 * @param key what the row's Redis key has after its generation's, as in {@code
 *     availability:A@MAIN}; begins with the name of the view
 * @param version what must move forward for the row to be written
 * @param fields every other field of the row, as stored; always the same ones, for what is not
 *     written stays as it was
 * @param memberships every set that the row stands in from now on; written and taken back with the
 *     row, so that a set and its rows never differ. A row that ever stands in one always does
 * @param keptUntil when Redis may forget the row, and its sets if none of their rows is kept
 *     longer; {@code null} for never
 */
public record ViewRow(
    String key,
    long version,
    Map<String, byte[]> fields,
    List<Membership> memberships,
    @Nullable Instant keptUntil) {

  /** By how much a rebuild may shorten the time for which a row is kept. */
  public static final Duration SHORTENED = Duration.ofDays(1);

  private static final String IN = "in";
  private static final String KEPT_UNTIL = "keptUntil";

  public ViewRow {
    fields = Map.copyOf(fields);
    memberships = List.copyOf(memberships);
  }

  /** A row that stands in no set and is never forgotten. */
  public ViewRow(String key, long version, Map<String, byte[]> fields) {
    this(key, version, fields, List.of(), null);
  }

  /** Whether Redis may have forgotten the row at {@code then}. */
  public boolean isForgottenAt(Instant then) {
    return keptUntil != null && !keptUntil.isAfter(then);
  }

  /**
   * The fields that are stored, but {@code epoch} and {@code version}: first, where there are any,
   * the sets and when the row may be forgotten.
   */
  List<String> names() {
    List<String> names = new ArrayList<>(fields.size() + 2);
    if (!memberships.isEmpty()) {
      names.add(IN);
    }
    if (keptUntil != null) {
      names.add(KEPT_UNTIL);
    }
    names.addAll(fields.keySet());
    return names;
  }

  /** Whether {@code other} has the same {@link #names}, in whatever order. */
  boolean hasFieldsOf(ViewRow other) {
    return memberships.isEmpty() == other.memberships.isEmpty()
        && (keptUntil == null) == (other.keptUntil == null)
        && fields.keySet().equals(other.fields.keySet());
  }

  /** What is stored in the field {@code name}: of the sets a line each, of times milliseconds. */
  byte[] value(String name) {
    if (name.equals(IN)) {
      StringBuilder in = new StringBuilder();
      for (Membership one : memberships) {
        in.append(one.set()).append('\t').append(one.member()).append('\n');
      }
      return StoredRow.bytes(in);
    }
    if (name.equals(KEPT_UNTIL)) {
      return StoredRow.bytes(Objects.requireNonNull(keptUntil).toEpochMilli());
    }
    return Objects.requireNonNull(fields.get(name));
  }

  /** Gives every one of {@link #names} and its {@link #value} to {@code taker}. */
  public void each(BiConsumer<String, byte[]> taker) {
    names().forEach(name -> taker.accept(name, value(name)));
  }

  /**
   * A place in a sorted set whose members are ordered by their bytes.
   *
   * @param set what the set's Redis key has after its generation's; begins with no view's name
   * @param member neither it nor {@code set} has a tab or a line feed
   */
  public record Membership(String set, String member) {}
}
