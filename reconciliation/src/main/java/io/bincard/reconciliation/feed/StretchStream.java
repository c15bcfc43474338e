package io.bincard.reconciliation.feed;

import io.bincard.domain.LedgerHistory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the journal stretch by stretch, one at a time. Read by one thread; the bell and the end
 * of a stretch come from others.
 */
final class StretchStream implements BlockingStream<TrackedEventMessage<?>> {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LedgerHistory history;
  private final BlockingStream<TrackedEventMessage<?>> bell;
  private final int longest;
  private final long paceNanos;
  private final Runnable onClose;
  private final AtomicBoolean isOut = new AtomicBoolean();
  private final AtomicBoolean hasRung = new AtomicBoolean();
  private final AtomicBoolean toBeWoken = new AtomicBoolean();
  private volatile @Nullable Runnable onAvailable;
  private @Nullable TrackedEventMessage<?> next;
  private long position;
  private long head;
  private long lastAskedNanos;

  /**
   * @param position behind which the first stretch begins
   * @param bell rings when the journal moves; its events are not read
   * @param longest positions of a stretch at most
   * @param pace the least time from one question for the journal's head to the next
   * @param onClose called when it is read no more
   */
  StretchStream(
      LedgerHistory history,
      long position,
      BlockingStream<TrackedEventMessage<?>> bell,
      int longest,
      Duration pace,
      Runnable onClose) {
    this.history = history;
    this.position = position;
    this.head = position;
    this.bell = bell;
    this.longest = longest;
    this.paceNanos = pace.toNanos();
    this.onClose = onClose;
    this.lastAskedNanos = System.nanoTime() - paceNanos;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return hasNextAvailable() ? Optional.ofNullable(next) : Optional.empty();
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    long until = System.nanoTime() + unit.toNanos(timeout);
    while (!hasStretch()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(Math.min(left, PAUSE_NANOS));
    }
    return true;
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    while (!hasNextAvailable(1, TimeUnit.SECONDS)) {
      // there is none yet
    }
    TrackedEventMessage<?> stretch = next;
    next = null;
    if (stretch == null) {
      throw new IllegalStateException("a stretch is gone: the stream was used by two threads");
    }
    return stretch;
  }

  private boolean hasStretch() {
    if (next != null) {
      return true;
    }
    if (isOut.get() || (head <= position && !hasMoved())) {
      return false; // the end of the stretch wakes the reader, or the bell does
    }
    long after = position;
    position = Math.min(head, after + longest);
    isOut.set(true);
    next =
        new GenericTrackedEventMessage<>(
            new GlobalSequenceTrackingToken(position),
            new GenericMessage<>(new Stretch(after, position, head, this::ended)),
            GenericEventMessage.clock::instant);
    return true;
  }

  /** Asks how far the journal goes, unless it was asked a moment ago. */
  private boolean hasMoved() {
    long early = paceNanos - (System.nanoTime() - lastAskedNanos);
    if (early > 0) {
      if (hasRung.get()) {
        wakeIn(early);
      }
      return false;
    }
    hasRung.set(false);
    lastAskedNanos = System.nanoTime();
    head = history.headPosition();
    return head > position;
  }

  private void ended() {
    isOut.set(false);
    wake();
  }

  private void wake() {
    Runnable listener = onAvailable;
    if (listener != null) {
      listener.run();
    }
  }

  private void wakeIn(long nanos) {
    if (onAvailable != null && toBeWoken.compareAndSet(false, true)) {
      CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
          .execute(
              () -> {
                toBeWoken.set(false);
                wake();
              });
    }
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    onAvailable = callback;
    return bell.setOnAvailableCallback(
        () -> {
          hasRung.set(true);
          if (!toBeWoken.get() && !isOut.get()) {
            callback.run();
          }
        });
  }

  @Override
  public void close() {
    onAvailable = null;
    bell.close();
    onClose.run();
  }
}
