package io.bincard.application.cluster;

import io.bincard.application.writer.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What a node tells a monitor of who leads, and of the commands that it sends on. */
public final class ClusterMetrics {

  /** 0.5 ms to 10 s: from a hop on one machine to a leader that was lost on the way. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              500,
              1_000,
              2_000,
              5_000,
              10_000,
              20_000,
              50_000,
              100_000,
              200_000,
              500_000,
              1_000_000,
              2_000_000,
              5_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
          .toArray(Duration[]::new);

  private final Counter commands;
  private final Timer answered;
  private final Timer failed;

  public ClusterMetrics(MeterRegistry registry, LedgerLease lease, Leadership leadership) {
    Gauge.builder("bincard.cluster.leading", lease, held -> held.isHeld() ? 1 : 0)
        .description("1 in the node that leads, as far as it knows, 0 in one that follows")
        .register(registry);
    Gauge.builder("bincard.cluster.epoch", leadership, ClusterMetrics::epoch)
        .description("Epoch of the leader that this node sees, 0 while it sees none")
        .register(registry);
    TimeGauge.builder(
            "bincard.cluster.lease.age", leadership, TimeUnit.NANOSECONDS, Leadership::ageNanos)
        .description("Time since this node last saw the lease run, or renewed it")
        .register(registry);
    FunctionCounter.builder("bincard.cluster.failovers", leadership, Leadership::changes)
        .description("Times that this node saw another node lead than before")
        .register(registry);
    commands =
        Counter.builder("bincard.cluster.forwarded")
            .description("Commands that this node sent on to the leader")
            .register(registry);
    answered = timer(registry, "answered");
    failed = timer(registry, "failed");
  }

  private static double epoch(Leadership leadership) {
    Leader leader = leadership.sight().leader();
    return leader == null ? 0 : leader.epoch();
  }

  private static Timer timer(MeterRegistry registry, String outcome) {
    return Timer.builder("bincard.cluster.forwarding")
        .tag("outcome", outcome)
        .description("Time until commands that were sent on together were answered")
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /**
   * Commands that came at {@code began} were answered or not.
   *
   * @param answers empty if they were not sent on after all: this node leads
   */
  void forwarded(
      int lines, long began, @Nullable List<Answer> answers, @Nullable Throwable failure) {
    if (failure == null && (answers == null || answers.isEmpty())) {
      return;
    }
    commands.increment(lines);
    (failure == null ? answered : failed).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }
}
