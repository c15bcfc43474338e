package io.bincard.client.pace;

import java.time.Duration;

/**
 * What it means that nothing has been heard for some time, in three grades.
 *
 * @param quietAfter a heartbeat is late
 * @param staleAfter what is known may be out of date
 * @param deadAfter nothing will come any more
 */
public record Silence(Duration quietAfter, Duration staleAfter, Duration deadAfter) {

  /** How long it has been, by what it means. */
  public enum Grade {
    NONE,
    QUIET,
    STALE,
    DEAD
  }

  /** What {@code nanos} without a word mean. */
  public Grade of(long nanos) {
    if (nanos >= deadAfter.toNanos()) {
      return Grade.DEAD;
    } else if (nanos >= staleAfter.toNanos()) {
      return Grade.STALE;
    }
    return nanos >= quietAfter.toNanos() ? Grade.QUIET : Grade.NONE;
  }

  /** In how many nanoseconds {@code nanos} without a word mean something else. */
  public long untilNext(long nanos) {
    long next =
        switch (of(nanos)) {
          case NONE -> quietAfter.toNanos();
          case QUIET -> staleAfter.toNanos();
          case STALE -> deadAfter.toNanos();
          case DEAD -> Long.MAX_VALUE;
        };
    return next - nanos;
  }
}
