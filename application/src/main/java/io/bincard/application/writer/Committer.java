package io.bincard.application.writer;

import io.bincard.application.journal.Journal;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commits one batch at a time on a thread of its own, so that the writer runs the next one
 * meanwhile. A batch that could not be committed stays here until the writer takes it back.
 */
final class Committer {

  /** What happens around a commit. */
  interface Observer {
    /** {@code batch} is in PostgreSQL and flushed, or had nothing to store. */
    void committed(Batch batch);

    /** {@link #isIdle} or {@link #failure} has changed. */
    void changed();
  }

  /** A batch that is not known to be committed, and why. */
  record Failure(Batch batch, Throwable cause) {}

  private record Order(Journal journal, Batch batch) {}

  private final Observer observer;
  private final WriterMetrics metrics;
  private volatile @Nullable Order order;
  private volatile @Nullable Failure failure;
  private volatile boolean stopped;
  private @Nullable Thread thread;

  Committer(Observer observer, WriterMetrics metrics) {
    this.observer = observer;
    this.metrics = metrics;
  }

  void start() {
    stopped = false;
    thread =
        Thread.ofPlatform()
            .name("ledger-committer")
            .uncaughtExceptionHandler(LastResort.HALT)
            .start(this::commitUntilStopped);
  }

  /** Ends the thread; nothing may be under commit. */
  void stop() throws InterruptedException {
    Thread running = thread;
    if (running != null) {
      stopped = true;
      LockSupport.unpark(running);
      running.join();
    }
  }

  boolean isIdle() {
    return order == null && failure == null;
  }

  boolean hasFailed() {
    return failure != null;
  }

  boolean isBusy() {
    return order != null;
  }

  /** Takes the batch that failed, if one did; the committer is idle then. */
  @Nullable Failure takeFailure() {
    Failure failed = failure;
    failure = null;
    return failed;
  }

  /** Commits {@code batch}; only when idle. */
  void commit(Journal journal, Batch batch) {
    order = new Order(journal, batch);
    LockSupport.unpark(thread);
  }

  private void commitUntilStopped() {
    while (!stopped) {
      Order next = order;
      if (next == null) {
        LockSupport.park(this);
      } else {
        commit(next);
      }
    }
  }

  /** Commits {@code batch} in this thread, if it has anything to store. */
  static void commit(Journal journal, Batch batch, WriterMetrics metrics) throws SQLException {
    if (!batch.journal().isEmpty()) {
      long begun = metrics.nanoTime();
      journal.commit(batch.journal());
      metrics.committed(begun);
    }
  }

  private void commit(Order next) {
    try {
      commit(next.journal(), next.batch(), metrics);
      observer.committed(next.batch());
    } catch (Exception | Error e) { // the writer decides what becomes of the batch
      failure = new Failure(next.batch(), e);
    }
    order = null;
    observer.changed();
  }
}
