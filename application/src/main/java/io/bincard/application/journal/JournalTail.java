package io.bincard.application.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the journal ends, as this process knows it; the bell that wakes its readers after a commit;
 * and, where this process wrote them, the last events themselves, so that readers who keep up need
 * not ask PostgreSQL.
 */
public final class JournalTail {

  private final int recentEvents;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();

  /** The last pages, each beginning where the one before it ends; the last one ends the journal. */
  private final Deque<JournalPage> recent = new ArrayDeque<>();

  private int kept;
  private volatile long position;

  /**
   * A tail of a journal of which nothing is known yet.
   *
   * @param recentEvents how many of the last events are kept at most
   */
  public JournalTail(int recentEvents) {
    this.recentEvents = recentEvents;
  }

  /** Position of the last committed event that this process knows of. */
  public long position() {
    return position;
  }

  /** Moves the tail forward to {@code newPosition} and wakes the readers; never moves it back. */
  public void advance(long newPosition) {
    advance(newPosition, null);
  }

  /** Moves the tail to the end of {@code committed}, whose events are in the journal now. */
  public void advance(JournalBatch committed) {
    advance(committed.lastPosition(), committed.page());
  }

  private void advance(long newPosition, @Nullable JournalPage page) {
    lock.lock();
    try {
      if (newPosition <= position) {
        return;
      }
      keep(page);
      position = newPosition;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  /** Events that came from elsewhere are not known here, and none is passed over. */
  private void keep(@Nullable JournalPage page) {
    if (page == null || page.headBefore() != position) {
      recent.clear();
      kept = 0;
    }
    if (page != null) {
      recent.add(page);
      kept += page.events().size();
      while (kept > recentEvents) {
        kept -= recent.remove().events().size();
      }
    }
  }

  /** The page that has the event after {@code known}, if that is one of the last ones. */
  @Nullable JournalPage recentAfter(long known) {
    lock.lock();
    try {
      for (Iterator<JournalPage> pages = recent.descendingIterator(); pages.hasNext(); ) {
        JournalPage page = pages.next();
        if (page.headBefore() <= known) {
          return known < page.lastPosition() ? page : null;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
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
