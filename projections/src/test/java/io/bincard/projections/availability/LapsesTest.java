package io.bincard.projections.availability;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LapsesTest {

  private int holds;

  private Reservations plus(Reservations before, long untilMillis, long units) {
    return before.plus(new HoldId(new UUID(0, ++holds)), Instant.ofEpochMilli(untilMillis), units);
  }

  private static OptionalLong lapsed(String lapses, long reserved, long nowMillis) {
    return Lapses.lapsed(lapses, reserved, Instant.ofEpochMilli(nowMillis));
  }

  @Test
  void nothing_promised_is_an_empty_text_and_nothing_lapses() {
    assertThat(Lapses.of(Reservations.NONE)).isEmpty();
    assertThat(lapsed("", 0, Long.MAX_VALUE / 2)).hasValue(0);
  }

  @Test
  void promises_that_lapse_at_one_time_are_one_entry_and_the_earliest_is_first() {
    Reservations reservations =
        plus(
            plus(plus(Reservations.NONE, 1_764_590_400_250L, 1), 1_764_590_400_000L, 2),
            1_764_590_400_000L,
            3);

    assertThat(Lapses.of(reservations)).isEqualTo("1764590400000:5 1764590400250:1");
  }

  @Test
  void a_promise_has_lapsed_from_its_millisecond_on() {
    String lapses = "1000:5 1250:1";

    assertThat(lapsed(lapses, 6, 999)).hasValue(0);
    assertThat(Lapses.lapsed(lapses, 6, Instant.ofEpochMilli(1000).minusNanos(1))).hasValue(0);
    assertThat(lapsed(lapses, 6, 1000)).hasValue(5);
    assertThat(lapsed(lapses, 6, 1249)).hasValue(5);
    assertThat(lapsed(lapses, 6, 1250)).hasValue(6);
    assertThat(lapsed(lapses, 6, Long.MAX_VALUE / 2)).hasValue(6);
  }

  @Test
  void one_time_more_than_a_row_keeps_is_beyond_what_it_can_say() {
    Reservations reservations = Reservations.NONE;
    for (int i = 1; i <= Lapses.MOST; i++) {
      reservations = plus(reservations, i, 2);
    }
    assertThat(lapsed(Lapses.of(reservations), 2 * Lapses.MOST, 1_000)).hasValue(2 * Lapses.MOST);

    reservations = plus(reservations, 100, 1);
    String lapses = Lapses.of(reservations);

    assertThat(lapses.split(" ")).hasSize(Lapses.MOST);
    assertThat(lapsed(lapses, reservations.total(), Lapses.MOST)).hasValue(2 * Lapses.MOST);
    assertThat(lapsed(lapses, reservations.total(), Lapses.MOST + 1)).isEmpty();
  }

  @Test
  void an_entry_counts_all_that_lapse_at_its_time_however_many() {
    Reservations reservations = Reservations.NONE;
    for (int i = 0; i < 5_000; i++) {
      reservations = plus(reservations, 1_000, 1);
    }
    reservations = plus(reservations, 2_000, 7);
    String lapses = Lapses.of(reservations);

    assertThat(lapses).isEqualTo("1000:5000");
    assertThat(lapsed(lapses, 5_007, 1_000)).hasValue(5_000);
    assertThat(lapsed(lapses, 5_007, 1_001)).isEmpty();
  }

  @Test
  void a_text_says_what_the_promises_say_or_nothing() {
    Random random = new Random(32);
    for (int run = 0; run < 300; run++) {
      Reservations reservations = Reservations.NONE;
      for (int i = random.nextInt(80); i > 0; i--) {
        reservations = plus(reservations, 1 + random.nextInt(120), 1 + random.nextInt(9));
      }
      String lapses = Lapses.of(reservations);
      boolean whole = lapses.split(" ").length < Lapses.MOST;
      for (int now = 0; now <= 130; now++) {
        OptionalLong lapsed = lapsed(lapses, reservations.total(), now);
        assertThat(lapsed.isPresent() || !whole).as("run %s at %s", run, now).isTrue();
        assertThat(lapsed.orElse(reservations.lapsed(Instant.ofEpochMilli(now))))
            .as("run %s at %s", run, now)
            .isEqualTo(reservations.lapsed(Instant.ofEpochMilli(now)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1000",
        "1000:",
        ":6",
        "1000:6x",
        "1000:-6",
        "1000:0 2000:6",
        "1000:7",
        "1000:3 1000:3",
        "2000:3 1000:3",
        "1000:3  2000:3",
        "1000:3 2000",
        "1000 2000:6",
        "1000:9223372036854775807 2000:9223372036854775807",
        "99999999999999999999:6"
      })
  void a_damaged_text_says_nothing(String lapses) {
    assertThat(lapsed(lapses, 6, 500)).isEmpty();
  }
}
