package io.bincard.domain.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Division that is exact until its last digit: half even, as IEEE 754 and accountants have it. */
public final class Rounding {

  private Rounding() {}

  /**
   * {@code amount * numerator / denominator}, rounded half even.
   *
   * @param amount not negative
   * @param numerator 0 to {@code denominator}, so that the result is no more than {@code amount}
   * @param denominator above 0
   */
  public static long halfEven(long amount, long numerator, long denominator) {
    if (Math.multiplyHigh(amount, numerator) != 0 || amount * numerator < 0) {
      return halfEvenBeyondLongs(amount, numerator, denominator);
    }
    long product = amount * numerator;
    long quotient = product / denominator;
    long rest = product - quotient * denominator;
    long toNext = denominator - rest;
    boolean up = rest > toNext || (rest == toNext && (quotient & 1) == 1);
    return up ? quotient + 1 : quotient;
  }

  private static long halfEvenBeyondLongs(long amount, long numerator, long denominator) {
    BigInteger product = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(numerator));
    return new BigDecimal(product)
        .divide(BigDecimal.valueOf(denominator), 0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }
}
