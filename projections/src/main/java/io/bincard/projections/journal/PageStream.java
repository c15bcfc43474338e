package io.bincard.projections.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the events of a stream into pages. Read by one thread; pages are closed and events
 * announced by others.
 */
final class PageStream implements BlockingStream<TrackedEventMessage<?>> {

  /** Pages that are out at once: one that is worked on, and one that is read meanwhile. */
  private static final int MOST_PAGES_OUT = 2;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final BlockingStream<TrackedEventMessage<?>> events;
  private final int pageSize;
  private final long paceNanos;
  private final List<TrackedEventMessage<?>> gathered = new ArrayList<>();
  private final AtomicInteger pagesOut = new AtomicInteger();
  private final AtomicBoolean toBeWoken = new AtomicBoolean();
  private volatile @Nullable Runnable onAvailable;
  private @Nullable TrackedEventMessage<?> next;
  private long lastPageNanos;

  PageStream(BlockingStream<TrackedEventMessage<?>> events, int pageSize, Duration pace) {
    this.events = events;
    this.pageSize = pageSize;
    this.paceNanos = pace.toNanos();
    this.lastPageNanos = System.nanoTime() - paceNanos;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return hasNextAvailable() ? Optional.ofNullable(next) : Optional.empty();
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    long until = System.nanoTime() + unit.toNanos(timeout);
    while (!hasPage()) {
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
    TrackedEventMessage<?> page = next;
    next = null;
    if (page == null) {
      throw new IllegalStateException("a page is gone: the stream was used by two threads");
    }
    return page;
  }

  private boolean hasPage() throws InterruptedException {
    if (next != null) {
      return true;
    }
    if (pagesOut.get() >= MOST_PAGES_OUT) {
      return false; // closing one wakes the reader
    }
    while (gathered.size() < pageSize && events.hasNextAvailable(0, TimeUnit.NANOSECONDS)) {
      gathered.add(events.nextAvailable());
    }
    if (gathered.isEmpty()) {
      return false;
    }
    long early = paceNanos - (System.nanoTime() - lastPageNanos);
    if (gathered.size() < pageSize && early > 0) {
      wakeIn(early);
      return false;
    }
    next = page();
    return true;
  }

  private TrackedEventMessage<?> page() {
    EventPage page = new EventPage(gathered, this::closed);
    TrackedEventMessage<?> last = gathered.getLast();
    gathered.clear();
    pagesOut.incrementAndGet();
    lastPageNanos = System.nanoTime();
    return new GenericTrackedEventMessage<>(
        last.trackingToken(), new GenericMessage<>(page), page::lastTime);
  }

  private void closed() {
    pagesOut.decrementAndGet();
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
    return events.setOnAvailableCallback(
        () -> {
          if (!toBeWoken.get()) {
            callback.run();
          }
        });
  }

  @Override
  public void close() {
    onAvailable = null;
    events.close();
  }
}
