package io.bincard.benchmarks.timers;

import io.bincard.application.timers.Agenda;
import io.bincard.application.timers.SteadyClock;
import io.bincard.application.timers.TimerProperties;
import io.bincard.application.timers.Timers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntConsumer;

/** The ledger's own agenda, by the ledger's own clock. */
final class AgendaReminders implements Reminders {

  private static final int AT_ONCE = 1_000;

  private final SteadyClock clock = new SteadyClock(Duration.ofSeconds(2));
  private final Timers timers =
      new Timers(
          new TimerProperties(
              Duration.ofSeconds(1),
              5,
              Duration.ofSeconds(1),
              Duration.ofMinutes(5),
              Duration.ofSeconds(2)),
          clock,
          () -> true,
          new SimpleMeterRegistry());
  private final Agenda<Integer> agenda;
  private final Instant begin = clock.instant();
  private final long beginNanos = System.nanoTime();

  AgendaReminders(IntConsumer told) {
    agenda =
        timers.agenda("benchmark", AT_ONCE, due -> due.forEach(each -> told.accept(each.key())));
    timers.start();
  }

  @Override
  public void set(int key, long at) {
    agenda.set(key, begin.plusNanos(at - beginNanos));
  }

  @Override
  public void cancel(int key) {
    agenda.remove(key);
  }

  @Override
  public void close() {
    timers.stop();
  }
}
