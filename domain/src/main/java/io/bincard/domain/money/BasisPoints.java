package io.bincard.domain.money;

import io.bincard.domain.InvalidValueException;

/**
 * A part of a whole, exactly: hundredths of a percent.
 *
 * @param value 0 to {@value #WHOLE}, which is 100 %
 */
public record BasisPoints(int value) {

  public static final int WHOLE = 10_000;

  /**
   * @throws InvalidValueException if {@code value} is not from 0 to {@value #WHOLE}
   */
  public BasisPoints {
    if (value < 0 || value > WHOLE) {
      throw new InvalidValueException("a percentage must be from 0 to 100");
    }
  }

  /** This part of {@code amount}, which is not negative, rounded half even. */
  public long of(long amount) {
    return Rounding.halfEven(amount, value, WHOLE);
  }
}
