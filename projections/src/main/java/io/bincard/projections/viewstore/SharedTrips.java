package io.bincard.projections.viewstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Reads of many threads in few round trips: what is asked while others are under way goes together
 * in the next one. Nobody waits for company: a read that finds a trip free leaves at once.
 *
 * <p>A round trip costs this process and Redis more than a row, so under load a read costs a
 * fraction of it.
 */
final class SharedTrips {

  /** Round trips under way at once: one that Redis works on, and one on its way. */
  private static final int TRIPS = 2;

  /** Keys in one trip, unless a single read has more. */
  private static final int MOST_KEYS = 400;

  private final Function<List<String>, ViewReading> trip;
  private final Queue<Passenger> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore free = new Semaphore(TRIPS);

  /** A read, and what it came to. */
  private record Passenger(List<String> keys, CompletableFuture<ViewReading> reading) {}

  /**
   * @param trip reads some keys, in one round trip
   */
  SharedTrips(Function<List<String>, ViewReading> trip) {
    this.trip = trip;
  }

  /** What {@code trip} says of {@code keys}, or throws. */
  ViewReading read(List<String> keys) {
    Passenger own = new Passenger(keys, new CompletableFuture<>());
    waiting.add(own);
    if (free.tryAcquire()) {
      goOnce();
    }
    try {
      return own.reading().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Whether a read of {@code keys} waits for a trip. */
  boolean isWaiting(List<String> keys) {
    return waiting.stream().anyMatch(one -> one.keys().equals(keys));
  }

  /** One trip with those who wait; whoever came meanwhile is not left to this thread. */
  private void goOnce() {
    List<Passenger> aboard = board();
    try {
      if (!aboard.isEmpty()) {
        carry(aboard);
      }
    } finally {
      free.release();
      if (!waiting.isEmpty() && free.tryAcquire()) {
        Thread.startVirtualThread(this::goOnce);
      }
    }
  }

  private List<Passenger> board() {
    List<Passenger> aboard = new ArrayList<>();
    int keys = 0;
    for (Passenger next = waiting.poll(); next != null; next = waiting.poll()) {
      aboard.add(next);
      keys += next.keys().size();
      if (keys >= MOST_KEYS) {
        break;
      }
    }
    return aboard;
  }

  private void carry(List<Passenger> aboard) {
    try {
      ViewReading all =
          trip.apply(
              aboard.size() == 1
                  ? aboard.getFirst().keys()
                  : aboard.stream().flatMap(one -> one.keys().stream()).toList());
      int from = 0;
      for (Passenger one : aboard) {
        int to = from + one.keys().size();
        one.reading()
            .complete(new ViewReading(all.mark(), all.rows().subList(from, to), List.of()));
        from = to;
      }
    } catch (RuntimeException | Error e) {
      aboard.forEach(one -> one.reading().completeExceptionally(e));
    }
  }
}
