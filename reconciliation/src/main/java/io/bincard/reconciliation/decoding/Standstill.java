package io.bincard.reconciliation.decoding;

import java.time.Duration;

/**
 * Finds out that something does not move while it is behind something else. Slow is not still: what
 * moves at all is left alone. Used by one thread.
 */
final class Standstill {

  private static final long NOWHERE = -1;

  private final long patienceNanos;
  private long at = NOWHERE;
  private long sinceNanos;
  private boolean isTold;

  Standstill(Duration patience) {
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Whether it has stood still for too long by now; says so once.
   *
   * @param reached where it is
   * @param goal where it should be, or on its way to
   */
  boolean begins(long reached, long goal, long nowNanos) {
    if (reached >= goal || reached != at) {
      at = reached;
      sinceNanos = nowNanos;
      isTold = false;
      return false;
    }
    if (isTold || nowNanos - sinceNanos < patienceNanos) {
      return false;
    }
    isTold = true;
    return true;
  }

  /** Begins anew, for nobody knows where it is. */
  void forget() {
    at = NOWHERE;
  }
}
