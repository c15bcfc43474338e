package io.bincard.client.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.client.pace.Silence.Grade;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceTest {

  private static final Silence SILENCE =
      new Silence(Duration.ofNanos(15), Duration.ofNanos(20), Duration.ofNanos(30));

  @ParameterizedTest
  @CsvSource({
    "0, NONE, 15",
    "14, NONE, 1",
    "15, QUIET, 5",
    "19, QUIET, 1",
    "20, STALE, 10",
    "29, STALE, 1",
    "30, DEAD, 9223372036854775777",
    "-5, NONE, 20"
  })
  void each_grade_begins_at_its_time_and_says_when_the_next_one_does(
      long nanos, Grade grade, long untilNext) {
    assertThat(SILENCE.of(nanos)).isEqualTo(grade);
    assertThat(SILENCE.untilNext(nanos)).isEqualTo(untilNext);
  }
}
