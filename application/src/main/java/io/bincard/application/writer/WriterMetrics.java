package io.bincard.application.writer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * What the writer tells of itself to a monitor. The meters are looked up here, once, and are told a
 * batch at a time: the writer is one thread, and what it pays everybody waits for.
 */
final class WriterMetrics {

  /** 0.2 ms to 5 s: from a flush into a disk's own memory to the last that anybody waits for. */
  private static final Duration[] COMMIT_BUCKETS =
      LongStream.of(
              200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
              1_000_000, 2_000_000, 5_000_000)
          .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private static final double[] BATCH_BUCKETS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};

  /** What became of a command, in the word of the label. */
  private enum Fate {
    DONE,
    REJECTED,
    REPLAYED,
    KEY_REUSED,
    KEY_EXPIRED,
    KEY_AHEAD,
    SKIPPED,
    FAILED;

    static Fate of(Answer answer) {
      return switch (answer) {
        case Answer.Told told when told.replayed() -> REPLAYED;
        case Answer.Told told -> told.outcome().isDone() ? DONE : REJECTED;
        case Answer.KeyReused _ -> KEY_REUSED;
        case Answer.KeyExpired _ -> KEY_EXPIRED;
        case Answer.KeyAhead _ -> KEY_AHEAD;
        case Answer.Skipped _ -> SKIPPED;
        case Answer.Failed _ -> FAILED;
      };
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final MeterRegistry registry;
  private final Clock clock;
  private final DistributionSummary batch;
  private final Timer commit;
  private final Map<Fate, Counter> commands = new EnumMap<>(Fate.class);
  private final Counter busy;

  WriterMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.clock = registry.config().clock();
    this.batch =
        DistributionSummary.builder("bincard.writer.batch")
            .description("Commands that were answered together, as one batch")
            .serviceLevelObjectives(BATCH_BUCKETS)
            .register(registry);
    this.commit =
        Timer.builder("bincard.writer.commit")
            .description("Time in which PostgreSQL took a batch, from its first row to the flush")
            .serviceLevelObjectives(COMMIT_BUCKETS)
            .register(registry);
    for (Fate fate : Fate.values()) {
      commands.put(
          fate,
          Counter.builder("bincard.writer.commands")
              .tag("outcome", fate.word())
              .description("Commands that the writer answered, by what it told")
              .register(registry));
    }
    this.busy =
        Counter.builder("bincard.writer.busy")
            .description("Commands and groups of commands refused because the queue was full")
            .register(registry);
  }

  /** Shows the queue of {@code bus}, whose room is for {@code capacity} commands. */
  void showQueueOf(SingleWriterCommandBus bus, int capacity) {
    Gauge.builder("bincard.writer.queue", bus, SingleWriterCommandBus::queuedCommands)
        .description("Commands that wait or run")
        .register(registry);
    Gauge.builder("bincard.writer.queue.capacity", () -> capacity)
        .description("Commands that may wait or run; one more is refused")
        .register(registry);
  }

  /** The time, for {@link #committed}. */
  long nanoTime() {
    return clock.monotonicTime();
  }

  /** A batch is flushed whose commit began at {@code begun}. */
  void committed(long begun) {
    commit.record(clock.monotonicTime() - begun, TimeUnit.NANOSECONDS);
  }

  /** The groups of a batch are about to be answered. */
  void answered(List<List<Answer>> groups) {
    Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
    int lines = 0;
    for (List<Answer> answers : groups) {
      lines += answers.size();
      for (Answer answer : answers) {
        counts.merge(Fate.of(answer), 1, Integer::sum);
      }
    }
    batch.record(lines);
    counts.forEach((fate, count) -> Objects.requireNonNull(commands.get(fate)).increment(count));
  }

  /** A command, or a group, found no room in the queue. Called by the senders' threads. */
  void refused() {
    busy.increment();
  }
}
