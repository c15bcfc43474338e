package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** What runs tell of themselves to a monitor. Safe for many threads. */
public final class SweepMetrics {

  /** 0.5 ms to 10 s. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000, 10_000_000)
          .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
          .toArray(Duration[]::new);

  /** Counts rows by who compared them; each counter has a tag {@code by}. */
  public static final String COMPARED = "bincard.reconciliation.compared";

  public static final String COMPARED_IS =
      "Rows compared: because they changed, by a pass over all, or by a run";

  private final Map<Kind, Counter> found = new EnumMap<>(Kind.class);
  private final Timer latency;
  private final Counter compared;
  private final AtomicLong match;
  private final AtomicLong miss;
  private final AtomicLong error;
  private final AtomicInteger fuse;

  public SweepMetrics(MeterRegistry registry) {
    for (Kind kind : Kind.values()) {
      found.put(
          kind,
          Counter.builder("diff.record")
              .tag("kind", kind.word())
              .description("Rows of the views that were found to differ from the ledger")
              .register(registry));
    }
    this.latency =
        Timer.builder("diff.latency")
            .description("Time in which a run read and compared up to 200 rows")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.compared =
        Counter.builder(COMPARED).tag("by", "run").description(COMPARED_IS).register(registry);
    this.match = status(registry, "match");
    this.miss = status(registry, "miss");
    this.error = status(registry, "error");
    this.fuse = new AtomicInteger();
    Gauge.builder("bincard.reconciliation.fuse", fuse, AtomicInteger::get)
        .description("1 while repairs are stopped because too much differed, as this node knows")
        .register(registry);
  }

  private static AtomicLong status(MeterRegistry registry, String result) {
    AtomicLong rows = new AtomicLong();
    Gauge.builder("diff.status", rows, AtomicLong::get)
        .tag("result", result)
        .description("Rows of this node's last run: equal, different, and not to be compared")
        .register(registry);
    return rows;
  }

  /** So many rows were compared. */
  void count(int rows) {
    compared.increment(rows);
  }

  /** A row differs. */
  void found(Kind kind) {
    Objects.requireNonNull(found.get(kind)).increment();
  }

  /** Rows were compared that were begun to be read at {@code begun}, by the system's clock. */
  void compared(long begun) {
    latency.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
  }

  /** How a run stands. */
  void stands(long compared, long differing, long unsettled) {
    match.set(Math.max(0, compared - differing - unsettled));
    miss.set(differing);
    error.set(unsettled);
  }

  /** Whether the fuse is blown. */
  void fuse(boolean blown) {
    fuse.set(blown ? 1 : 0);
  }
}
