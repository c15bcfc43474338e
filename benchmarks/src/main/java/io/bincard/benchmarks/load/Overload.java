package io.bincard.benchmarks.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Counts what a sink that has too much to do answers. Latencies count from when a piece was sent:
 * what is asked is how long whoever comes waits, not how far the load generator fell behind. Safe
 * for use by many threads.
 */
public final class Overload {

  private static final int DIGITS = 3;
  private static final double OF_HUNDRED = 99;

  private final Recorder done = new Recorder(DIGITS);
  private final Recorder refused = new Recorder(DIGITS);
  private final LongAdder failed = new LongAdder();
  private final long began = System.nanoTime();

  /** How a piece of work ended. */
  public enum End {
    DONE,
    /** The sink said that it has too much to do, and did nothing. */
    REFUSED,
    FAILED
  }

  /**
   * Some seconds of it; latencies in milliseconds.
   *
   * @param seconds from the first piece sent to the last one answered
   */
  public record Window(
      double seconds,
      long done,
      long refused,
      long failed,
      double p99,
      double refusedP99,
      double refusedMax) {

    /** Pieces that were sent. */
    public long offered() {
      return done + refused + failed;
    }
  }

  /** A piece that was sent at {@code sentAt} ended. */
  public void ended(End end, long sentAt) {
    long nanos = System.nanoTime() - sentAt;
    switch (end) {
      case DONE -> done.recordValue(nanos);
      case REFUSED -> refused.recordValue(nanos);
      case FAILED -> failed.increment();
    }
  }

  /** All of it, when every piece has ended. */
  public Window window() {
    double seconds = (double) (System.nanoTime() - began) / TimeUnit.SECONDS.toNanos(1);
    Histogram accepted = done.getIntervalHistogram();
    Histogram turnedAway = refused.getIntervalHistogram();
    return new Window(
        seconds,
        accepted.getTotalCount(),
        turnedAway.getTotalCount(),
        failed.sum(),
        millis(accepted.getValueAtPercentile(OF_HUNDRED)),
        millis(turnedAway.getValueAtPercentile(OF_HUNDRED)),
        millis(turnedAway.getMaxValue()));
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
