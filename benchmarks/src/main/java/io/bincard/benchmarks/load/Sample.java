package io.bincard.benchmarks.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one round measured. Latencies are in milliseconds, and -1 where the contender does not tell.
 *
 * @param done pieces of work that succeeded
 * @param failed pieces of work that did not
 * @param perSecond succeeded pieces a second, from the first sent to the last answered
 */
public record Sample(
    long done, long failed, double perSecond, double p50, double p99, double p999, double max) {

  private static final double MEDIAN = 50;
  private static final double OF_HUNDRED = 99;
  private static final double OF_THOUSAND = 99.9;
  private static final double UNKNOWN = -1;

  /** A round whose latencies, in nanoseconds, are in {@code latencies}. */
  public static Sample of(long done, long failed, long nanos, Histogram latencies) {
    return new Sample(
        done,
        failed,
        rate(done, nanos),
        millis(latencies.getValueAtPercentile(MEDIAN)),
        millis(latencies.getValueAtPercentile(OF_HUNDRED)),
        millis(latencies.getValueAtPercentile(OF_THOUSAND)),
        millis(latencies.getMaxValue()));
  }

  /** A round without latencies. */
  public static Sample of(long done, double perSecond) {
    return new Sample(done, 0, perSecond, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
  }

  /** The same round, counted in pieces of which each of its own held {@code pieces}. */
  public Sample times(int pieces) {
    return new Sample(done * pieces, failed * pieces, perSecond * pieces, p50, p99, p999, max);
  }

  private static double rate(long done, long nanos) {
    return (double) done * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos);
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
