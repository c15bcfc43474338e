package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.discount.Quiet.Change;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuietTest {

  private static final long MILLI = 1_000_000;

  /** {@link System#nanoTime} may overflow. */
  private static final long BEGIN = Long.MAX_VALUE - 10 * MILLI;

  private final Quiet quiet =
      new Quiet(Duration.ofMillis(5), Duration.ofMillis(300), Duration.ofSeconds(10));

  private static long at(long milli) {
    return BEGIN + milli * MILLI;
  }

  private void changed(Change change, long atMilli) {
    quiet.changed(change, at(atMilli));
  }

  private long remaining(long atMilli) {
    return quiet.remaining(at(atMilli)) / MILLI;
  }

  @Test
  void files_that_are_moved_rest_soon() {
    changed(Change.MOVED, 0);
    assertThat(remaining(0)).isEqualTo(5);
    changed(Change.MOVED, 4);
    assertThat(remaining(5)).isEqualTo(4);
    assertThat(remaining(9)).isZero();
  }

  @Test
  void a_file_that_goes_away_and_comes_back_rests_late() {
    changed(Change.WRITTEN, 0);
    changed(Change.MOVED, 100);
    assertThat(remaining(105)).isEqualTo(295);
    assertThat(remaining(400)).isZero();
  }

  @Test
  void the_next_change_is_another_one() {
    changed(Change.WRITTEN, 0);
    assertThat(quiet.end()).isTrue();
    assertThat(quiet.isChanging()).isFalse();
    assertThat(quiet.end()).isFalse();

    changed(Change.MOVED, 1_000);
    assertThat(remaining(1_000)).isEqualTo(5);
  }

  @Test
  void a_change_without_end_is_over_at_last() {
    for (int at = 0; at < 10_000; at += 100) {
      assertThat(quiet.isOverdue(at(at))).isFalse();
      changed(Change.WRITTEN, at);
      assertThat(remaining(at)).isPositive();
    }
    assertThat(remaining(10_000)).isZero();
    assertThat(quiet.isOverdue(at(10_000))).isTrue();
  }

  @Test
  void nothing_is_overdue_when_nothing_changes() {
    assertThat(quiet.isOverdue(BEGIN)).isFalse();
  }
}
