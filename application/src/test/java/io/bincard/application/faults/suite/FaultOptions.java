package io.bincard.application.faults.suite;

import io.bincard.application.faults.Fault;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the suite is to do.
 *
 * @param isLong the long tier
 * @param names the faults to run; empty for all
 * @param rounds of each; 0 for as many as its tier has
 * @param report where the table goes
 * @param mayMiss whether what cannot be run on this machine may be left out
 */
record FaultOptions(
    boolean isLong, Set<String> names, int rounds, long seed, Path report, boolean mayMiss) {

  private static final String MAY_MISS = "--allow-missing";

  static final String HELP =
      """
      Breaks things while clients work, and holds what they were told against the ledger.

        --tier short|long  how often each fault strikes (short)
        --faults F1,F7     only these (all of the tier)
        --rounds N         strikes of each fault, instead of its tier's
        --seed N           of everything random (another one each time; it is printed)
        --report FILE      where the table goes besides (target/faults/report.md)
        --allow-missing    what this machine lacks a program or a right for may stay not run
        --help             this

      check --help         the checker alone, for a history in a file

      Ends with 1 if something did not hold or was not run, or if so little happened that nothing is
      shown.
      """;

  FaultOptions {
    names = Set.copyOf(names);
  }

  /**
   * @throws IllegalArgumentException if {@code arguments} are not of {@link #HELP}
   */
  static FaultOptions parse(List<String> arguments, List<Fault> faults) {
    FaultOptions options =
        new FaultOptions(
            false,
            Set.of(),
            0,
            System.currentTimeMillis() % 1_000_000_000,
            Path.of("target", "faults", "report.md"),
            arguments.contains(MAY_MISS));
    List<String> pairs = arguments.stream().filter(word -> !word.equals(MAY_MISS)).toList();
    if (pairs.size() % 2 != 0) {
      throw new IllegalArgumentException("an option without a value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      options = options.with(pairs.get(i), pairs.get(i + 1), faults);
    }
    return options;
  }

  private FaultOptions with(String option, String value, List<Fault> faults) {
    return switch (option) {
      case "--tier" -> new FaultOptions(isLong(value), names, rounds, seed, report, mayMiss);
      case "--faults" ->
          new FaultOptions(isLong, names(value, faults), rounds, seed, report, mayMiss);
      case "--rounds" -> new FaultOptions(isLong, names, positive(value), seed, report, mayMiss);
      case "--seed" ->
          new FaultOptions(isLong, names, rounds, Long.parseLong(value), report, mayMiss);
      case "--report" -> new FaultOptions(isLong, names, rounds, seed, Path.of(value), mayMiss);
      default -> throw new IllegalArgumentException("no option " + option);
    };
  }

  private static boolean isLong(String tier) {
    return switch (tier) {
      case "long" -> true;
      case "short" -> false;
      default -> throw new IllegalArgumentException("no tier " + tier);
    };
  }

  private static int positive(String value) {
    int number = Integer.parseInt(value);
    if (number < 1) {
      throw new IllegalArgumentException("not a number of rounds: " + value);
    }
    return number;
  }

  private static Set<String> names(String value, List<Fault> faults) {
    Set<String> names = new TreeSet<>(Arrays.asList(value.split(",", -1)));
    Set<String> known = faults.stream().map(Fault::name).collect(Collectors.toSet());
    if (!known.containsAll(names)) {
      throw new IllegalArgumentException("not all known: " + names + " of " + new TreeSet<>(known));
    }
    return names;
  }

  /** Whether {@code fault} has a row in the table. */
  boolean wants(Fault fault) {
    return names.isEmpty() ? isLong || fault.shortRounds() > 0 : names.contains(fault.name());
  }

  /** How often {@code fault} is to strike; 0 if it cannot. */
  int roundsOf(Fault fault) {
    int usual =
        isLong
            ? fault.longRounds()
            : Math.min(fault.longRounds(), Math.max(1, fault.shortRounds()));
    return usual == 0 || rounds == 0 ? usual : rounds;
  }
}
