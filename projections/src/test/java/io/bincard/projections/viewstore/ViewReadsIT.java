package io.bincard.projections.viewstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.fixture.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The breaker before a real Redis that dies, comes back and is slow. */
class ViewReadsIT {

  private static final int WINDOW = 10;
  private static final int TRIALS = 3;
  private static final Duration SLOW = Duration.ofMillis(30);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T12:00:00Z"));
  private RedisProcess redis;
  private ViewReads reads;

  @BeforeEach
  void start(@TempDir Path folder) {
    redis = RedisProcess.start(folder);
    reads =
        new ViewReads(
            new ViewStore(redis.connections()),
            new BreakerProperties(WINDOW, WINDOW, 50, SLOW, 50, TRIALS, FIRST, LONGEST),
            clock);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private void read(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(reads.read(List.of("bincard:none")).rows()).hasSize(1);
    }
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThatExceptionOfType(ViewStoreUnavailableException.class)
          .isThrownBy(() -> reads.read(List.of()))
          .withMessage("the view store does not answer");
    }
  }

  private void isLeftAlone() {
    long refused = reads.refused();
    assertThatExceptionOfType(ViewStoreUnavailableException.class)
        .isThrownBy(() -> reads.read(List.of()))
        .withMessage("the view store is left alone for a while");
    assertThat(reads.letsThrough()).isZero();
    assertThat(reads.refused()).isEqualTo(refused + 1);
  }

  @Test
  void failures_open_it_and_reads_that_go_well_after_a_pause_close_it() {
    read(WINDOW / 2);
    redis.kill();
    fail(WINDOW / 2);
    isLeftAlone();

    redis.restart();
    isLeftAlone();
    clock.move(FIRST.multipliedBy(2));
    read(1);
    assertThat(reads.letsThrough()).isEqualTo(0.5);
    read(TRIALS - 1);
    assertThat(reads.letsThrough()).isEqualTo(1);
    read(WINDOW);
  }

  @Test
  void each_trial_that_goes_wrong_makes_the_pause_longer_up_to_a_bound() {
    redis.kill();
    fail(WINDOW);
    for (Duration pause = FIRST; pause.compareTo(LONGEST) < 0; pause = pause.multipliedBy(2)) {
      clock.move(pause.dividedBy(2).minusMillis(1)); // with the jitter it is half of it at least
      isLeftAlone();
      clock.move(pause.plusMillis(2)); // and one and a half of it at most
      fail(TRIALS);
    }
    clock.move(LONGEST.plus(LONGEST.dividedBy(2))); // the jitter is on top
    redis.restart();
    read(TRIALS);
    assertThat(reads.letsThrough()).isEqualTo(1);
  }

  @Test
  void a_few_failures_among_many_reads_leave_it_closed() {
    read(WINDOW);
    redis.kill();
    fail(WINDOW / 2 - 1);
    redis.restart();
    read(WINDOW);

    assertThat(reads.letsThrough()).isEqualTo(1);
    assertThat(reads.refused()).isZero();
  }

  @Test
  void slow_answers_open_it_too() {
    for (int i = 0; i < WINDOW; i++) {
      redis.command("CLIENT PAUSE " + 3 * SLOW.toMillis());
      read(1);
    }
    isLeftAlone();
  }
}
