package io.bincard.projections.viewstore;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The absolute content of one view at one version.
 *
 * @param key the Redis key
 * @param version what must move forward for the row to be written
 * @param fields every field of the row except {@code epoch}, {@code version} and {@code in}, as
 *     stored
 * @param memberships every set that the row stands in from now on; written and taken back with the
 *     row, so that a set and its rows never differ
 * @param keptUntil when Redis may forget the row, and its sets if none of their rows is kept
 *     longer; {@code null} for never
 */
public record ViewRow(
    String key,
    long version,
    Map<String, byte[]> fields,
    List<Membership> memberships,
    @Nullable Instant keptUntil) {

  /** What the keys of all rows begin with. */
  public static final String KEYS = "bincard:main:";

  public ViewRow {
    fields = Map.copyOf(fields);
    memberships = List.copyOf(memberships);
  }

  /** A row that stands in no set and is never forgotten. */
  public ViewRow(String key, long version, Map<String, byte[]> fields) {
    this(key, version, fields, List.of(), null);
  }

  /**
   * A place in a sorted set whose members are ordered by their bytes.
   *
   * @param set what the set's Redis key has after what all keys have
   * @param member neither it nor {@code set} has a tab or a line feed
   */
  public record Membership(String set, String member) {}
}
