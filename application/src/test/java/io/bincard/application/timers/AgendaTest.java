package io.bincard.application.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.timers.Agenda.Due;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Keys at their instants, by a clock in the test's hands; the handler is the test. */
class AgendaTest {

  private static final Instant BEGIN = Instant.parse("2026-11-22T03:00:00Z");
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(8);

  private final TimerProperties limits =
      new TimerProperties(Duration.ofMillis(10), 3, FIRST, LONGEST, Duration.ZERO);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<List<Due<String>>> handed = new ArrayList<>();
  private final Set<String> poison = new HashSet<>();
  private Runnable meanwhile = () -> {};
  private volatile Instant now = BEGIN;
  private boolean leads = true;
  private boolean down;
  private boolean busy;
  private final Timers timers = new Timers(limits, () -> now, () -> leads, meters);
  private final Agenda<String> agenda = timers.agenda("keys", 3, this::handle);

  private void handle(List<Due<String>> due) throws Agenda.NotNowException {
    handed.add(due);
    meanwhile.run();
    if (busy) {
      throw new Agenda.NotNowException("busy", new IllegalStateException("busy"));
    }
    if (down || due.stream().anyMatch(each -> poison.contains(each.key()))) {
      throw new IllegalStateException("broken");
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void set(String... keys) {
    for (String key : keys) {
      agenda.set(key, now);
      pass(Duration.ofMillis(1));
    }
  }

  private List<List<String>> keys() {
    return handed.stream().map(due -> due.stream().map(Due::key).toList()).toList();
  }

  @Test
  void keys_are_handed_over_at_their_instants_and_leave() {
    agenda.set("a", BEGIN.plusNanos(5));
    assertThat(agenda.next()).isEqualTo(BEGIN.plusNanos(5));
    now = BEGIN.plusNanos(4);
    assertThat(timers.runDue()).isZero();
    now = BEGIN.plusNanos(5);
    assertThat(timers.runDue()).isEqualTo(1);

    assertThat(handed).containsExactly(List.of(new Due<>("a", BEGIN.plusNanos(5))));
    assertThat(agenda.size()).isZero();
    assertThat(agenda.next()).isNull();
    assertThat(timers.runDue()).isZero();
  }

  @Test
  void the_earliest_go_first_and_never_more_at_once_than_was_said() {
    for (int i : new int[] {5, 1, 4, 2, 7, 3, 6}) {
      agenda.set("k" + i, BEGIN.plusSeconds(i));
    }
    pass(Duration.ofMinutes(1));
    timers.runDue();

    assertThat(keys())
        .containsExactly(List.of("k1", "k2", "k3"), List.of("k4", "k5", "k6"), List.of("k7"));
  }

  @Test
  void a_key_that_is_set_again_moves_and_one_that_is_removed_is_not_due() {
    agenda.set("a", BEGIN.plusSeconds(1));
    agenda.set("b", BEGIN.plusSeconds(1));
    agenda.set("a", BEGIN.plusSeconds(9));
    assertThat(agenda.remove("b")).isTrue();
    assertThat(agenda.remove("b")).isFalse();
    pass(Duration.ofSeconds(8));
    assertThat(timers.runDue()).isZero();
    pass(Duration.ofSeconds(1));

    assertThat(timers.runDue()).isEqualTo(1);
    assertThat(keys()).containsExactly(List.of("a"));
  }

  @Test
  void is_empty_when_it_was_cleared() {
    set("a", "b", "c", "d");
    agenda.clear();

    assertThat(agenda.size()).isZero();
    assertThat(timers.runDue()).isZero();
    set("a");
    assertThat(timers.runDue()).isEqualTo(1);
  }

  @Test
  void keys_that_are_set_while_the_handler_works_stay_as_they_were_set() {
    set("moved", "removed", "handled");
    meanwhile =
        () -> {
          meanwhile = () -> {};
          agenda.set("moved", BEGIN.plusSeconds(5));
          agenda.remove("removed");
          agenda.set("new", BEGIN.plusSeconds(6));
          assertThat(agenda.size()).as("handled is still here").isEqualTo(3);
        };
    timers.runDue();
    assertThat(agenda.size()).isEqualTo(2);
    pass(Duration.ofSeconds(6));
    timers.runDue();

    assertThat(keys())
        .containsExactly(List.of("moved", "removed", "handled"), List.of("moved", "new"));
  }

  @Test
  void keys_that_change_while_the_handler_fails_are_not_brought_back() {
    set("moved", "removed", "failed");
    down = true;
    meanwhile =
        () -> {
          meanwhile = () -> {};
          agenda.set("moved", BEGIN.plusSeconds(3_600));
          agenda.remove("removed");
        };
    timers.runDue();
    down = false;
    handed.clear();
    pass(LONGEST);
    timers.runDue();

    assertThat(keys()).containsExactly(List.of("failed"));
    assertThat(agenda.next()).isEqualTo(BEGIN.plusSeconds(3_600));
  }

  @Test
  void what_is_cleared_while_the_handler_works_does_not_come_back() {
    set("a", "b");
    poison.add("a");
    meanwhile = agenda::clear;
    timers.runDue();

    assertThat(agenda.size()).isZero();
    assertThat(agenda.next()).isNull();
  }

  @Test
  void a_handler_that_cannot_work_now_is_asked_again_after_a_pause_and_blames_no_key() {
    set("a", "b", "c", "d");
    busy = true;
    for (int i = 0; i < 5; i++) {
      timers.runDue();
      pass(FIRST);
    }
    assertThat(keys()).hasSize(5).containsOnly(List.of("a", "b", "c"));
    assertThat(agenda.status().breaker()).isEqualTo(Timer.Breaker.CLOSED);
    assertThat(agenda.status().failuresInARow()).isZero();
    assertThat(agenda.size()).isEqualTo(4);

    busy = false;
    timers.runDue();

    assertThat(keys().subList(5, 7)).containsExactly(List.of("a", "b", "c"), List.of("d"));
    assertThat(agenda.size()).isZero();
  }

  @Test
  void one_poisonous_key_holds_up_no_other_and_comes_after_pauses_that_grow() {
    poison.add("b");
    set("a", "b", "c", "d");
    timers.runDue();
    assertThat(keys())
        .containsExactly(
            List.of("a", "b", "c"), List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    assertThat(agenda.size()).isEqualTo(1);

    for (long pause : new long[] {1, 2, 4, 8, 8, 8}) {
      Instant next = agenda.next();
      assertThat(next).isNotNull();
      assertThat(Duration.between(now, next))
          .isBetween(Duration.ofMillis(pause * 500), Duration.ofSeconds(pause));
      now = next;
      handed.clear();
      assertThat(timers.runDue()).isEqualTo(1);
      assertThat(keys()).containsExactly(List.of("b"));
    }
    assertThat(agenda.status().breaker()).isEqualTo(Timer.Breaker.CLOSED);
    set("other");
    handed.clear();
    timers.runDue();
    assertThat(keys()).as("it is not the agenda that is broken").containsExactly(List.of("other"));
    poison.clear();
    pass(LONGEST);
    timers.runDue();
    assertThat(agenda.size()).isZero();
  }

  @Test
  void many_that_fail_open_the_breaker_and_one_that_goes_well_closes_it() {
    down = true;
    set("a", "b", "c", "d", "e", "f");
    timers.runDue();
    assertThat(keys()).containsExactly(List.of("a", "b", "c"), List.of("a"), List.of("b"));
    Timer.Status open = agenda.status();
    assertThat(open.breaker()).isEqualTo(Timer.Breaker.OPEN);
    assertThat(open.waiting()).isEqualTo(6);
    Instant until = open.openUntil();
    assertThat(until).isNotNull();

    now = until;
    handed.clear();
    timers.runDue();
    assertThat(keys()).as("one try").hasSize(1).allSatisfy(one -> assertThat(one).hasSize(1));
    assertThat(agenda.status().openUntil()).isAfterOrEqualTo(until.plus(LONGEST.dividedBy(2)));

    for (int failures = agenda.status().failuresInARow() + 1; failures < 12; failures++) {
      pass(LONGEST);
      handed.clear();
      timers.runDue();
      assertThat(keys()).as("one try").hasSize(1).allSatisfy(one -> assertThat(one).hasSize(1));
      assertThat(agenda.status().failuresInARow()).isEqualTo(failures);
    }

    down = false;
    pass(LONGEST);
    handed.clear();
    timers.runDue();
    assertThat(keys().getFirst()).hasSize(1);
    assertThat(keys().get(1)).as("closed again").hasSize(3);
    assertThat(agenda.status().breaker()).isEqualTo(Timer.Breaker.CLOSED);
    pass(LONGEST);
    timers.runDue();
    assertThat(agenda.size()).isZero();
  }

  @Test
  void nothing_is_handed_over_while_another_node_leads() {
    set("a");
    leads = false;
    assertThat(timers.runDue()).isZero();
    leads = true;

    assertThat(timers.runDue()).isEqualTo(1);
  }

  @Test
  void nothing_more_is_handed_over_once_it_is_to_stop() {
    set("a", "b", "c", "d");
    meanwhile = agenda::stop;
    timers.runDue();

    assertThat(handed).hasSize(1);
    assertThat(agenda.size()).isEqualTo(1);
  }

  @Test
  void a_handler_that_fails_because_the_node_leads_no_more_fails_nothing() {
    down = true;
    meanwhile = () -> leads = false;
    set("a", "b");
    timers.runDue();
    assertThat(handed).hasSize(1);
    assertThat(agenda.status().failuresInARow()).isZero();
    leads = true;
    down = false;
    meanwhile = () -> {};

    assertThat(timers.runDue()).as("at once").isEqualTo(2);
  }

  @Test
  void tells_how_late_each_key_was_and_how_many_wait() {
    agenda.set("a", BEGIN);
    agenda.set("b", BEGIN.plusMillis(20));
    agenda.set("c", BEGIN.plusSeconds(20));
    pass(Duration.ofMillis(30));
    timers.runDue();

    var lateness = meters.get("bincard.timers.lateness").tag("timer", "keys").timer();
    assertThat(lateness.count()).isEqualTo(2);
    assertThat(lateness.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
    assertThat(meters.get("bincard.timers.waiting").gauge().value()).isEqualTo(1);
    assertThat(agenda.status().lastLatenessMicros()).isEqualTo(30_000);
    assertThat(timers.status()).containsExactly(agenda.status());
  }

  @Test
  void instants_of_no_calendar_are_never_due() {
    agenda.set("never", Instant.MAX);
    agenda.set("always", Instant.MIN);
    pass(Duration.ofDays(36_500));
    timers.runDue();

    assertThat(handed).containsExactly(List.of(new Due<>("always", Instant.EPOCH)));
    assertThat(agenda.next()).isAfter(now);
  }

  @Test
  void more_at_once_than_can_be_is_refused() {
    assertThatThrownBy(() -> timers.agenda("other", 0, this::handle))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> timers.agenda("other", 100_001, this::handle))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The heap beside a map that is searched: whatever is set, moved and removed in between. */
  @Test
  void hands_over_what_a_naive_model_does_in_the_same_order() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, Instant> model = new HashMap<>();
    for (int round = 0; round < 20_000; round++) {
      String key = "k" + random.nextInt(300);
      if (random.nextInt(4) == 0) {
        assertThat(agenda.remove(key)).isEqualTo(model.remove(key) != null);
      } else {
        Instant at = BEGIN.plusNanos(random.nextInt(1_000_000) * 1_000L + round);
        agenda.set(key, at);
        model.put(key, at);
      }
      if (random.nextInt(50) == 0) {
        now = BEGIN.plusNanos(random.nextInt(1_000_000) * 1_000L);
        handed.clear();
        timers.runDue();
        List<Due<String>> expected =
            model.entrySet().stream()
                .filter(each -> !each.getValue().isAfter(now))
                .sorted(Map.Entry.comparingByValue())
                .map(each -> new Due<>(each.getKey(), each.getValue()))
                .toList();
        assertThat(handed.stream().flatMap(List::stream)).as("seed %d", seed).isEqualTo(expected);
        expected.forEach(due -> model.remove(due.key()));
      }
      assertThat(agenda.size()).as("seed %d", seed).isEqualTo(model.size());
      assertThat(agenda.next())
          .as("seed %d", seed)
          .isEqualTo(model.values().stream().min(Instant::compareTo).orElse(null));
    }
  }

  /** The alarm sleeps for a minute if nobody wakes it; four threads set keys beside it. */
  @Test
  void an_earlier_key_wakes_the_alarm_and_none_is_lost_under_many_threads()
      throws InterruptedException {
    Timers real =
        new Timers(
            new TimerProperties(Duration.ofMinutes(1), 3, FIRST, LONGEST, Duration.ZERO),
            Instant::now,
            () -> true,
            meters);
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(4_000);
    Agenda<Integer> keys =
        real.agenda(
            "threads",
            100,
            due ->
                due.forEach(
                    each -> {
                      if (seen.add(each.key())) {
                        all.countDown();
                      }
                    }));
    real.start();
    try {
      keys.set(-1, Instant.now().plusSeconds(3_600));
      for (int thread = 0; thread < 4; thread++) {
        int first = thread * 1_000;
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int key = first; key < first + 1_000; key++) {
                    keys.set(key, Instant.now().plusSeconds(3_600));
                    keys.set(key, Instant.now().plusMillis(key % 100));
                  }
                });
      }
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      real.stop();
    }
    assertThat(keys.size()).isEqualTo(1);
  }
}
