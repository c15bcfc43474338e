package io.bincard.benchmarks.timers;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Keeps every core busy for half of the time, some milliseconds at a stretch, until it is closed.
 */
final class HalfLoad implements AutoCloseable {

  private static final long STRETCH_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private volatile boolean over;
  private final List<Thread> threads =
      IntStream.range(0, Runtime.getRuntime().availableProcessors())
          .mapToObj(core -> Thread.ofPlatform().daemon().name("load-" + core).start(this::work))
          .toList();

  private void work() {
    while (!over) {
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < STRETCH_NANOS) {
        Thread.onSpinWait();
      }
      LockSupport.parkNanos(STRETCH_NANOS);
    }
  }

  @Override
  public void close() {
    over = true;
    threads.forEach(LockSupport::unpark);
  }
}
