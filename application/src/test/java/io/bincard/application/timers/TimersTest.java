package io.bincard.application.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.scheduling.support.CronExpression;

/** Tasks at their times, by a clock in the test's hands; nothing runs but by runDue. */
class TimersTest {

  private static final Instant BEGIN = Instant.parse("2026-11-22T03:00:00Z");
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final CronExpression HOURLY = CronExpression.parse("0 0 * * * *");

  private final TimerProperties limits =
      new TimerProperties(Duration.ofMillis(10), 3, FIRST, LONGEST, Duration.ZERO);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> ran = new ArrayList<>();
  private volatile Instant now = BEGIN;
  private volatile boolean leads = true;
  private boolean fails;
  private final Timers timers = new Timers(limits, () -> now, () -> leads, meters);

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private Timer.Task task(String name) {
    return () -> {
      ran.add(name);
      if (fails) {
        throw new IllegalStateException("broken");
      }
    };
  }

  private double count(String outcome) {
    return meters
        .get("bincard.timers.runs")
        .tag("timer", "a")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  @Test
  void a_task_runs_once_at_its_time_and_not_before() {
    Timer timer = timers.at("a", BEGIN.plusSeconds(10), task("a"));
    pass(Duration.ofMillis(9_999));
    assertThat(timers.runDue()).isZero();

    pass(Duration.ofMillis(1));
    assertThat(timers.runDue()).isEqualTo(1);
    pass(Duration.ofDays(1));
    assertThat(timers.runDue()).isZero();

    assertThat(ran).containsExactly("a");
    assertThat(timers.status()).isEmpty();
    assertThat(timer.cancel()).isFalse();
    assertThat(timer.moveTo(BEGIN)).isFalse();
  }

  @Test
  void what_is_due_runs_earliest_first() {
    timers.after("a", Duration.ofSeconds(3), task("third"));
    timers.after("b", Duration.ofSeconds(1), task("first"));
    timers.after("c", Duration.ofSeconds(2), task("second"));
    pass(Duration.ofSeconds(5));

    timers.runDue();

    assertThat(ran).containsExactly("first", "second", "third");
  }

  @Test
  void a_cancelled_task_does_not_run_and_leaves_its_name_and_no_meter() {
    Timer timer = timers.after("a", Duration.ofSeconds(1), task("a"));
    assertThat(meters.getMeters()).isNotEmpty();
    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    pass(Duration.ofSeconds(2));

    assertThat(timers.runDue()).isZero();
    assertThat(meters.getMeters()).isEmpty();
    timers.after("a", Duration.ofSeconds(1), task("a"));
  }

  @Test
  void a_moved_task_runs_at_its_new_time_alone() {
    Timer timer = timers.after("a", Duration.ofSeconds(10), task("a"));
    assertThat(timer.moveTo(BEGIN.plusSeconds(20))).isTrue();
    pass(Duration.ofSeconds(15));
    assertThat(timers.runDue()).isZero();
    timer.moveTo(BEGIN.plusSeconds(15));

    assertThat(timers.runDue()).isEqualTo(1);
  }

  @Test
  void a_task_that_is_moved_while_it_runs_runs_once_more() {
    List<Timer> self = new ArrayList<>();
    self.add(
        timers.at(
            "a",
            BEGIN,
            () -> {
              ran.add("a");
              if (ran.size() == 1) {
                self.getFirst().moveTo(BEGIN.plusSeconds(5));
              }
            }));
    timers.runDue();
    assertThat(self.getFirst().status().nextRun()).isEqualTo(BEGIN.plusSeconds(5));
    pass(Duration.ofSeconds(5));
    timers.runDue();

    assertThat(ran).hasSize(2);
    assertThat(timers.status()).isEmpty();
  }

  @Test
  void a_cron_task_runs_at_the_times_of_its_zone() {
    timers.cron("a", CronExpression.parse("0 30 2 * * *"), ZoneId.of("Asia/Kolkata"), task("a"));
    assertThat(timers.status().getFirst().nextRun())
        .isEqualTo(Instant.parse("2026-11-22T21:00:00Z"));
    pass(Duration.ofHours(18));
    timers.runDue();

    assertThat(ran).hasSize(1);
    assertThat(timers.status().getFirst().nextRun())
        .isEqualTo(Instant.parse("2026-11-23T21:00:00Z"));
  }

  @Test
  void a_cron_task_that_is_late_by_many_times_runs_once() {
    timers.cron("a", HOURLY, ZoneOffset.UTC, task("a"));
    pass(Duration.ofMinutes(330));

    assertThat(timers.runDue()).isEqualTo(1);
    Timer.Status status = timers.status().getFirst();
    assertThat(status.nextRun()).isEqualTo(Instant.parse("2026-11-22T09:00:00Z"));
    assertThat(status.lastLatenessMicros()).isEqualTo(Duration.ofMinutes(270).toMillis() * 1_000);
  }

  @Test
  void a_cron_task_is_passed_over_while_another_node_leads() {
    timers.cron("a", HOURLY, ZoneOffset.UTC, task("a"));
    leads = false;
    pass(Duration.ofMinutes(90));
    assertThat(timers.runDue()).isZero();
    leads = true;
    assertThat(timers.runDue()).isZero();
    assertThat(count("passed-over")).isEqualTo(1);
    pass(Duration.ofMinutes(30));

    assertThat(timers.runDue()).isEqualTo(1);
  }

  @Test
  void a_task_that_runs_once_waits_until_this_node_leads() {
    timers.after("a", Duration.ofSeconds(1), task("a"));
    leads = false;
    pass(Duration.ofHours(1));
    assertThat(timers.runDue()).isZero();
    leads = true;

    assertThat(timers.runDue()).isEqualTo(1);
  }

  @Test
  void a_failure_of_a_node_that_leads_no_more_is_none() {
    timers.at(
        "a",
        BEGIN,
        () -> {
          ran.add("a");
          if (ran.size() == 1) {
            leads = false;
            throw new IllegalStateException("fenced");
          }
        });
    timers.runDue();
    assertThat(timers.status().getFirst().failuresInARow()).isZero();
    leads = true;

    assertThat(timers.runDue()).isEqualTo(1);
    assertThat(timers.status()).isEmpty();
  }

  @Test
  void what_fails_is_tried_again_after_pauses_that_grow_and_never_forgotten() {
    fails = true;
    timers.at("a", BEGIN, task("a"));
    for (long pause : new long[] {1, 2, 4, 8, 8, 8}) {
      assertThat(timers.runDue()).as("before a pause of %s s", pause).isEqualTo(1);
      Instant next = timers.status().getFirst().nextRun();
      assertThat(next).isNotNull();
      assertThat(Duration.between(now, next))
          .isBetween(Duration.ofMillis(pause * 500), Duration.ofSeconds(pause));
      assertThat(timers.runDue()).isZero();
      now = next;
    }
    fails = false;

    assertThat(timers.runDue()).isEqualTo(1);
    assertThat(timers.status()).isEmpty();
    pass(Duration.ofHours(1));
    assertThat(timers.runDue()).isZero();
  }

  @Test
  void a_breaker_opens_after_so_many_failures_is_tried_once_and_closes_by_a_success() {
    List<Timer.Breaker> seen = new ArrayList<>();
    timers.cron(
        "a",
        HOURLY,
        ZoneOffset.UTC,
        () -> {
          seen.add(timers.status().getFirst().breaker());
          task("a").run();
        });
    fails = true;
    pass(Duration.ofHours(1));
    for (int i = 0; i < 4; i++) {
      timers.runDue();
      pass(LONGEST);
    }
    Timer.Status open = timers.status().getFirst();
    assertThat(open.breaker()).isEqualTo(Timer.Breaker.OPEN);
    assertThat(open.failuresInARow()).isEqualTo(4);
    assertThat(open.openUntil()).isNotNull();
    assertThat(open.lastError()).isEqualTo("java.lang.IllegalStateException: broken");
    assertThat(meters.get("bincard.timers.open").gauge().value()).isEqualTo(1);
    fails = false;
    timers.runDue();

    assertThat(seen)
        .containsExactly(
            Timer.Breaker.CLOSED,
            Timer.Breaker.CLOSED,
            Timer.Breaker.CLOSED,
            Timer.Breaker.HALF_OPEN,
            Timer.Breaker.HALF_OPEN);
    Timer.Status closed = timers.status().getFirst();
    assertThat(closed.breaker()).isEqualTo(Timer.Breaker.CLOSED);
    assertThat(closed.failuresInARow()).isZero();
    assertThat(closed.nextRun()).isEqualTo(Instant.parse("2026-11-22T05:00:00Z"));
    assertThat(count("failed")).isEqualTo(4);
    assertThat(count("done")).isEqualTo(1);
    assertThat(meters.get("bincard.timers.open").gauge().value()).isZero();
  }

  @Test
  void an_open_breaker_holds_back_times_of_the_expression_and_moves_alike() {
    Timer timer = timers.cron("a", CronExpression.parse("* * * * * *"), ZoneOffset.UTC, task("a"));
    fails = true;
    for (int i = 0; i < 6; i++) {
      pass(LONGEST);
      timers.runDue();
    }
    int tried = ran.size();
    timer.moveTo(now);
    pass(Duration.ofSeconds(3)); // three of its times; the pause is at least four seconds

    assertThat(timers.runDue()).isZero();
    assertThat(ran).hasSize(tried);
  }

  @Test
  void a_name_that_is_taken_is_refused() {
    timers.after("a", FIRST, task("a"));
    assertThatThrownBy(() -> timers.cron("a", HOURLY, ZoneOffset.UTC, task("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is a timer already that is called a");
    assertThatThrownBy(() -> timers.agenda("a", 1, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "1a", "a b", "a\n", "a_b"})
  void a_name_that_no_metric_could_bear_is_refused(String name) {
    assertThatThrownBy(() -> timers.after(name, FIRST, task("a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void an_expression_without_a_time_to_come_is_refused() {
    assertThatThrownBy(
            () -> timers.cron("a", CronExpression.parse("0 0 0 30 2 *"), ZoneOffset.UTC, task("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_task_never_runs_beside_itself_and_holds_up_no_other() throws InterruptedException {
    AtomicInteger beside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger starts = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch twice = new CountDownLatch(2);
    CountDownLatch other = new CountDownLatch(1);
    timers.start();
    try {
      timers.cron(
          "slow",
          CronExpression.parse("* * * * * *"),
          ZoneOffset.UTC,
          () -> {
            most.accumulateAndGet(beside.incrementAndGet(), Math::max);
            starts.incrementAndGet();
            begun.countDown();
            over.await();
            beside.decrementAndGet();
            twice.countDown();
          });
      pass(Duration.ofSeconds(1));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      pass(Duration.ofSeconds(60));
      timers.at("other", now, other::countDown);
      assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(timers.runDue()).isZero();
      assertThat(starts).hasValue(1);
      over.countDown();
      assertThat(twice.await(10, TimeUnit.SECONDS)).as("late, but once").isTrue();
      assertThat(most).hasValue(1);
    } finally {
      over.countDown();
      timers.stop();
    }
    assertThat(starts).hasValue(2);
  }

  /** Timers whose alarms sleep for a minute if nobody wakes them. */
  private Timers lazy(CountDownLatch asked) {
    return new Timers(
        new TimerProperties(Duration.ofMinutes(1), 3, FIRST, LONGEST, Duration.ZERO),
        () -> now,
        () -> {
          boolean leading = leads;
          asked.countDown();
          return leading;
        },
        meters);
  }

  @Test
  void what_waited_for_this_node_to_lead_runs_when_it_does() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(3); // by the agenda's alarm twice before it sleeps
    CountDownLatch done = new CountDownLatch(2);
    Timers lazy = lazy(asked);
    leads = false;
    lazy.at("a", BEGIN, done::countDown);
    lazy.agenda("b", 1, _ -> done.countDown()).set("key", BEGIN);
    lazy.start();
    try {
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      leads = true;
      lazy.takenOver();
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      lazy.stop();
    }
  }

  @Test
  void a_task_that_is_added_or_moved_wakes_the_alarm() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch added = new CountDownLatch(1);
    CountDownLatch moved = new CountDownLatch(1);
    Timers lazy = lazy(asked);
    Timer later = lazy.after("later", Duration.ofDays(1), moved::countDown);
    lazy.start();
    try {
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      lazy.at("now", BEGIN, added::countDown);
      assertThat(added.await(10, TimeUnit.SECONDS)).isTrue();
      later.moveTo(BEGIN);
      assertThat(moved.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      lazy.stop();
    }
  }

  @Test
  void nothing_begins_after_the_stop_and_what_runs_ends_first() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    timers.start();
    timers.at(
        "a",
        BEGIN,
        () -> {
          begun.countDown();
          goOn.await();
          ran.add("a");
        });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    Thread.ofVirtual().start(goOn::countDown);
    timers.stop();

    assertThat(ran).containsExactly("a");
    timers.at("b", BEGIN, task("b"));
    assertThat(timers.isRunning()).isFalse();
    assertThat(ran).containsExactly("a");
  }
}
