package io.bincard.domain.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @Test
  void ends_where_json_numbers_stop_being_exact() {
    assertThat(Quantity.MAX).isEqualTo((1L << 53) - 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, Quantity.MAX - 1, Quantity.MAX})
  void takes_whole_numbers_in_range(long units) {
    assertThat(new Quantity(units).units()).isEqualTo(units);
    assertThat(new Quantity(units)).hasToString(Long.toString(units));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Quantity.MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void refuses_numbers_out_of_range(long units) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Quantity(units))
        .withMessage("a quantity must be a whole number from 0 to 9007199254740991");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, Quantity.MAX})
  void takes_a_movement_of_at_least_one_unit(long units) {
    assertThat(Quantity.positive(units)).isEqualTo(new Quantity(units));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Quantity.MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void refuses_a_movement_of_nothing_or_out_of_range(long units) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> Quantity.positive(units))
        .withMessage("a quantity that moves must be a whole number from 1 to 9007199254740991");
  }
}
