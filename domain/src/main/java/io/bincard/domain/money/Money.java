package io.bincard.domain.money;

import io.bincard.domain.InvalidValueException;

/**
 * An amount of money that is not negative, in minor units.
 *
 * @param amount minor units (pence, cents), 0 to {@value #MAX}
 */
public record Money(long amount, CurrencyCode currency) {

  /** 2^53 - 1: the largest integer that every JSON client reads exactly. */
  public static final long MAX = 9_007_199_254_740_991L;

  /**
   * @throws InvalidValueException if {@code amount} is negative or above {@value #MAX}
   */
  public Money {
    if (amount < 0 || amount > MAX) {
      throw new InvalidValueException(
          "an amount of money must be whole minor units from 0 to " + MAX);
    }
  }

  /** For reports and errors: {@code 1999 GBP}, in minor units. */
  @Override
  public String toString() {
    return amount + " " + currency;
  }
}
