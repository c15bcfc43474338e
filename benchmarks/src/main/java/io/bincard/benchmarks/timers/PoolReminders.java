package io.bincard.benchmarks.timers;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/** The JDK's own, one task a key. */
final class PoolReminders implements Reminders {

  private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
  private final AtomicReferenceArray<Future<?>> tasks;
  private final IntConsumer told;

  /**
   * @param keys all are below it
   */
  PoolReminders(int keys, IntConsumer told) {
    this.tasks = new AtomicReferenceArray<>(keys);
    this.told = told;
    pool.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void set(int key, long at) {
    tasks.set(
        key, pool.schedule(() -> told.accept(key), at - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  @Override
  public void cancel(int key) {
    tasks.get(key).cancel(false);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
