package io.bincard.client;

import io.bincard.client.Ending.Disbelieved;
import io.bincard.client.KnownStock.Contradiction;
import io.bincard.client.pace.Ticker;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between the connection, which is read as it comes, and the listener, which takes its time: of
 * each item the last value alone is kept, so it never has more than one entry an item.
 *
 * <p>Connections are numbered, and only the last one that began has a say.
 */
final class Inbox {

  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final KnownStock known = new KnownStock();

  /** Values by SKU, in the order in which they came to wait; null for an unknown item. */
  private final Map<String, @Nullable StockLevel> waiting = new LinkedHashMap<>();

  private @Nullable Resync resync;
  private @Nullable Ending ending;
  private long connection;
  private boolean answered;
  private boolean complete;
  private int incomplete;
  private long newsAt;
  private boolean closed;
  private long resyncs;
  private long conflated;
  private long late;
  private long connections;

  /** Everything is told anew. */
  record Resync(String reason, @Nullable Disbelieved gap) implements Item {}

  /** What there is of an item. */
  record Level(StockLevel level) implements Item {}

  /** The ledger does not know an item. */
  record Unknown(String sku) implements Item {}

  /** One thing to tell the listener. */
  sealed interface Item {}

  /**
   * How things stand.
   *
   * @param ending of the connection that began last; null while it lasts
   * @param answered whether it was answered
   * @param complete whether everything up to some position has come on it, and was taken
   * @param newsAt when the last news came, or it began
   */
  record Standing(
      @Nullable Ending ending,
      boolean answered,
      boolean complete,
      long newsAt,
      long position,
      long connections,
      long resyncs,
      long conflated,
      long late) {}

  Inbox(Ticker ticker) {
    this.ticker = ticker;
    this.newsAt = ticker.nanos();
    ticker.onJump(this::wake);
  }

  // The subscription's thread

  /**
   * Another connection begins; returns its number. If nothing is known to go on from, what was told
   * is to be dropped.
   */
  long begin() {
    lock.lock();
    try {
      if (known.position() == 0 && known.anything()) {
        drop(new Resync("no-position", null));
      }
      known.beginConnection();
      ending = null;
      answered = false;
      complete = false;
      return ++connection;
    } finally {
      lock.unlock();
    }
  }

  /** What the listener is to be told next, in good order; null if there is nothing. */
  @Nullable Item poll() {
    lock.lock();
    try {
      Resync next = resync;
      if (next != null) {
        resync = null;
        return next;
      }
      Iterator<Map.Entry<String, @Nullable StockLevel>> first = waiting.entrySet().iterator();
      if (!first.hasNext()) {
        return null;
      }
      Map.Entry<String, @Nullable StockLevel> entry = first.next();
      first.remove();
      incomplete = Math.max(0, incomplete - 1);
      StockLevel level = entry.getValue();
      return level == null ? new Unknown(entry.getKey()) : new Level(level);
    } finally {
      lock.unlock();
    }
  }

  Standing standing() {
    lock.lock();
    try {
      return new Standing(
          ending,
          answered,
          complete && incomplete == 0 && resync == null,
          newsAt,
          known.position(),
          connections,
          resyncs,
          conflated,
          late);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something to tell, or {@code seen} is not how things stand any more, or it
   * * is {@code until} by the ticker.
   */
  void await(Standing seen, long until) throws InterruptedException {
    lock.lock();
    try {
      long left = until - ticker.nanos();
      while (left > 0
          && !closed
          && resync == null
          && waiting.isEmpty()
          && seen.equals(standing())) {
        long _ = changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
        left = until - ticker.nanos();
      }
    } finally {
      lock.unlock();
    }
  }

  // Any thread

  void close() {
    lock.lock();
    try {
      closed = true;
      connection++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // The connection's threads; what a connection before the last says counts for nothing

  boolean isCurrent(long number) {
    lock.lock();
    try {
      return number == connection && ending == null;
    } finally {
      lock.unlock();
    }
  }

  private void by(long number, Runnable said) {
    lock.lock();
    try {
      if (number == connection && ending == null) {
        said.run();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The head of the answer is there, and events follow. */
  void answered(long number) {
    by(
        number,
        () -> {
          answered = true;
          connections++;
        });
  }

  void ended(long number, Ending how) {
    by(
        number,
        () -> {
          ending = how;
          if (how instanceof Disbelieved gap) {
            drop(new Resync("gap", gap));
          }
        });
  }

  /** Everything up to {@code position} has come, and nothing else did. */
  void reached(long number, long position) {
    by(
        number,
        () -> {
          if (believed(known.moveTo(position))) {
            completed();
          }
        });
  }

  /** Items as they are, which moves no position. */
  void snapshot(long number, long position, StockLevel level) {
    by(
        number,
        () -> {
          if (believed(known.moveTo(position)) && believed(known.check(level, 0))) {
            take(level);
          }
        });
  }

  /** An item as a change left it; more follows that belongs to it. */
  void changed(long number, StockLevel level) {
    by(
        number,
        () -> {
          if (believed(known.check(level, known.position()))) {
            take(level);
          }
        });
  }

  /** An item as a change at {@code position} left it; everything before has come. */
  void changed(long number, long position, StockLevel level) {
    by(
        number,
        () -> {
          if (believed(known.moveTo(position)) && believed(known.check(level, position))) {
            take(level);
            completed();
          }
        });
  }

  void unknown(long number, long position, String sku) {
    by(
        number,
        () -> {
          if (believed(known.moveTo(position))) {
            newsAt = ticker.nanos();
            known.unknown();
            put(sku, null);
          }
        });
  }

  /** What was told is to be dropped, says the server. */
  void resync(long number, String reason) {
    by(
        number,
        () -> {
          newsAt = ticker.nanos();
          complete = false;
          drop(new Resync(reason, null));
        });
  }

  private boolean believed(@Nullable Contradiction contradiction) {
    if (contradiction == null) {
      return true;
    }
    Disbelieved gap = new Disbelieved(contradiction.gap(), contradiction.detail());
    ending = gap;
    drop(new Resync("gap", gap));
    return false;
  }

  private void drop(Resync why) {
    waiting.clear();
    incomplete = 0;
    known.forget();
    resync = why;
    resyncs++;
  }

  private void take(StockLevel level) {
    newsAt = ticker.nanos();
    if (known.take(level)) {
      put(level.sku(), level);
    } else {
      late++;
    }
  }

  private void put(String sku, @Nullable StockLevel level) {
    if (waiting.containsKey(sku)) {
      conflated++;
    }
    waiting.put(sku, level);
  }

  private void completed() {
    newsAt = ticker.nanos();
    if (!complete) {
      complete = true;
      incomplete = waiting.size(); // all of them come before what comes from now on
    }
  }
}
