package io.bincard.projections.filling;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Where pages of the journal go through to the views, one at a time, unless it is closed. */
public final class PageGate {

  private final ReentrantLock lock = new ReentrantLock();

  /** Does {@code work} while no page goes through; the one under way is finished first. */
  public <T> T whileClosed(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
