package io.bincard.application.faults.suite;

import io.bincard.application.faults.Fault;
import io.bincard.application.faults.FaultReport;
import io.bincard.application.history.History.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A fault in the table. */
record FaultRow(Fault fault, FaultReport report, Duration taken) {

  private static final String HEAD =
      """
      | fault | what | rounds | done | refused | replays | violations | seconds | remark |
      |---|---|---:|---:|---:|---:|---:|---:|---|
      """;

  static String table(List<FaultRow> rows) {
    return rows.stream().map(FaultRow::line).collect(Collectors.joining("", HEAD, ""));
  }

  private String line() {
    Extent extent = report.extent();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %d | %d | %d | %d | %.0f | %s |%n",
        fault.name(),
        fault.what(),
        report.rounds(),
        extent.done(),
        extent.refused(),
        extent.replays(),
        report.violations().size(),
        taken.toMillis() / 1_000.0,
        isVoid() ? "VOID, too little happened. " + report.remark() : report.remark());
  }

  /** Whether so little happened that nothing is shown. */
  boolean isVoid() {
    return report.rounds() > 0 && !report.extent().reaches(fault.least(report.rounds()));
  }

  boolean holds() {
    return report.violations().isEmpty() && !isVoid();
  }
}
