package io.bincard.application.faults;

import io.bincard.application.history.History;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a fault is asked to do.
 *
 * @param seed of everything random in it
 * @param rounds how often to break things
 * @param folder its own, for files; what clients sent and were told stays there
 * @param progress is told a line at a time
 * @param beganNanos of {@link System#nanoTime}
 */
public record FaultRun(
    long seed, int rounds, Path folder, Consumer<String> progress, long beganNanos) {

  public FaultRun(long seed, int rounds, Path folder, Consumer<String> progress) {
    this(seed, rounds, folder, progress, System.nanoTime());
  }

  /** A history that is kept in the folder. */
  History history() throws IOException {
    return new History(folder.resolve("history.jsonl"));
  }

  /** Tells that {@code round} rounds are done, and how long the others will take. */
  public void done(int round, String remark) {
    Duration taken = Duration.ofNanos(System.nanoTime() - beganNanos);
    Duration left = taken.multipliedBy(rounds - round).dividedBy(Math.max(1, round));
    progress.accept(
        "round %d of %d, %d:%02d left%s"
            .formatted(
                round,
                rounds,
                left.toMinutes(),
                left.toSecondsPart(),
                remark.isEmpty() ? "" : ": " + remark));
  }
}
