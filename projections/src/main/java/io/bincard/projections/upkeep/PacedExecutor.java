package io.bincard.projections.upkeep;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * One thread that begins what is submitted to it at most once in a while, so that events gather
 * meanwhile: a batch costs a transaction and a round trip, however few events it has. What took
 * longer than the pace is followed at once.
 */
public final class PacedExecutor extends ScheduledThreadPoolExecutor {

  private final long paceNanos;

  /** When the last task began; known to the thread, and to who submits when none runs. */
  private volatile long lastBegan;

  /**
   * An executor with a thread of {@code threads}.
   *
   * @param pace the least time from one beginning to the next
   */
  public PacedExecutor(Duration pace, ThreadFactory threads) {
    super(1, threads);
    this.paceNanos = pace.toNanos();
    this.lastBegan = System.nanoTime() - paceNanos;
  }

  @Override
  public Future<?> submit(Runnable task) {
    long sinceLast = System.nanoTime() - lastBegan;
    return schedule(
        () -> {
          lastBegan = System.nanoTime();
          task.run();
        },
        Math.max(0, paceNanos - sinceLast),
        TimeUnit.NANOSECONDS);
  }
}
