package io.bincard.application.discount;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts and times what became of files of policies that were found changed. */
public final class PolicyReloads {

  /** 5 ms to 10 s: from a small file that was moved in to the last that anybody waits for. */
  private static final Duration[] BUCKETS =
      LongStream.of(5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);

  /** What became of files that were read. */
  enum Outcome {
    ACTIVATED,
    /** It is in force already. */
    UNCHANGED,
    /** What is in force was commanded after the files were changed. */
    OLDER,
    REFUSED,
    /** The ledger did not take it; it is tried again. */
    FAILED
  }

  public PolicyReloads(MeterRegistry meters) {
    for (Outcome outcome : Outcome.values()) {
      timers.put(
          outcome,
          Timer.builder("bincard.policies.reload")
              .description("From files that were found changed to what became of them")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .serviceLevelObjectives(BUCKETS)
              .register(meters));
    }
  }

  /**
   * Files were found changed at {@code began}, by {@link System#nanoTime}, and {@code outcome}
   * became of them.
   */
  void ended(Outcome outcome, long began) {
    Timer timer = timers.get(outcome);
    if (timer != null) {
      timer.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }
  }
}
