package io.bincard.domain.stock;

import io.bincard.domain.InvalidValueException;

/** A signed change of a number of units, -{@value Quantity#MAX} to {@value Quantity#MAX}. */
public record Delta(long units) {

  /**
   * @throws InvalidValueException if {@code units} is farther from 0 than {@value Quantity#MAX}
   */
  public Delta {
    if (units < -Quantity.MAX || units > Quantity.MAX) {
      throw new InvalidValueException(
          "a delta must be a whole number from -" + Quantity.MAX + " to " + Quantity.MAX);
    }
  }

  /**
   * A change that changes something.
   *
   * @throws InvalidValueException if {@code units} is 0 or out of range
   */
  public static Delta nonZero(long units) {
    if (units == 0) {
      throw new InvalidValueException("a delta must not be 0");
    }
    return new Delta(units);
  }

  @Override
  public String toString() {
    return Long.toString(units);
  }
}
