package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.repair.Repairs;
import io.bincard.reconciliation.stored.Mark;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What one run has found to differ, each row written down once. Safe for its lanes. */
final class Findings {

  private final UUID run;
  private final Repairs repairs;
  private final SweepMetrics metrics;
  private final int most;
  private final Map<String, Found> found = new LinkedHashMap<>();
  private boolean areTooMany;

  /**
   * A row that differs.
   *
   * @param lines of sets that it was found in and that are in doubt
   */
  record Found(Kind kind, Set<String> lines) {}

  /**
   * @param before what the run had found when it was left
   * @param most rows that may differ
   */
  Findings(UUID run, Map<String, Kind> before, Repairs repairs, SweepMetrics metrics, int most) {
    this.run = run;
    this.repairs = repairs;
    this.metrics = metrics;
    this.most = most;
    before.forEach((key, kind) -> found.put(key, new Found(kind, Set.of())));
  }

  /**
   * Writes discrepancies down, but for those whose row is known to differ.
   *
   * @throws TooManyException if more differ than a run may find; those before are written down
   */
  synchronized void add(Mark mark, List<Discrepancy> discrepancies) {
    if (discrepancies.isEmpty()) {
      return;
    }
    repairs.together(() -> discrepancies.forEach(each -> add(mark, each)));
    if (areTooMany) {
      throw new TooManyException();
    }
  }

  private void add(Mark mark, Discrepancy discrepancy) {
    String key = discrepancy.key();
    Found known = found.get(key);
    if (known != null) {
      Set<String> lines = new HashSet<>(known.lines());
      lines.addAll(discrepancy.strays());
      found.put(key, new Found(known.kind(), lines));
      return;
    }
    if (found.size() >= most) {
      areTooMany = true;
      return;
    }
    Kind kind = repairs.found(run, mark, discrepancy).kind();
    metrics.found(kind);
    found.put(key, new Found(kind, discrepancy.strays()));
  }

  /** Rows that differ; views that stand still are none. */
  synchronized int rows() {
    return rowsOf(found).size();
  }

  /** The rows that differ, by their keys. */
  synchronized Map<String, Found> all() {
    return new LinkedHashMap<>(rowsOf(found));
  }

  private static Map<String, Found> rowsOf(Map<String, Found> found) {
    Map<String, Found> rows = new LinkedHashMap<>(found);
    rows.values().removeIf(each -> each.kind() == Kind.LATE);
    return rows;
  }

  /** More rows differ than a run may find. */
  static final class TooManyException extends RuntimeException {}
}
