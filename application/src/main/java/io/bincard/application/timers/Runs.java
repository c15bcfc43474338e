package io.bincard.application.timers;

import io.bincard.application.timers.Timer.Breaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the runs of one timer: its breaker, and what is told of it to the log and to a
 * monitor. A failure is logged where it changes something: the first one in a row, the one that
 * opens the breaker, and the success after it. Thread-safe.
 */
final class Runs {

  private static final Logger logger = LoggerFactory.getLogger(Runs.class);

  /** 0.1 ms to 10 s: from an idle machine to a failover. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              100,
              200,
              500,
              1_000,
              2_000,
              5_000,
              10_000,
              20_000,
              50_000,
              100_000,
              200_000,
              500_000,
              1_000_000,
              2_000_000,
              5_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
          .toArray(Duration[]::new);

  private final String name;
  private final Timer.Kind kind;
  private final TimerProperties limits;
  private final MeterRegistry registry;
  private final io.micrometer.core.instrument.Timer lateness;
  private final Counter done;
  private final Counter failed;
  private final Counter passedOver;
  private final List<Meter> meters;

  private long count;
  private int failuresInARow;
  private boolean halfOpen;
  private @Nullable Instant openUntil;
  private @Nullable Instant lastRun;
  private @Nullable Long lastLatenessMicros;
  private @Nullable String lastError;

  /**
   * @param waiting runs to come, as far as they are known
   */
  Runs(
      String name,
      Timer.Kind kind,
      TimerProperties limits,
      MeterRegistry registry,
      IntSupplier waiting) {
    this.name = name;
    this.kind = kind;
    this.limits = limits;
    this.registry = registry;
    this.lateness =
        io.micrometer.core.instrument.Timer.builder("bincard.timers.lateness")
            .tag("timer", name)
            .description("Time from when a task, or a key of an agenda, was due to its run")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.done = counter("done");
    this.failed = counter("failed");
    this.passedOver = counter("passed-over");
    this.meters =
        List.of(
            lateness,
            done,
            failed,
            passedOver,
            Gauge.builder("bincard.timers.open", this, runs -> runs.isOpen() ? 1 : 0)
                .tag("timer", name)
                .description("1 while a timer that failed too often in a row waits, 0 otherwise")
                .register(registry),
            Gauge.builder("bincard.timers.waiting", waiting, IntSupplier::getAsInt)
                .tag("timer", name)
                .description("Runs to come, as far as they are known: keys of an agenda")
                .strongReference(true)
                .register(registry));
  }

  private Counter counter(String outcome) {
    return Counter.builder("bincard.timers.runs")
        .tag("timer", name)
        .tag("outcome", outcome)
        .description("Runs of a timer by what became of them")
        .register(registry);
  }

  /** The meters leave the registry: there is no such timer any more. */
  void close() {
    meters.forEach(registry::remove);
  }

  /** The pause after {@code failures} in a row: it doubles, and is cut short by up to a half. */
  static Duration pause(TimerProperties limits, int failures) {
    long longest = limits.longestPause().toNanos();
    long pause = limits.firstPause().toNanos();
    for (int i = 1; i < failures && pause < longest; i++) {
      pause *= 2;
    }
    pause = Math.min(pause, longest);
    return Duration.ofNanos(pause - ThreadLocalRandom.current().nextLong(pause / 2));
  }

  synchronized boolean isOpen() {
    return openUntil != null;
  }

  /** Until when nothing is tried; {@code null} if it may be now. */
  synchronized @Nullable Instant closedOffUntil(Instant now) {
    return openUntil != null && now.isBefore(openUntil) ? openUntil : null;
  }

  /** A run begins that was due at {@code due}. */
  synchronized void begins(Instant due, Instant now) {
    count++;
    halfOpen = openUntil != null;
    lastRun = now;
    lastLatenessMicros = TimeUnit.NANOSECONDS.toMicros(late(due, now));
  }

  /** A task, or one key, that was due at {@code due} is handed over; the nanoseconds between. */
  long late(Instant due, Instant now) {
    long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(Duration.between(due, now)));
    lateness.record(nanos, TimeUnit.NANOSECONDS);
    return nanos;
  }

  /** Its time came while another node led. */
  void isPassedOver() {
    passedOver.increment();
  }

  synchronized void succeeded() {
    done.increment();
    if (failuresInARow > 0) {
      logger
          .atInfo()
          .addKeyValue("timer", name)
          .addKeyValue("failures", failuresInARow)
          .log("A timer that failed goes well again");
    }
    failuresInARow = 0;
    halfOpen = false;
    openUntil = null;
  }

  /** A run failed that says nothing new of the timer: a key that has failed before. */
  synchronized void failedAgain(Throwable cause) {
    failed.increment();
    lastError = cause.toString();
  }

  synchronized boolean isHalfOpen() {
    return halfOpen;
  }

  /** A run failed; when it, or another, may be tried again. */
  synchronized Instant failed(Instant now, Throwable cause) {
    failedAgain(cause);
    failuresInARow++;
    halfOpen = false;
    Instant next = now.plus(pause(limits, failuresInARow));
    if (failuresInARow == 1) {
      logger.atWarn().setCause(cause).addKeyValue("timer", name).log("A timer failed");
    }
    if (failuresInARow >= limits.failuresToOpen()) {
      if (openUntil == null) {
        logger
            .atWarn()
            .setCause(cause)
            .addKeyValue("timer", name)
            .addKeyValue("failures", failuresInARow)
            .log("A timer fails again and again; it is tried at longer intervals");
      }
      openUntil = next;
    }
    return next;
  }

  /** A run was broken off that says nothing of the timer. */
  synchronized void brokenOff() {
    halfOpen = false;
  }

  synchronized Timer.Status status(@Nullable Instant nextRun, long waiting) {
    return new Timer.Status(
        name,
        kind,
        nextRun,
        waiting,
        lastRun,
        lastLatenessMicros,
        count,
        failuresInARow,
        halfOpen ? Breaker.HALF_OPEN : openUntil != null ? Breaker.OPEN : Breaker.CLOSED,
        openUntil,
        lastError);
  }
}
