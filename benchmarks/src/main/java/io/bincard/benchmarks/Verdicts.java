package io.bincard.benchmarks;

import io.bincard.benchmarks.load.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The goals, held against what the rows measured. */
final class Verdicts {

  private static final double SQL = 10;
  private static final double AXON = 15;
  private static final double REDIS = 1;
  private static final double BARE = 0.6;
  private static final double SQL_SPREAD = 4;
  private static final double ECHO = 0.5;
  private static final double BATCH = 0.7;
  private static final double FLAT = 0.9;
  private static final double P99_MILLIS = 5;
  private static final double P999_MILLIS = 20;
  private static final double QUOTES = 50_000;
  private static final double REBUILT = 300_000;
  private static final double REBUILT_RATIO = 10;
  private static final double LOAD_MILLIS = 90;
  private static final double RELOAD_MILLIS = 50;
  private static final double LATE_MILLIS = 10;
  private static final double HEAP_GIB = 1.5;
  private static final double START_SECONDS = 15;
  private static final double MILLIS = 1_000;
  private static final double GIB = 1L << 30;

  /**
   * One line of the table.
   *
   * @param asked the goal in words
   * @param measured what it is held against
   * @param met whether it is reached
   * @param missedBy by how much it is not, in parts of the goal
   */
  record Verdict(String goal, String asked, String measured, boolean met, double missedBy) {

    String words() {
      return met ? "met" : String.format(Locale.ROOT, "missed by %.0f %%", 100 * missedBy);
    }
  }

  private final Map<String, Row> rows;
  private final List<Verdict> verdicts = new ArrayList<>();

  private Verdicts(Map<String, Row> rows) {
    this.rows = rows;
  }

  /** Of every goal whose rows were measured. */
  static List<Verdict> of(Map<String, Row> rows, Map<String, Double> figures) {
    Verdicts all = new Verdicts(rows);
    double hot = all.best(Rows.HOT_64, Rows.HOT_256);
    all.ratio("P1", "SQL, best of its clients", hot, all.best(Rows.SQL_HOT_1, Rows.SQL_HOT), SQL);
    all.ratio("P1", "stock Axon, cached", hot, all.best(Rows.AXON), AXON);
    all.ratio("P1", "Redis, appendfsync=always", hot, all.best(Rows.REDIS), REDIS);
    for (String callers : List.of("64", "256")) {
      double ours = all.best(Rows.hot(callers));
      all.ratio(
          "P1",
          "bare group commit, events, " + callers,
          ours,
          all.best(Rows.bare(false, callers)),
          BARE);
      all.ratio(
          "P1",
          "bare group commit, events and receipts, " + callers,
          ours,
          all.best(Rows.bare(true, callers)),
          BARE);
    }
    all.ratio(
        "P2",
        "SQL over 100,000 items",
        all.best(Rows.SPREAD_64, Rows.SPREAD_256, Rows.SPREAD_1024),
        all.best(Rows.SQL_SPREAD),
        SQL_SPREAD);
    all.latency("P3", "p99", Sample::p99, P99_MILLIS);
    all.latency("P3", "p99.9", Sample::p999, P999_MILLIS);
    all.ratio("P4", "echo route", all.best(Rows.HTTP_SINGLE), all.best(Rows.HTTP_ECHO), ECHO);
    all.ratio("P5", "P1", all.best(Rows.HTTP_BATCH), hot, BATCH);
    all.ratio("flat", "P1 with one item", all.best(Rows.FLAT_ITEMS), all.best(Rows.HOT_256), FLAT);
    all.ratio(
        "flat", "P1 on a short journal", all.best(Rows.FLAT_EVENTS), all.best(Rows.HOT_256), FLAT);
    double rebuilt = all.best(Rows.REBUILD);
    all.atLeast("P8", "events a second until the switch", rebuilt, REBUILT);
    all.ratio("P8", "Axon's pooled processor", rebuilt, all.best(Rows.AXON_REPLAY), REBUILT_RATIO);
    all.prices(figures.get(Rows.RELOAD_P99));
    all.holds();
    all.timers();
    Double heap = figures.get(Rows.HEAP);
    if (heap != null) {
      all.atMost("P11", "heap after a collection", heap / GIB, HEAP_GIB, "GiB");
    }
    Double start = figures.get(Rows.START);
    if (start != null) {
      all.atMost("P11", "start until ready", start / MILLIS, START_SECONDS, "s");
    }
    return all.verdicts;
  }

  private void prices(@Nullable Double reload) {
    double ours = best(Rows.PRICE);
    atLeast("P10", "quotes a second on one core", ours, QUOTES);
    ratio("P10", "Drools", ours, best(Rows.PRICE_ENGINE), 1);
    ratio("P10", "a loop over all rules", ours, best(Rows.PRICE_LOOP), 1);
    Row load = rows.get(Rows.POLICY_LOAD);
    if (load != null) {
      atMost("P10", "load of 100,000 lines, p50", load.median(Sample::p50), LOAD_MILLIS, "ms");
    }
    if (reload != null) {
      atMost("P10", "rename to first quote, p99", reload / MILLIS, RELOAD_MILLIS, "ms");
    }
  }

  private void holds() {
    ratio(
        "HOLDS",
        "SQL, hold and confirmation",
        best(Rows.PAIRS_64, Rows.PAIRS_256),
        best(Rows.SQL_PAIRS),
        SQL_SPREAD);
    Row late = rows.get(Rows.LATE);
    if (late != null) {
      atMost("HOLDS", "expiry committed, p99", late.median(Sample::p99), LATE_MILLIS, "ms");
    }
  }

  private void timers() {
    Row late = rows.get(Rows.LATE_AGENDA);
    if (late != null) {
      atMost("TIMERS", "p99 lateness under load", late.median(Sample::p99), LATE_MILLIS, "ms");
    }
  }

  private double best(String... names) {
    return Stream.of(names)
        .map(rows::get)
        .filter(row -> row != null && !row.samples().isEmpty())
        .mapToDouble(Row::perSecond)
        .max()
        .orElse(Double.NaN);
  }

  private void ratio(String goal, String peer, double ours, double theirs, double asked) {
    double ratio = ours / theirs;
    if (!Double.isNaN(ratio)) {
      verdicts.add(
          new Verdict(
              goal,
              String.format(Locale.ROOT, "≥ %,.1f × %s", asked, peer),
              String.format(Locale.ROOT, "%,.2f ×", ratio),
              ratio >= asked,
              1 - ratio / asked));
    }
  }

  private void atLeast(String goal, String what, double measured, double asked) {
    if (!Double.isNaN(measured)) {
      verdicts.add(
          new Verdict(
              goal,
              String.format(Locale.ROOT, "≥ %,.0f %s", asked, what),
              String.format(Locale.ROOT, "%,.0f", measured),
              measured >= asked,
              1 - measured / asked));
    }
  }

  private void latency(String goal, String which, Function<Sample, Double> of, double asked) {
    Row row = rows.get(Rows.OPEN);
    if (row != null) {
      atMost(goal, which + " at half of P1's peak", row.median(of::apply), asked, "ms");
    }
  }

  private void atMost(String goal, String what, double measured, double asked, String unit) {
    verdicts.add(
        new Verdict(
            goal,
            String.format(Locale.ROOT, "%s ≤ %.1f %s", what, asked, unit),
            String.format(Locale.ROOT, "%.2f %s", measured, unit),
            measured <= asked,
            measured / asked - 1));
  }
}
