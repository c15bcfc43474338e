package io.bincard.projections.viewstore;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view store as readers ask it, behind a breaker: a store that fails or is slow is not waited
 * for by every read, but left alone for a while, and then tried by a few. Reads at the same time
 * share round trips, and it is these that the breaker counts.
 *
 * <p>Closed, it counts failures and slow answers among the last reads. Too many open it: nobody
 * asks for a pause, which doubles each time that the trial afterwards goes wrong. Half open, it
 * lets a few reads through, and closes if they go well. Safe for use by many threads.
 */
public final class ViewReads {

  private static final Logger logger = LoggerFactory.getLogger(ViewReads.class);

  /** A pause is longer or shorter by up to half, so that nodes do not come back together. */
  private static final double JITTER = 0.5;

  private static final double GROWTH = 2;

  private final ViewStore store;
  private final SharedTrips trips;
  private final CircuitBreaker breaker;
  private final LongAdder refused = new LongAdder();

  /**
   * Reads of {@code store}.
   *
   * @param clock what the pauses go by
   */
  public ViewReads(ViewStore store, BreakerProperties limits, InstantSource clock) {
    this.store = store;
    this.trips = new SharedTrips(keys -> ask(keys, List.of()));
    this.breaker =
        CircuitBreaker.of(
            "view-store",
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    limits.window(),
                    limits.leastCalls(),
                    SlidingWindowType.COUNT_BASED,
                    CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .failureRateThreshold(limits.failurePercent())
                .slowCallRateThreshold(limits.slowPercent())
                .slowCallDurationThreshold(limits.slowAfter())
                .permittedNumberOfCallsInHalfOpenState(limits.trialCalls())
                .clock(clock.withZone(ZoneOffset.UTC))
                .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialRandomBackoff(
                        limits.firstPause(), GROWTH, JITTER, limits.longestPause()))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            moved ->
                logger
                    .atWarn()
                    .addKeyValue("from", moved.getStateTransition().getFromState())
                    .addKeyValue("to", moved.getStateTransition().getToState())
                    .log("The breaker before the view store moves"));
  }

  /**
   * The live generation's mark and then its rows of {@code keys}.
   *
   * @throws ViewStoreUnavailableException if the store does not answer, or is left alone just now
   */
  public ViewReading read(List<String> keys) {
    return trips.read(keys);
  }

  /**
   * As {@link ViewStore#read(List, List)}, in a round trip of its own if there are ranges.
   *
   * @throws ViewStoreUnavailableException if the store does not answer, or is left alone just now
   */
  public ViewReading read(List<String> keys, List<MemberRange> ranges) {
    return ranges.isEmpty() ? read(keys) : ask(keys, ranges);
  }

  private ViewReading ask(List<String> keys, List<MemberRange> ranges) {
    try {
      return breaker.executeSupplier(() -> store.read(keys, ranges));
    } catch (CallNotPermittedException e) {
      refused.increment();
      throw new ViewStoreUnavailableException("the view store is left alone for a while", e);
    }
  }

  /** Whether every read is let through: 1, some: 0.5, or none: 0. */
  public double letsThrough() {
    return switch (breaker.getState()) {
      case CLOSED, DISABLED, METRICS_ONLY -> 1;
      case HALF_OPEN -> 0.5;
      case OPEN, FORCED_OPEN -> 0;
    };
  }

  /** Round trips that were not let through since the process started. */
  public long refused() {
    return refused.sum();
  }
}
