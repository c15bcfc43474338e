package io.bincard.application.faults.suite;

import io.bincard.application.faults.ClockFault;
import io.bincard.application.faults.CorruptionFault;
import io.bincard.application.faults.DiskFault;
import io.bincard.application.faults.FailoverFault;
import io.bincard.application.faults.Fault;
import io.bincard.application.faults.FaultReport;
import io.bincard.application.faults.FaultRun;
import io.bincard.application.faults.FlushFault;
import io.bincard.application.faults.HaltFault;
import io.bincard.application.faults.HealthFault;
import io.bincard.application.faults.KillFault;
import io.bincard.application.faults.LostReplyFault;
import io.bincard.application.faults.OrderFault;
import io.bincard.application.faults.PauseFault;
import io.bincard.application.faults.PostgresFault;
import io.bincard.application.faults.PushFault;
import io.bincard.application.faults.RaceFault;
import io.bincard.application.faults.StartFault;
import io.bincard.application.faults.StarvedFault;
import io.bincard.application.faults.SweepFault;
import io.bincard.application.history.CheckHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * The one command: runs the faults one after the other and prints a table. With the word {@code
 * check} before its options it is {@link CheckHistory}.
 */
public final class FaultSuite {

  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** How many violations of an invariant are printed; they come in heaps. */
  private static final int SHOWN = 5;

  /** Every fault, in the order in which they run. */
  static final List<Fault> FAULTS =
      List.of(
          new KillFault(),
          new HaltFault(),
          new PostgresFault(),
          new DiskFault(),
          new FlushFault(),
          new LostReplyFault(),
          new FailoverFault(),
          new PauseFault(),
          new PushFault(),
          new CorruptionFault(),
          new HealthFault(),
          new SweepFault(),
          new RaceFault(false),
          new RaceFault(true),
          new OrderFault(false),
          new OrderFault(true),
          new ClockFault(),
          new StarvedFault(),
          new StartFault());

  private FaultSuite() {}

  public static void main(String[] arguments) throws Exception {
    List<String> words = Arrays.asList(arguments);
    if (words.contains("--help")) {
      say(FaultOptions.HELP);
      return;
    }
    if (!words.isEmpty() && words.getFirst().equals("check")) {
      CheckHistory.main(words.subList(1, words.size()).toArray(String[]::new));
    }
    System.exit(run(FaultOptions.parse(words, FAULTS)) ? 0 : 1);
  }

  private static boolean run(FaultOptions options) throws Exception {
    say("seed " + options.seed());
    List<FaultRow> rows = new ArrayList<>();
    for (Fault fault : FAULTS) {
      if (options.wants(fault)) {
        rows.add(run(fault, options.seed(), options.roundsOf(fault)));
        Files.createDirectories(options.report().toAbsolutePath().getParent());
        Files.writeString(options.report(), report(options, rows));
      }
    }
    say(report(options, rows));
    return rows.stream().allMatch(row -> row.holds(options.mayMiss()));
  }

  private static String report(FaultOptions options, List<FaultRow> rows) {
    return "Seed %d, %s tier.%n%n%s%n%s%n"
        .formatted(
            options.seed(),
            options.isLong() ? "long" : "short",
            FaultRow.table(rows),
            FaultRow.verdict(rows));
  }

  /** Runs one fault; what it throws is a violation, beside those of what it had recorded. */
  static FaultRow run(Fault fault, long seed, int rounds) throws Exception {
    long began = System.nanoTime();
    Path folder = Path.of("target", "faults", fault.name()).toAbsolutePath();
    FileSystemUtils.deleteRecursively(folder);
    Files.createDirectories(folder);
    FaultRun run = new FaultRun(seed, rounds, folder, line -> say(fault, line));
    FaultReport report;
    try {
      say(fault, fault.what());
      report = fault.run(run);
    } catch (Exception | AssertionError e) {
      report = run.brokenOffBy(e);
    }
    Map<String, Integer> shown = new HashMap<>();
    for (String violation : report.violations()) {
      if (shown.merge(FaultRow.invariantOf(violation), 1, Integer::sum) <= SHOWN) {
        say(fault, "VIOLATION: " + violation);
      }
    }
    return new FaultRow(fault, report, Duration.ofNanos(System.nanoTime() - began));
  }

  private static void say(Fault fault, String line) {
    say(LocalTime.now(ZoneId.systemDefault()).format(SECONDS) + " " + fault.name() + " " + line);
  }

  @SuppressWarnings("SystemOut") // a command line program
  private static void say(String text) {
    System.out.println(text);
  }
}
