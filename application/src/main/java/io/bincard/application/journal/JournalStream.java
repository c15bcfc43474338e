package io.bincard.application.journal;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * One reader's way through the journal: takes what the tail still has in memory, else reads what is
 * stored, and waits for the tail to move when there is no more. Used by one thread; only the
 * wake-up comes from another.
 */
final class JournalStream implements BlockingStream<TrackedEventMessage<?>> {

  private final JournalEngine engine;
  private final JournalTail tail;
  private @Nullable JournalPage recent;
  private Iterator<? extends TrackedEventMessage<?>> stored = Collections.emptyIterator();
  private @Nullable TrackedEventMessage<?> next;
  private @Nullable Runnable onAvailable;
  private long position;

  JournalStream(JournalEngine engine, JournalTail tail, long position) {
    this.engine = engine;
    this.tail = tail;
    this.position = position;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return hasNextAvailable() ? Optional.ofNullable(next) : Optional.empty();
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    return fetch() || (timeout > 0 && tail.awaitBeyond(position, timeout, unit) && fetch());
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    while (!fetch()) {
      tail.awaitBeyond(position, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
    TrackedEventMessage<?> result = next;
    next = null;
    if (result == null) {
      throw new IllegalStateException(
          "a fetched event is gone: the stream was used by two threads");
    }
    return result;
  }

  /** Makes {@link #next} the event after {@link #position} and says whether there is one. */
  private boolean fetch() {
    if (next != null) {
      return true;
    }
    next = stored.hasNext() ? stored.next() : nextRecent();
    if (next == null && tail.position() > position) {
      stored = engine.readEvents(new GlobalSequenceTrackingToken(position), false).iterator();
      next = stored.hasNext() ? stored.next() : null;
    }
    if (next == null) {
      return false;
    }
    position = JournalEngine.positionOf(next.trackingToken());
    return true;
  }

  /** The event after {@link #position}, if the tail still has it. */
  private @Nullable TrackedEventMessage<?> nextRecent() {
    if (recent == null || recent.lastPosition() <= position) {
      recent = tail.recentAfter(position);
    }
    return recent == null ? null : recent.at(position + 1);
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    onAvailable = callback;
    tail.onMove(callback);
    return true;
  }

  @Override
  public void close() {
    if (onAvailable != null) {
      tail.forget(onAvailable);
    }
  }
}
