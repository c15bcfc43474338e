package io.bincard.benchmarks.timers;

import io.bincard.benchmarks.load.Sample;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.HdrHistogram.Recorder;

/**
 * So many keys wait that only some of them are due in a round; these at random, 5,000 a second, the
 * same for everybody. Nothing is done but to note when each was told. Meanwhile every core works
 * for half of the time at something else.
 */
public final class TimerContest {

  private static final int PER_SECOND = 5_000;
  private static final int DIGITS = 3;
  private static final long SEED = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Later than everything. */
  private static final Duration FAR = Duration.ofHours(1);

  /** What setting one key may take while all are set, ahead of the first that is due. */
  private static final Duration IN_MEMORY = Duration.ofNanos(20_000);

  private static final Duration IN_A_TABLE = Duration.ofNanos(400_000);

  /** What the one before has left is gone after so many. */
  private static final int COLLECTIONS = 3;

  private static final Duration AT_LEAST = Duration.ofMillis(200);

  private final int open;
  private final String url;

  /**
   * @param open keys that wait at the same time
   * @param url of a database in which whoever needs a table makes one
   */
  public TimerContest(int open, String url) {
    this.open = open;
    this.url = url;
  }

  public Sample agenda(Duration time) throws Exception {
    return lateness(AgendaReminders::new, IN_MEMORY, time);
  }

  public Sample wheel(long tickMillis, Duration time) throws Exception {
    return lateness(told -> new WheelReminders(tickMillis, open, told), IN_MEMORY, time);
  }

  public Sample pool(Duration time) throws Exception {
    return lateness(told -> new PoolReminders(open, told), IN_MEMORY, time);
  }

  public Sample table(Duration time) throws Exception {
    return lateness(told -> new TableReminders(url, told), IN_A_TABLE, time);
  }

  public Sample agendaChanges(Duration time) throws Exception {
    return changes(AgendaReminders::new, time);
  }

  public Sample wheelChanges(long tickMillis, Duration time) throws Exception {
    return changes(told -> new WheelReminders(tickMillis, open, told), time);
  }

  public Sample poolChanges(Duration time) throws Exception {
    return changes(told -> new PoolReminders(open, told), time);
  }

  public Sample tableChanges(Duration time) throws Exception {
    return changes(told -> new TableReminders(url, told), time);
  }

  /** What a key takes of the heap, in bytes, its own object included. */
  public double agendaBytes() throws Exception {
    return bytes(AgendaReminders::new);
  }

  public double wheelBytes() throws Exception {
    return bytes(told -> new WheelReminders(1, open, told));
  }

  public double poolBytes() throws Exception {
    return bytes(told -> new PoolReminders(open, told));
  }

  private Sample lateness(Reminders.Make make, Duration setting, Duration time) throws Exception {
    int due = Math.clamp(PER_SECOND * time.toMillis() / 1_000, 1, open);
    AtomicIntegerArray told = new AtomicIntegerArray(open);
    long[] at = new long[due];
    Recorder latenesses = new Recorder(DIGITS);
    CountDownLatch left = new CountDownLatch(due);
    try (Reminders reminders =
        make.of(
            key -> {
              long now = System.nanoTime();
              if (told.incrementAndGet(key) == 1 && key < due) {
                latenesses.recordValue(Math.max(0, now - at[key]));
                left.countDown();
              }
            })) {
      reminders.setAll(due, far(open - due));
      long start = System.nanoTime() + AT_LEAST.plus(setting.multipliedBy(due)).toNanos();
      Random random = new Random(SEED);
      for (int key = 0; key < due; key++) {
        at[key] = start + random.nextLong(time.toNanos());
      }
      reminders.setAll(0, at);
      if (System.nanoTime() > start) {
        throw new IllegalStateException("the first were due before the last were set");
      }
      boolean all;
      try (HalfLoad _ = new HalfLoad()) {
        all =
            left.await(
                start - System.nanoTime() + time.toNanos() + PATIENCE.toNanos(),
                TimeUnit.NANOSECONDS);
      }
      long nanos = System.nanoTime() - start;
      for (int key = 0; key < open; key++) {
        if (told.get(key) != (key < due ? 1 : 0) && (all || told.get(key) > 0)) {
          throw new IllegalStateException("key " + key + " was told " + told.get(key) + " times");
        }
      }
      return Sample.of(
          due - left.getCount(), left.getCount(), nanos, latenesses.getIntervalHistogram());
    }
  }

  private static long[] far(int count) {
    Random random = new Random(SEED);
    long now = System.nanoTime();
    return random
        .longs(count, 0, FAR.toNanos())
        .map(later -> now + FAR.toNanos() + later)
        .toArray();
  }

  /** Keys that are cancelled and set again, one after the other, among many that wait. */
  private Sample changes(Reminders.Make make, Duration time) throws Exception {
    long[] at = far(open);
    try (Reminders reminders =
        make.of(
            _ -> {
              throw new IllegalStateException("told before its time");
            })) {
      reminders.setAll(0, at);
      Random random = new Random(SEED);
      long done = 0;
      long start = System.nanoTime();
      long now = start;
      while (now - start < time.toNanos()) {
        int key = random.nextInt(open);
        reminders.cancel(key);
        reminders.set(key, at[random.nextInt(open)]);
        done++;
        now = System.nanoTime();
      }
      return Sample.of(done, (double) done * TimeUnit.SECONDS.toNanos(1) / (now - start));
    }
  }

  private double bytes(Reminders.Make make) throws Exception {
    try (Reminders reminders = make.of(_ -> {})) {
      reminders.set(0, far(1)[0]); // what there is but once
      long before = used();
      reminders.setAll(1, far(open - 1));
      return (double) (used() - before) / (open - 1);
    }
  }

  private static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < COLLECTIONS; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }
}
