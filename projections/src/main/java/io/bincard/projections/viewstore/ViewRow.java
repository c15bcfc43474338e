package io.bincard.projections.viewstore;

import java.time.Duration;
import java.time.Instant;
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

  /** How many fields {@link #each} gives. */
  public int size() {
    return fields.size() + (memberships.isEmpty() ? 0 : 1) + (keptUntil == null ? 0 : 1);
  }

  /**
   * Gives every field but {@code epoch} and {@code version} to {@code taker}; first, where there
   * are any, the sets, a line for each, and when the row may be forgotten, in milliseconds.
   */
  public void each(BiConsumer<String, byte[]> taker) {
    if (!memberships.isEmpty()) {
      taker.accept(IN, value(IN));
    }
    if (keptUntil != null) {
      taker.accept(KEPT_UNTIL, value(KEPT_UNTIL));
    }
    fields.forEach(taker);
  }

  /** Whether {@link #each} gives fields of the same names as that of {@code other}. */
  boolean hasFieldsOf(ViewRow other) {
    return fields.keySet().equals(other.fields.keySet())
        && memberships.isEmpty() == other.memberships.isEmpty()
        && (keptUntil == null) == (other.keptUntil == null);
  }

  /** The value of a field that {@link #each} gives. */
  byte[] value(String name) {
    if (name.equals(IN)) {
      StringBuilder in = new StringBuilder();
      for (Membership one : memberships) {
        in.append(one.set()).append('\t').append(one.member()).append('\n');
      }
      return StoredRow.bytes(in);
    }
    return name.equals(KEPT_UNTIL)
        ? StoredRow.bytes(Objects.requireNonNull(keptUntil).toEpochMilli())
        : Objects.requireNonNull(fields.get(name));
  }

  /**
   * A place in a sorted set whose members are ordered by their bytes.
   *
   * @param set what the set's Redis key has after its generation's; begins with no view's name
   * @param member neither it nor {@code set} has a tab or a line feed
   */
  public record Membership(String set, String member) {}
}
