package io.bincard.domain.money;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1, 2, 0",
    "1, 1, 2, 0",
    "3, 1, 2, 2",
    "5, 1, 2, 2",
    "7, 1, 2, 4",
    "10, 1, 3, 3",
    "11, 1, 3, 4",
    "199, 1250, 10000, 25",
    "9007199254740991, 10000, 10000, 9007199254740991",
    "9007199254740991, 9007199254740990, 9007199254740991, 9007199254740990",
    "9007199254740991, 1, 2, 4503599627370496"
  })
  void rounds_half_to_the_even_neighbour(
      long amount, long numerator, long denominator, long expected) {
    assertThat(Rounding.halfEven(amount, numerator, denominator)).isEqualTo(expected);
  }
}
