package io.bincard.application.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.Keys;
import io.bincard.application.receipts.ReceiptTiers.Age;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTiersTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void a_uuid_v7_tells_when_it_was_made() {
    // The example of RFC 9562, appendix A.6.
    assertThat(CommandKey.of("017F22E2-79B0-7CC3-98C4-DC0C0C07398F").madeAt())
        .isEqualTo("2022-02-22T19:22:22Z");
    assertThat(CommandKey.of(Keys.uuidV7(NOW, 7)).madeAt()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello-1",
        "c232ab00-9414-41ec-b3c8-9f6bdeced846", // version 4
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f", // another variant
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2x79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
        "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f"
      })
  void any_other_key_has_no_visible_age(String key) {
    assertThat(CommandKey.of(key).madeAt()).isNull();
    assertThat(ReceiptTiers.DEFAULT.ageOf(CommandKey.of(key), NOW)).isEqualTo(Age.OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "-P90D, OPEN",
    "-P89D, OPEN",
    "-P0D, OPEN",
    "P2D, OPEN",
    "P2DT0.001S, AHEAD",
    "P40000D, AHEAD",
    "-P91D, EXPIRED",
    "-P20000D, EXPIRED"
  })
  void a_key_is_open_from_the_end_of_the_warm_tier_to_the_most_that_clocks_differ(
      String fromNow, Age age) {
    Instant made = NOW.plus(Duration.parse(fromNow));

    assertThat(ReceiptTiers.DEFAULT.ageOf(CommandKey.of(Keys.uuidV7(made, 1)), NOW)).isEqualTo(age);
  }

  @Test
  void a_millisecond_beyond_the_warm_tier_is_expired() {
    Instant made = NOW.minus(Duration.ofDays(90)).minusMillis(1);

    assertThat(ReceiptTiers.DEFAULT.ageOf(CommandKey.of(Keys.uuidV7(made, 1)), NOW))
        .isEqualTo(Age.EXPIRED);
  }

  @Test
  void tiers_that_make_no_sense_are_refused_by_name() {
    assertRefused(Duration.ofDays(8), Duration.ofDays(7), Duration.ZERO, "bincard.receipts.warm");
    assertRefused(
        Duration.ofHours(23), Duration.ofDays(7), Duration.ZERO, "bincard.receipts.hot must be");
    assertRefused(
        Duration.ofDays(7),
        Duration.ofDays(7),
        Duration.ofSeconds(-1),
        "bincard.receipts.clock-skew");
    assertThat(new ReceiptTiers(Duration.ofDays(7), Duration.ofDays(7), Duration.ZERO).kept())
        .isEqualTo(Duration.ofDays(7));
  }

  private static void assertRefused(Duration hot, Duration warm, Duration skew, String named) {
    assertThatThrownBy(() -> new ReceiptTiers(hot, warm, skew))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
