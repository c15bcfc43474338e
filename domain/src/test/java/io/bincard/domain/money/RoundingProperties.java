package io.bincard.domain.money;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class RoundingProperties {

  @Property
  void agrees_with_decimal_arithmetic(
      @ForAll @LongRange(max = Money.MAX) long amount,
      @ForAll @LongRange(max = Money.MAX) long one,
      @ForAll @LongRange(min = 1, max = Money.MAX) long other) {
    long numerator = Math.min(one, other);
    long denominator = Math.max(one, other);

    assertThat(Rounding.halfEven(amount, numerator, denominator))
        .isEqualTo(
            BigDecimal.valueOf(amount)
                .multiply(BigDecimal.valueOf(numerator))
                .divide(BigDecimal.valueOf(denominator), 0, RoundingMode.HALF_EVEN)
                .longValueExact());
  }
}
