package io.bincard.reconciliation.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandstillTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Standstill standstill = new Standstill(Duration.ofSeconds(10));

  private boolean begins(long reached, long goal, int second) {
    return standstill.begins(reached, goal, second * SECOND);
  }

  @Test
  void who_is_behind_and_does_not_move_is_told_once() {
    assertThat(begins(5, 9, 0)).isFalse();
    assertThat(begins(5, 90, 9)).isFalse();
    assertThat(begins(5, 91, 10)).isTrue();
    assertThat(begins(5, 92, 30)).isFalse();
  }

  @Test
  void who_moves_again_and_stops_again_is_told_again() {
    begins(5, 9, 0);
    begins(5, 9, 10);

    assertThat(begins(6, 9, 11)).isFalse();
    assertThat(begins(6, 9, 20)).isFalse();
    assertThat(begins(6, 9, 21)).isTrue();
  }

  @Test
  void who_is_slow_does_not_stand_still() {
    for (int second = 0; second < 100; second += 5) {
      assertThat(begins(second, 1_000_000, second)).isFalse();
    }
  }

  @Test
  void who_waits_for_nothing_does_not_stand_still() {
    begins(5, 5, 0);

    assertThat(begins(5, 5, 1_000)).isFalse();
    assertThat(begins(5, 6, 1_001)).isFalse();
    assertThat(begins(5, 6, 1_009)).isFalse();
    assertThat(begins(5, 6, 1_010)).isTrue();
  }

  @Test
  void where_nobody_knew_for_a_while_time_begins_anew() {
    begins(5, 9, 0);
    standstill.forget();

    assertThat(begins(5, 9, 10)).isFalse();
    assertThat(begins(5, 9, 19)).isFalse();
    assertThat(begins(5, 9, 20)).isTrue();
  }
}
