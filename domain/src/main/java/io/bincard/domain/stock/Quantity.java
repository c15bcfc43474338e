package io.bincard.domain.stock;

import io.bincard.domain.InvalidValueException;

/** A number of units, 0 to {@value #MAX}. */
public record Quantity(long units) {

  /** 2^53 - 1: the largest integer that every JSON client reads exactly. */
  public static final long MAX = 9_007_199_254_740_991L;

  public static final Quantity ZERO = new Quantity(0);

  /**
   * @throws InvalidValueException if {@code units} is negative or above {@value #MAX}
   */
  public Quantity {
    if (units < 0 || units > MAX) {
      throw new InvalidValueException("a quantity must be a whole number from 0 to " + MAX);
    }
  }

  /**
   * A quantity of at least one unit, as every movement needs it.
   *
   * @throws InvalidValueException if {@code units} is below 1 or above {@value #MAX}
   */
  public static Quantity positive(long units) {
    if (units < 1 || units > MAX) {
      throw new InvalidValueException(
          "a quantity that moves must be a whole number from 1 to " + MAX);
    }
    return new Quantity(units);
  }

  @Override
  public String toString() {
    return Long.toString(units);
  }
}
