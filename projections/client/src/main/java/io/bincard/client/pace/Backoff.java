package io.bincard.client.pace;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: anything from nothing to a ceiling that doubles with
 * each failure in a row ("full jitter"), so that clients which lost a node together do not come
 * back together. Used by one thread.
 */
public final class Backoff {

  private final long firstNanos;
  private final long longestNanos;
  private final RandomGenerator random;
  private long ceiling;

  /**
   * @param first the ceiling after one failure
   * @param longest that the ceiling never exceeds
   */
  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.firstNanos = first.toNanos();
    this.longestNanos = longest.toNanos();
    this.random = random;
    this.ceiling = firstNanos;
  }

  /**
   * Nanoseconds to wait after one more failure.
   *
   * @param asked what the server asks for, which is waited for in any case; the jitter comes on top
   */
  public long next(Duration asked) {
    long wait = asked.toNanos() + random.nextLong(ceiling + 1);
    ceiling = ceiling > longestNanos / 2 ? longestNanos : 2 * ceiling;
    return wait;
  }

  /** Things have gone well for a while: the next failure is the first again. */
  public void reset() {
    ceiling = firstNanos;
  }
}
