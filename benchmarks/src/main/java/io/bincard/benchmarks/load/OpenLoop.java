package io.bincard.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Recorder;

/**
 * A fixed pace: piece n is due n intervals after the start, whether or not earlier ones are
 * answered, and its latency counts from when it was due. A sink that stalls is charged for
 * everybody who came meanwhile.
 */
public final class OpenLoop {

  private static final int DIGITS = 3;

  private OpenLoop() {}

  /** Sends {@code perSecond} pieces a second for {@code time} and waits for the last answers. */
  public static Sample run(Sink sink, double perSecond, long first, Duration time)
      throws InterruptedException {
    double interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    int pieces = (int) (time.toNanos() / interval);
    Semaphore answered = new Semaphore(0);
    Recorder latencies = new Recorder(DIGITS);
    LongAdder failed = new LongAdder();
    long start = System.nanoTime();
    for (int sent = 0; sent < pieces; sent++) {
      long due = start + (long) (sent * interval);
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      sink.send(
          first + sent,
          succeeded -> {
            latencies.recordValue(System.nanoTime() - due);
            if (!succeeded) {
              failed.increment();
            }
            answered.release();
          });
    }
    answered.acquire(pieces);
    long nanos = System.nanoTime() - start;
    return Sample.of(pieces - failed.sum(), failed.sum(), nanos, latencies.getIntervalHistogram());
  }
}
