package io.bincard.application.snapshots;

import io.bincard.application.snapshots.Snapshot.Stored;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Stores snapshots on a thread of its own, many at once, so that neither a commit nor an answer
 * waits for one. Of a stream only the newest waits, and only so many streams do: what finds no room
 * or cannot be stored is forgotten, for the stream will offer another one.
 */
public final class SnapshotKeeper implements SmartLifecycle {

  private static final Logger logger = LoggerFactory.getLogger(SnapshotKeeper.class);

  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 500;
  private static final long PAUSE_MILLIS = 1_000;

  /** So long newer ones of the same streams may come in the place of what waits. */
  private static final long GATHER_MILLIS = 50;

  private final Snapshots snapshots;
  private final Counter written;
  private final Counter dropped;
  private final Map<String, Offer> waiting = new LinkedHashMap<>();
  private boolean stopping;
  private boolean failing;
  private long notBefore = System.nanoTime();
  private @Nullable Thread thread;

  private record Offer(Snapshot made, @Nullable Stored discarded) {}

  public SnapshotKeeper(Snapshots snapshots, MeterRegistry meters) {
    this.snapshots = snapshots;
    this.written =
        Counter.builder("bincard.snapshots.written")
            .description("Opening balances that were stored")
            .register(meters);
    this.dropped =
        Counter.builder("bincard.snapshots.dropped")
            .description("Opening balances that found no room or could not be stored")
            .register(meters);
  }

  /** Stores {@code made}, of committed events, when there is time; returns at once. */
  public void offer(Snapshot made) {
    offer(made, null);
  }

  /** The same, in the place of {@code discarded}, whichever of the two is newer. */
  synchronized void offer(Snapshot made, @Nullable Stored discarded) {
    Offer before = waiting.get(made.stream());
    if (before == null && waiting.size() >= MOST_WAITING) {
      dropped.increment();
      return;
    }
    if (before == null || before.made().sequence() <= made.sequence()) {
      waiting.put(
          made.stream(),
          new Offer(made, discarded == null && before != null ? before.discarded() : discarded));
    }
    notifyAll();
  }

  private void keepUntilStopped() {
    try {
      for (List<Offer> offers = take(); !offers.isEmpty(); offers = take()) {
        store(offers);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What waits, in bounded number; none when it is over. */
  private synchronized List<Offer> take() throws InterruptedException {
    for (long left = millisLeft(); !stopping && (waiting.isEmpty() || left > 0); ) {
      wait(left > 0 ? left : PAUSE_MILLIS);
      left = millisLeft();
    }
    List<Offer> taken = new ArrayList<>();
    Iterator<Offer> offers = waiting.values().iterator();
    while (!stopping && offers.hasNext() && taken.size() < MOST_AT_ONCE) {
      taken.add(offers.next());
      offers.remove();
    }
    return taken;
  }

  private void store(List<Offer> offers) {
    try {
      int stored =
          snapshots.store(
              offers.stream().map(Offer::made).toList(),
              offers.stream().map(Offer::discarded).filter(bad -> bad != null).toList());
      written.increment(stored);
      failing = false;
      if (offers.size() < MOST_AT_ONCE) {
        pause(GATHER_MILLIS);
      }
    } catch (SQLException | RuntimeException e) { // a thread that ends stores nothing ever after
      dropped.increment(offers.size());
      if (!failing) {
        logger
            .atWarn()
            .addKeyValue("cause", e.getMessage())
            .log("Opening balances cannot be stored; streams are read from older ones meanwhile");
      }
      failing = true;
      pause(PAUSE_MILLIS);
    }
  }

  private long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(notBefore - System.nanoTime());
  }

  private void pause(long millis) {
    notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public synchronized void start() {
    stopping = false;
    thread = Thread.ofPlatform().daemon().name("ledger-snapshots").start(this::keepUntilStopped);
  }

  /** Forgets what waits: it can be made again. */
  @Override
  public void stop() {
    Thread running;
    synchronized (this) {
      running = thread;
      stopping = true;
      notifyAll();
    }
    if (running != null) {
      try {
        running.join();
        thread = null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return thread != null;
  }
}
