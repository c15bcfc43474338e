package io.bincard.reconciliation.report;

import io.bincard.reconciliation.repair.RepairLog.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a row says and what it must say, of an entry of the log of repairs. */
final class RowDifference {

  /** Fields that tell of the writing and not of the content. */
  private static final Set<String> OF_THE_WRITING = Set.of("epoch", "position", "in");

  private RowDifference() {}

  /**
   * One field or set that is not as it must be.
   *
   * @param found {@code null} for none
   * @param wanted {@code null} for none
   */
  record Line(String name, @Nullable String found, @Nullable String wanted) {}

  /** The fields and sets that differ; empty if none of those that tell of the content does. */
  static List<Line> of(Entry entry) {
    Map<String, String> found = fields(entry.before());
    Map<String, String> wanted = fields(entry.after());
    found.keySet().removeAll(OF_THE_WRITING);
    List<Line> lines = new ArrayList<>();
    Set<String> names = new TreeSet<>(found.keySet());
    names.addAll(wanted.keySet());
    for (String name : names) {
      String is = found.get(name);
      if (is == null || !is.equals(wanted.get(name))) {
        lines.add(new Line(name, is, wanted.get(name)));
      }
    }
    Set<String> isIn = sets(entry.before());
    Set<String> mustBeIn = sets(entry.after());
    for (String set : both(isIn, mustBeIn)) {
      if (isIn.contains(set) != mustBeIn.contains(set)) {
        lines.add(
            new Line(
                "in the set " + set.replace('\t', ' '),
                isIn.contains(set) ? "yes" : null,
                mustBeIn.contains(set) ? "yes" : null));
      }
    }
    return lines;
  }

  private static Set<String> both(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  /** With the version among them, which an expected row has beside its fields. */
  private static Map<String, String> fields(@Nullable Map<String, Object> row) {
    Map<String, String> fields = new TreeMap<>();
    if (row != null) {
      if (row.get("fields") instanceof Map<?, ?> stored) {
        stored.forEach((name, value) -> fields.put(String.valueOf(name), String.valueOf(value)));
      }
      Object version = row.get("version");
      if (version != null) {
        fields.put("version", version.toString());
      }
    }
    return fields;
  }

  private static Set<String> sets(@Nullable Map<String, Object> row) {
    return row != null && row.get("sets") instanceof Collection<?> sets
        ? sets.stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new))
        : Set.of();
  }
}
