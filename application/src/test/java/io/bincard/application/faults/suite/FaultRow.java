package io.bincard.application.faults.suite;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.bincard.application.faults.Fault;
import io.bincard.application.faults.FaultReport;
import io.bincard.application.history.History.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A fault in the table. */
record FaultRow(Fault fault, FaultReport report, Duration taken) {

  private static final String HEAD =
      """
      | fault | what | rounds | done | refused | replays | violations | seconds | remark |
      |---|---|---:|---:|---:|---:|---:|---:|---|
      """;

  static String table(List<FaultRow> rows) {
    return rows.stream().map(FaultRow::line).collect(joining("", HEAD, ""));
  }

  /** What the rows come to, in a line. */
  static String verdict(List<FaultRow> rows) {
    Function<FaultRow, String> name = row -> row.fault().name();
    String lines =
        which("DOES NOT HOLD", rows, row -> !row.report().violations().isEmpty(), name)
            + which("VOID, too little happened", rows, FaultRow::isVoid, name)
            + which(
                "NOT RUN",
                rows,
                row -> !row.isComplete(),
                row -> name.apply(row) + " (" + row.missing() + ")");
    return lines.isEmpty() ? "HOLDS" : lines.strip();
  }

  private static String which(
      String what,
      List<FaultRow> rows,
      Predicate<FaultRow> are,
      Function<FaultRow, String> toString) {
    String found = rows.stream().filter(are).map(toString).collect(joining(", "));
    return found.isEmpty() ? "" : what + ": " + found + ". ";
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
        remark());
  }

  /** How many, and of which invariants. */
  private String violations() {
    Map<String, Long> each =
        report.violations().stream()
            .collect(groupingBy(FaultRow::invariantOf, TreeMap::new, counting()));
    return !each.isEmpty() ? each.toString() : report.rounds() == 0 ? "not run" : "0";
  }

  private String remark() {
    return (isVoid() ? "VOID, too little happened. " : "")
        + (isComplete() ? "" : "Not run: " + missing() + ". ")
        + report.remark();
  }

  private String missing() {
    return report.missing().isEmpty() ? "no round" : String.join(", ", report.missing());
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

  /** Whether all of it was run: a fault that was not is neither held nor broken. */
  boolean isComplete() {
    return report.missing().isEmpty() && (report.rounds() > 0 || !report.violations().isEmpty());
  }

  /**
   * @param mayMiss whether what could not be run on this machine may be left out
   */
  boolean holds(boolean mayMiss) {
    return report.violations().isEmpty() && !isVoid() && (mayMiss || isComplete());
  }
}
