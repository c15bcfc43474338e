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
 * One reader's way through the journal: reads pages while there are any, then waits for the tail to
 * move. Used by one thread; only the wake-up comes from another.
 */
final class JournalStream implements BlockingStream<TrackedEventMessage<?>> {

  private final JournalEngine engine;
  private final JournalTail tail;
  private Iterator<? extends TrackedEventMessage<?>> page = Collections.emptyIterator();
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
    if (!page.hasNext()) {
      if (tail.position() <= position) {
        return false;
      }
      page = engine.readEvents(new GlobalSequenceTrackingToken(position), false).iterator();
      if (!page.hasNext()) {
        return false;
      }
    }
    next = page.next();
    position = JournalEngine.positionOf(next.trackingToken());
    return true;
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
