package io.bincard.application.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;

/** The timers and the clock of a running server. */
class TimersIT {

  private static final RunningBincard BINCARD = RunningBincard.shared();

  @Test
  void a_server_tells_of_its_timers() throws Exception {
    Timers timers = BINCARD.bean(Timers.class);
    CountDownLatch ran = new CountDownLatch(1);
    Timer failing =
        timers.after(
            "it-fails",
            Duration.ZERO,
            () -> {
              ran.countDown();
              throw new IllegalStateException("as it should");
            });
    try {
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
      await()
          .untilAsserted(
              () ->
                  assertThat(BINCARD.get("/actuator/timers").body())
                      .contains(
                          "\"name\":\"it-fails\"",
                          "\"kind\":\"at\"",
                          "\"waiting\":1",
                          "\"runs\":1",
                          "\"failuresInARow\":1",
                          "\"breaker\":\"closed\"",
                          "\"lastError\":\"java.lang.IllegalStateException: as it should\""));
    } finally {
      failing.cancel();
    }
    assertThat(BINCARD.get("/actuator/timers").body()).doesNotContain("it-fails");
  }

  @Test
  void timers_cannot_be_changed_over_http() throws Exception {
    assertThat(BINCARD.post("/actuator/timers", "timers-1", "{}").statusCode()).isEqualTo(405);
  }

  @Test
  void the_leader_hands_over_keys_within_moments_of_their_time() throws Exception {
    CountDownLatch handled = new CountDownLatch(100);
    Agenda<Integer> agenda =
        BINCARD
            .bean(Timers.class)
            .agenda("it-agenda", 10, due -> due.forEach(_ -> handled.countDown()));
    Instant begin = GenericEventMessage.clock.instant();
    for (int i = 0; i < 100; i++) {
      agenda.set(i, begin.plusMillis(i));
    }
    assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
    await().untilAsserted(() -> assertThat(agenda.size()).isZero());
    assertThat(GenericEventMessage.clock.instant()).isAfter(begin.plusMillis(98));
    assertThat(agenda.status().runs()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void the_ledger_goes_by_the_steady_clock_until_the_context_closes() {
    Clock before = GenericEventMessage.clock;
    try (RunningBincard own = RunningBincard.withOwnLedger()) {
      assertThat(GenericEventMessage.clock).isSameAs(own.bean(SteadyClock.class));
    }
    assertThat(GenericEventMessage.clock).isSameAs(before);
  }

  @Test
  void a_clock_that_a_test_has_set_stays() {
    try (LedgerClock clock = new LedgerClock(Instant.parse("2026-01-01T00:00:00Z"));
        RunningBincard own = RunningBincard.withOwnLedger()) {
      assertThat(own.bean(SteadyClock.class)).isNotSameAs(GenericEventMessage.clock);
      assertThat(clock.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }
  }
}
