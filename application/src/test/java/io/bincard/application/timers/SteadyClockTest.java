package io.bincard.application.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private long nanos;
  private Instant wall = Instant.parse("2026-11-22T03:00:00Z");
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos, TOLERANCE);

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }

  private Duration ahead() {
    return Duration.between(wall, clock.instant());
  }

  /** Looked at every so often, as a ledger does. */
  private void passLooking(Duration time) {
    for (int i = 0; i < 1_000; i++) {
      pass(time.dividedBy(1_000));
      clock.instant();
    }
  }

  @Test
  void an_hour_that_the_wall_clock_is_set_ahead_takes_ten_to_make_up() {
    wall = wall.plus(Duration.ofHours(1));
    assertThat(ahead()).isEqualTo(Duration.ofHours(-1));

    passLooking(Duration.ofMinutes(1));
    assertThat(ahead()).isBetween(Duration.ofMillis(-3_594_010), Duration.ofSeconds(-3_594));
    passLooking(Duration.ofHours(10));
    assertThat(ahead()).isZero();
  }

  @Test
  void a_correction_of_some_milliseconds_is_followed_within_a_tenth_of_a_second() {
    wall = wall.minusMillis(8);
    passLooking(Duration.ofMillis(100));
    assertThat(ahead()).isZero();
  }

  @Test
  void a_jump_while_nobody_looked_is_made_up_from_when_somebody_does() {
    pass(Duration.ofHours(20));
    wall = wall.plus(Duration.ofHours(1));

    assertThat(ahead()).isEqualTo(Duration.ofHours(-1));
  }

  @Test
  void a_clock_that_ran_ahead_is_set_back_though_the_wall_clock_is_right_again() {
    wall = wall.plus(Duration.ofHours(1));
    passLooking(Duration.ofHours(1));
    wall = wall.minus(Duration.ofHours(1));
    assertThat(ahead()).isGreaterThan(Duration.ofMinutes(5));

    clock.heardOf(wall);

    assertThat(ahead()).isZero();
    passLooking(Duration.ofMinutes(1));
    assertThat(ahead()).isZero();
  }

  @Test
  void a_wall_clock_that_has_just_jumped_is_not_followed_any_further() {
    Instant right = wall;
    wall = wall.plus(Duration.ofHours(1));
    clock.heardOf(right);

    assertThat(ahead()).isEqualTo(Duration.ofHours(-1));
    passLooking(Duration.ofHours(2));
    assertThat(ahead()).isEqualTo(Duration.ofHours(-1));
  }

  @Test
  void the_next_take_over_forgets_what_was_set_back() {
    clock.heardOf(wall.minus(Duration.ofHours(1)));
    clock.heardOf(wall);

    assertThat(ahead()).isEqualTo(Duration.ofHours(-1));
    passLooking(Duration.ofHours(10));
    assertThat(ahead()).isZero();
  }

  @Test
  void tells_the_same_instants_in_every_zone() {
    assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    assertThat(clock.withZone(ZoneId.of("Europe/London")).instant()).isEqualTo(clock.instant());
    assertThat(clock.withZone(ZoneId.of("Europe/London")).getZone())
        .isEqualTo(ZoneId.of("Europe/London"));
  }
}
