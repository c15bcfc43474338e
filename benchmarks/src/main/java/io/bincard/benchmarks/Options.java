package io.bincard.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do.
 *
 * @param rounds measured rounds of every row
 * @param time of one round
 * @param goals which goals of {@link Goal} to measure; rows that none of them needs are left out
 * @param items of {@link Goal#P11}, {@link Goal#FLAT_ITEMS}, {@link Goal#P8} and {@link
 *     Goal#REBUILD}
 * @param events in the journal for {@link Goal#FLAT_EVENTS}, {@link Goal#P8} and {@link
 *     Goal#REBUILD}
 * @param folder for the servers' data, deleted at the end
 * @param report where the table and the raw samples go
 * @param recording where a flight recording of one more round of P1 goes; {@code null} for none
 * @param overload how long {@link Goal#OVERLOAD} lasts, in process and again over HTTP
 */
record Options(
    int rounds,
    Duration time,
    Set<Goal> goals,
    int items,
    long events,
    Path folder,
    Path report,
    @Nullable Path recording,
    Duration overload) {

  static final String HELP =
      """
      Measures the ledger beside its peers and prints one table.

        --rounds N      measured rounds of every row, after one to warm up (5)
        --seconds S     length of a round (8)
        --goals A,B     only these of P1 P2 P3 P4 P5 P6 P7 P8 HOLDS P10 TIMERS P11 FLAT_ITEMS
                        FLAT_EVENTS HOP P9 OVERLOAD REBUILD PUSH (all but the last four)
        --overload-seconds S  length of OVERLOAD, in process and again over HTTP (300)
        --items N       items with 10 events each for P11 and FLAT_ITEMS, and of P8, P9 and
                        REBUILD (1000000)
        --events N      events in the journal for FLAT_EVENTS, P8 and REBUILD (1000000; the
                        goals speak of 50000000 and, twice, of 10000000)
        --folder DIR    where the servers keep their data, a disk and no memory (target/benchmarks)
        --jfr FILE      records one more round of P1 in the end
        --micro [ARGS]  runs the JMH benchmarks of pure code instead, with JMH's own options
        --help          this
      """;

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final int ROUNDS = 5;
  private static final int SECONDS = 8;
  private static final int OVERLOAD_SECONDS = 300;
  private static final int MILLION = 1_000_000;

  /**
   * @throws IllegalArgumentException if {@code arguments} are not of {@link #HELP}
   */
  static Options parse(List<String> arguments) {
    Path target = Path.of("target", "benchmarks").toAbsolutePath();
    Options options =
        new Options(
            ROUNDS,
            Duration.ofSeconds(SECONDS),
            EnumSet.complementOf(EnumSet.of(Goal.P9, Goal.OVERLOAD, Goal.REBUILD, Goal.PUSH)),
            MILLION,
            MILLION,
            target.resolve("data-" + ProcessHandle.current().pid()),
            target,
            null,
            Duration.ofSeconds(OVERLOAD_SECONDS));
    if (arguments.size() % 2 != 0) {
      throw new IllegalArgumentException("an option without a value");
    }
    for (int i = 0; i < arguments.size(); i += 2) {
      options = options.with(arguments.get(i), arguments.get(i + 1));
    }
    return options;
  }

  private Options with(String option, String value) {
    return switch (option) {
      case "--rounds" ->
          new Options(
              Integer.parseInt(value),
              time,
              goals,
              items,
              events,
              folder,
              report,
              recording,
              overload);
      case "--seconds" ->
          new Options(
              rounds, seconds(value), goals, items, events, folder, report, recording, overload);
      case "--goals" ->
          new Options(
              rounds, time, goals(value), items, events, folder, report, recording, overload);
      case "--items" ->
          new Options(
              rounds,
              time,
              goals,
              Integer.parseInt(value),
              events,
              folder,
              report,
              recording,
              overload);
      case "--events" ->
          new Options(
              rounds,
              time,
              goals,
              items,
              Long.parseLong(value),
              folder,
              report,
              recording,
              overload);
      case "--folder" ->
          new Options(
              rounds,
              time,
              goals,
              items,
              events,
              Path.of(value).toAbsolutePath(),
              report,
              recording,
              overload);
      case "--jfr" ->
          new Options(
              rounds,
              time,
              goals,
              items,
              events,
              folder,
              report,
              Path.of(value).toAbsolutePath(),
              overload);
      case "--overload-seconds" ->
          new Options(
              rounds, time, goals, items, events, folder, report, recording, seconds(value));
      default -> throw new IllegalArgumentException("no option " + option);
    };
  }

  /** Whether rounds are long enough to say how fast something is, and not only that it works. */
  boolean measures() {
    return time.compareTo(SHORTEST) >= 0;
  }

  private static Duration seconds(String value) {
    return Duration.ofMillis(Math.round(Double.parseDouble(value) * 1_000));
  }

  private static Set<Goal> goals(String value) {
    Set<Goal> goals = new TreeSet<>();
    Arrays.stream(value.split(",", -1)).map(Goal::valueOf).forEach(goals::add);
    return goals;
  }
}
