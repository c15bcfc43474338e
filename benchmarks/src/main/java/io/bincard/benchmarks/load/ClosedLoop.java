package io.bincard.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import org.HdrHistogram.Recorder;

/**
 * Callers of which each sends its next piece when it has the answer to its last. They are
 * asynchronous: one thread sends for all of them, so that what is measured is not the machine's
 * skill at switching threads, and no caller costs the sink more than a counter's step.
 */
public final class ClosedLoop {

  private static final int DIGITS = 3;

  private ClosedLoop() {}

  /**
   * Runs {@code callers} against {@code sink} for {@code time} and waits for their last answers.
   *
   * @param first number of the first piece; numbers go up by one
   */
  public static Sample run(Sink sink, int callers, long first, Duration time)
      throws InterruptedException {
    long start = System.nanoTime();
    return run(sink, callers, first, sent -> System.nanoTime() - start < time.toNanos());
  }

  /** Sends pieces {@code first} to {@code first + pieces - 1}, {@code callers} at a time. */
  public static Sample run(Sink sink, int callers, long first, long pieces)
      throws InterruptedException {
    return run(sink, callers, first, sent -> sent < pieces);
  }

  private static Sample run(Sink sink, int callers, long first, LongPredicate goesOn)
      throws InterruptedException {
    Semaphore free = new Semaphore(callers);
    Recorder latencies = new Recorder(DIGITS);
    LongAdder failed = new LongAdder();
    long start = System.nanoTime();
    long sent = 0;
    while (goesOn.test(sent)) {
      free.acquire();
      int ready = 1 + free.drainPermits();
      for (; ready > 0 && goesOn.test(sent); ready--) {
        long from = System.nanoTime();
        sink.send(
            first + sent++,
            succeeded -> {
              latencies.recordValue(System.nanoTime() - from);
              if (!succeeded) {
                failed.increment();
              }
              free.release();
            });
      }
      free.release(ready);
    }
    free.acquire(callers);
    long nanos = System.nanoTime() - start;
    return Sample.of(sent - failed.sum(), failed.sum(), nanos, latencies.getIntervalHistogram());
  }
}
