package io.bincard.benchmarks.timers;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/** Netty's wheel. */
final class WheelReminders implements Reminders {

  private final HashedWheelTimer wheel;
  private final AtomicReferenceArray<Timeout> timeouts;
  private final IntConsumer told;

  /**
   * @param keys all are below it
   */
  WheelReminders(long tickMillis, int keys, IntConsumer told) {
    this.wheel = new HashedWheelTimer(tickMillis, TimeUnit.MILLISECONDS);
    this.timeouts = new AtomicReferenceArray<>(keys);
    this.told = told;
  }

  @Override
  public void set(int key, long at) {
    timeouts.set(
        key, wheel.newTimeout(_ -> told.accept(key), at - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  @Override
  public void cancel(int key) {
    timeouts.get(key).cancel();
  }

  @Override
  public void close() {
    wheel.stop();
  }
}
