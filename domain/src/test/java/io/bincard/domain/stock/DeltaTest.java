package io.bincard.domain.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTest {

  @ParameterizedTest
  @ValueSource(longs = {-Quantity.MAX, -1, 0, 1, Quantity.MAX})
  void takes_whole_numbers_as_far_from_0_as_a_quantity_goes(long units) {
    assertThat(new Delta(units).units()).isEqualTo(units);
    assertThat(new Delta(units)).hasToString(Long.toString(units));
  }

  @ParameterizedTest
  @ValueSource(longs = {-Quantity.MAX - 1, Quantity.MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE})
  void refuses_numbers_out_of_range(long units) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Delta(units))
        .withMessage("a delta must be a whole number from -9007199254740991 to 9007199254740991");
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Delta.nonZero(units));
  }

  @Test
  void refuses_a_change_that_changes_nothing() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> Delta.nonZero(0))
        .withMessage("a delta must not be 0");
    assertThat(Delta.nonZero(-7)).isEqualTo(new Delta(-7));
  }
}
