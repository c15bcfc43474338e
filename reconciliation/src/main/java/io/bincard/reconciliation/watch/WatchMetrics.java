package io.bincard.reconciliation.watch;

import io.bincard.reconciliation.sweep.SweepMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the watch tells of itself to a monitor. Safe for many threads. */
final class WatchMetrics {

  private static final double MILLIS_A_SECOND = 1_000;

  private final Counter clean;
  private final Counter differs;
  private final Counter failed;
  private final Counter byChange;
  private final Counter byPass;
  private final AtomicLong unsettled = new AtomicLong();
  private volatile @Nullable Instant proven;

  WatchMetrics(MeterRegistry registry, InstantSource clock) {
    this.clean = passes(registry, "clean");
    this.differs = passes(registry, "differs");
    this.failed = passes(registry, "failed");
    this.byChange = compared(registry, "change");
    this.byPass = compared(registry, "pass");
    Gauge.builder("bincard.reconciliation.unsettled", unsettled, AtomicLong::get)
        .description("Rows that the last pass could not compare, because they moved or lagged")
        .register(registry);
    Gauge.builder("bincard.reconciliation.unverified.seconds", this, _ -> age(clock))
        .description("Time since every row was compared and right, as the node that folds knows")
        .register(registry);
  }

  private static Counter passes(MeterRegistry registry, String result) {
    return Counter.builder("bincard.reconciliation.passes")
        .tag("result", result)
        .description("Passes over all rows between runs, by what came of them")
        .register(registry);
  }

  private static Counter compared(MeterRegistry registry, String by) {
    return Counter.builder(SweepMetrics.COMPARED)
        .tag("by", by)
        .description(SweepMetrics.COMPARED_IS)
        .register(registry);
  }

  private double age(InstantSource clock) {
    Instant since = proven;
    return since == null
        ? Double.NaN
        : Duration.between(since, clock.instant()).toMillis() / MILLIS_A_SECOND;
  }

  /** All rows were right at {@code at} or later; {@code null} if this node does not know. */
  void proven(@Nullable Instant at) {
    proven = at;
  }

  void changed(int rows) {
    byChange.increment(rows);
  }

  void passed(int rows) {
    byPass.increment(rows);
  }

  /** A pass came to its end. */
  void pass(int differing, int notCompared) {
    (differing == 0 ? clean : differs).increment();
    unsettled.set(notCompared);
  }

  void passFailed() {
    failed.increment();
  }
}
