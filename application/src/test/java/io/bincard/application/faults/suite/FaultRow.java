package io.bincard.application.faults.suite;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.bincard.application.faults.Fault;
import io.bincard.application.faults.FaultReport;
import io.bincard.application.history.History.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
        "| %s | %s | %d | %d | %d | %d | %s | %.0f | %s |%n",
        fault.name(),
        fault.what(),
        report.rounds(),
        extent.done(),
        extent.refused(),
        extent.replays(),
        violations(),
        taken.toMillis() / 1_000.0,
        isVoid() ? "VOID, too little happened. " + report.remark() : report.remark());
  }

  /** How many, and of which invariants. */
  private String violations() {
    Map<String, Long> each =
        report.violations().stream()
            .collect(groupingBy(FaultRow::invariantOf, TreeMap::new, counting()));
    return each.isEmpty() ? "0" : each.toString();
  }

  /** The invariant that a violation begins with, or a word that stands for it. */
  static String invariantOf(String violation) {
    return violation.matches("(?s)I\\d+ .*")
        ? violation.substring(0, violation.indexOf(' '))
        : "other";
  }

  /** Whether so little happened that nothing is shown. */
  boolean isVoid() {
    return report.rounds() > 0 && !report.extent().reaches(fault.least(report.rounds()));
  }

  boolean holds() {
    return report.violations().isEmpty() && !isVoid();
  }
}
