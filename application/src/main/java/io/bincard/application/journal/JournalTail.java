package io.bincard.application.journal;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the journal ends, as this process knows it, and the bell that wakes its readers after a
 * commit.
 */
public final class JournalTail {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
  private volatile long position;

  /** Position of the last committed event that this process knows of. */
  public long position() {
    return position;
  }

  /** Moves the tail forward to {@code newPosition} and wakes the readers; never moves it back. */
  public void advance(long newPosition) {
    lock.lock();
    try {
      if (newPosition <= position) {
        return;
      }
      position = newPosition;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  /**
   * Waits until the tail is beyond {@code known} or the time is over; says whether it is beyond.
   */
  boolean awaitBeyond(long known, long timeout, TimeUnit unit) throws InterruptedException {
    long leftNanos = unit.toNanos(timeout);
    lock.lockInterruptibly();
    try {
      while (position <= known && leftNanos > 0) {
        leftNanos = moved.awaitNanos(leftNanos);
      }
      return position > known;
    } finally {
      lock.unlock();
    }
  }

  /** Calls {@code listener} after every commit until {@link #forget}; it must return at once. */
  void onMove(Runnable listener) {
    listeners.add(listener);
  }

  void forget(Runnable listener) {
    listeners.remove(listener);
  }
}
