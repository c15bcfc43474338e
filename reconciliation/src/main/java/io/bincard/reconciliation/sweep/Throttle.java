package io.bincard.reconciliation.sweep;

import io.bincard.domain.CommandLoad;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps who compares from taking what commands need. Safe for many threads. */
public final class Throttle {

  private static final long LOOK_MILLIS = 10;

  private final CommandLoad load;
  private final int maxRate;
  private final int pauseAbove;
  private final Duration longestPause;

  /** When the next rows may be read, by {@link System#nanoTime}. */
  private long next = System.nanoTime();

  /**
   * @param maxRate keys a second at most, 0 for no limit
   * @param pauseAbove commands that wait, beyond which nothing is read
   * @param longestPause how long at most
   */
  Throttle(CommandLoad load, int maxRate, int pauseAbove, Duration longestPause) {
    this.load = load;
    this.maxRate = maxRate;
    this.pauseAbove = pauseAbove;
    this.longestPause = longestPause;
  }

  /** Waits until {@code rows} more may be read. */
  public void take(int rows) throws InterruptedException {
    if (maxRate > 0) {
      TimeUnit.NANOSECONDS.sleep(turn(rows));
    }
    long end = System.nanoTime() + longestPause.toNanos();
    while (load.waiting() > pauseAbove && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private synchronized long turn(int rows) {
    long now = System.nanoTime();
    long mine = Math.max(now, next);
    next = mine + TimeUnit.SECONDS.toNanos(rows) / maxRate;
    return mine - now;
  }
}
