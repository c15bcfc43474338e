package io.bincard.application.faults;

import io.bincard.application.history.History;
import io.bincard.application.history.History.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a fault is asked to do, and what it has done so far. */
public final class FaultRun {

  private final long seed;
  private final int rounds;
  private final Path folder;
  private final Consumer<String> progress;
  private final long beganNanos = System.nanoTime();
  private final List<String> violations = new ArrayList<>();
  private Extent extentBrokenOff = new Extent(0, 0, 0);
  private int done;

  /**
   * @param seed of everything random in it
   * @param rounds how often to break things
   * @param folder its own, for files; what clients sent and were told stays there
   * @param progress is told a line at a time
   */
  public FaultRun(long seed, int rounds, Path folder, Consumer<String> progress) {
    this.seed = seed;
    this.rounds = rounds;
    this.folder = folder;
    this.progress = progress;
  }

  long seed() {
    return seed;
  }

  int rounds() {
    return rounds;
  }

  Path folder() {
    return folder;
  }

  /** A history that is kept in the folder. */
  History newHistory() throws IOException {
    return new History(folder.resolve("history.jsonl"));
  }

  /** Tells that {@code round} rounds are done, and how long the others will take. */
  public void done(int round, String remark) {
    done = Math.min(round, rounds);
    Duration taken = Duration.ofNanos(System.nanoTime() - beganNanos);
    Duration left = taken.multipliedBy(rounds - done).dividedBy(Math.max(1, done));
    progress.accept(
        "round %d of %d, %d:%02d left%s"
            .formatted(
                done,
                rounds,
                left.toMinutes(),
                left.toSecondsPart(),
                remark.isEmpty() ? "" : ": " + remark));
  }

  /** Takes down that something did not hold; the run goes on. */
  synchronized void violated(String what) {
    violations.add(what);
  }

  /** Takes down what became of a ledger that the fault did not get to the end with. */
  public synchronized void brokeOff(Extent extent, List<String> found) {
    extentBrokenOff = extentBrokenOff.plus(extent);
    violations.addAll(found);
  }

  /** The report of a fault that {@code cause} broke off. */
  public synchronized FaultReport brokenOffBy(Throwable cause) {
    List<String> all = new ArrayList<>(List.of("broke off: " + cause));
    all.addAll(violations);
    return new FaultReport(done, extentBrokenOff, all, "broke off", List.of());
  }

  /**
   * The report of a fault that came to its end.
   *
   * @param found by the checker
   * @param missing what could not be done on this machine, and why
   */
  synchronized FaultReport report(
      Extent extent, List<String> found, String remark, List<String> missing) {
    List<String> all = new ArrayList<>(violations);
    all.addAll(found);
    if (done < rounds && missing.isEmpty()) {
      all.add("only %d of %d rounds struck".formatted(done, rounds));
    }
    return new FaultReport(done, extent, all, remark, missing);
  }

  FaultReport report(Extent extent, List<String> found, String remark) {
    return report(extent, found, remark, List.of());
  }

  /** The report of a fault that cannot be done on this machine. */
  FaultReport notRun(String why) {
    return report(new Extent(0, 0, 0), List.of(), "", List.of(why));
  }
}
