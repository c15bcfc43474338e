package io.bincard.application.timers;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does what is due and sleeps until the next is. It sleeps by the monotonic clock and
 * never for long, so it notices a clock that went otherwise meanwhile.
 */
final class Alarm {

  private static final Logger logger = LoggerFactory.getLogger(Alarm.class);

  /** How long what is under way may take to end before it is interrupted. */
  private static final Duration STOP = Duration.ofSeconds(5);

  /** Does what is due. */
  interface Work {

    /** When there will be more to do; {@code null} if that is not known. */
    @Nullable Instant untilNext();
  }

  private final String name;
  private final InstantSource clock;
  private final Duration lookEvery;
  private final Work work;
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;

  Alarm(String name, InstantSource clock, Duration lookEvery, Work work) {
    this.name = name;
    this.clock = clock;
    this.lookEvery = lookEvery;
    this.work = work;
  }

  void start() {
    stopping = false;
    thread = Thread.ofPlatform().daemon().name(name).start(this::workUntilStopped);
  }

  /** There may be something to do earlier than was known; returns at once. */
  void wake() {
    LockSupport.unpark(thread);
  }

  boolean isStopping() {
    return stopping;
  }

  void stop() {
    stopping = true;
    Thread running = thread;
    if (running == null) {
      return;
    }
    LockSupport.unpark(running);
    try {
      if (!running.join(STOP)) {
        running.interrupt();
      }
      thread = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void workUntilStopped() {
    while (!stopping) {
      @Nullable Instant next = null;
      try {
        next = work.untilNext();
      } catch (RuntimeException | Error e) { // a thread that ends keeps no time ever after
        logger.atError().setCause(e).addKeyValue("alarm", name).log("An alarm failed; it goes on");
      }
      if (!stopping) {
        LockSupport.parkNanos(this, sleep(next).toNanos());
      }
    }
  }

  private Duration sleep(@Nullable Instant next) {
    Duration left = next == null ? lookEvery : Duration.between(clock.instant(), next);
    return left.compareTo(lookEvery) < 0 ? left : lookEvery; // one that is over does not sleep
  }
}
