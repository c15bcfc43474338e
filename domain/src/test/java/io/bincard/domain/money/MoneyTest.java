package io.bincard.domain.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");

  @Test
  void says_minor_units_and_currency() {
    assertThat(new Money(1999, GBP)).hasToString("1999 GBP");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 9_007_199_254_740_992L, Long.MAX_VALUE})
  void refuses_what_is_negative_or_not_exact_in_json(long amount) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Money(amount, GBP))
        .withMessage("an amount of money must be whole minor units from 0 to 9007199254740991");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GB", "gbp", "GBPX", "G P", "ÄÖÜ"})
  void refuses_a_currency_that_is_not_three_letters(String code) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new CurrencyCode(code))
        .withMessage("a currency must be three letters A-Z");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10_001})
  void refuses_a_part_that_is_none(int basisPoints) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new BasisPoints(basisPoints))
        .withMessage("a percentage must be from 0 to 100");
  }

  @Test
  void a_part_is_rounded_half_even() {
    assertThat(new BasisPoints(5_000).of(5)).isEqualTo(2);
    assertThat(new BasisPoints(5_000).of(7)).isEqualTo(4);
    assertThat(new BasisPoints(1).of(5_001)).isEqualTo(1);
  }
}
