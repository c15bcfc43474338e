package io.bincard.projections.reading;

import io.bincard.domain.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money as it is told.
 *
 * @param amount minor units
 * @param currency three letters
 */
public record Price(long amount, String currency) {

  public static Price of(Money money) {
    return new Price(money.amount(), money.currency().value());
  }

  /** The same of what may not be there. */
  public static @Nullable Price ofAny(@Nullable Money money) {
    return money == null ? null : of(money);
  }
}
