package io.bincard.projections.upkeep;

import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unknown;
import io.bincard.projections.viewstore.Filling;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node knows of its views, shared by those who write, read and watch them. Safe for use
 * by many threads.
 */
public final class ViewStatus {

  private final AtomicReference<ViewStoreState> state = new AtomicReference<>(new Unknown());
  private final AtomicReference<Instant> lastSeenAtHead = new AtomicReference<>(Instant.EPOCH);
  private final AtomicBoolean resyncRequested = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private long advances;
  private volatile long position;
  private volatile long head;

  public ViewStoreState state() {
    return state.get();
  }

  /** Sets the state and returns the one before. */
  public ViewStoreState become(ViewStoreState next) {
    return state.getAndSet(next);
  }

  /** Where the events of the journal may be written now; empty if they may not. */
  public Optional<Filling> writable() {
    return state() instanceof Serving(long generation, String epoch)
        ? Optional.of(Filling.live(generation, epoch))
        : Optional.empty();
  }

  /**
   * Whether views of {@code epoch} may be read now. Another generation of the same ledger may: it
   * became live since this node last looked.
   */
  public boolean isReadable(String epoch) {
    return state() instanceof Serving(long _, String serving)
        && ledger(serving).equals(ledger(epoch));
  }

  private static String ledger(String epoch) {
    return epoch.substring(0, epoch.indexOf(ViewStoreWatcher.EPOCH_SEPARATOR) + 1);
  }

  /** Asks for the store's position and the projection's token to be brought together again. */
  public void requestResync() {
    resyncRequested.set(true);
  }

  /** Whether that was asked for since the last call. */
  boolean takeResyncRequest() {
    return resyncRequested.getAndSet(false);
  }

  /** The views took the events up to {@code position}; wakes those who wait for it. */
  public void advancedTo(long position) {
    lock.lock();
    try {
      this.position = position;
      head = Math.max(head, position);
      advances++;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The position of the views as this node last saw it. */
  public long position() {
    return position;
  }

  /** The position of the ledger's last event as this node last saw it. */
  public long head() {
    return head;
  }

  /** How many events the views lacked when this node last looked. */
  public long lag() {
    return Math.max(0, head - position);
  }

  /** What was seen of the store and of the ledger, the store first. */
  void observed(long viewPosition, long headPosition, Instant at) {
    if (viewPosition == position) {
      head = headPosition;
    } else {
      advancedTo(viewPosition);
      head = headPosition;
    }
    if (viewPosition >= headPosition) {
      seenAtHead(at);
    }
  }

  /** The views held everything that the ledger had at {@code at}. */
  public void seenAtHead(Instant at) {
    lastSeenAtHead.accumulateAndGet(at, (held, seen) -> seen.isAfter(held) ? seen : held);
  }

  /** When the views were last seen to hold everything; the epoch if never. */
  public Instant lastSeenAtHead() {
    return lastSeenAtHead.get();
  }

  /**
   * How often the views advanced so far; to be taken before a look at the store that may be waited
   * on.
   */
  public long advances() {
    lock.lock();
    try {
      return advances;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until this node's views advance to {@code wanted} or beyond by an advance later than
   * {@code since}, at most for {@code limit}. Views advanced by another node are not noticed;
   * whoever waits must look for itself now and then.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public void awaitAdvance(long since, long wanted, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while ((advances == since || position < wanted) && left > 0) {
        left = advanced.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
