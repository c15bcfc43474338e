package io.bincard.reconciliation.expected;

import java.util.Map;
import java.util.Set;

/**
 * What a row of a view must say, at one version.
 *
 * @param key what its Redis key has after its generation's, as in {@code availability:A@MAIN}
 * @param version sequence of the last event in it
 * @param position that event's place in the journal
 * @param fields every stored field, as stored, but {@code epoch}, {@code version}, {@code
 *     position}, which tells of the writing and not of the content, and {@code in}
 * @param sets the lines of the field {@code in}: the sets that the row stands in
 */
public record ExpectedRow(
    String key, long version, long position, Map<String, String> fields, Set<String> sets) {

  public ExpectedRow {
    fields = Map.copyOf(fields);
    sets = Set.copyOf(sets);
  }
}
