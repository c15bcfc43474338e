package io.bincard.domain.policy;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Rules that share a budget. What is spent of it is not known here.
 *
 * @param budget what all orders together may be given; {@code null} for no limit
 * @param uses how many orders may be given something, at least 1; {@code null} for no limit
 * @param usesPerCustomer how many orders of one customer, at least 1; {@code null} for no limit
 */
public record Campaign(
    CampaignId id, @Nullable Money budget, @Nullable Long uses, @Nullable Long usesPerCustomer) {

  /**
   * @throws InvalidValueException if a number of uses is below 1
   */
  public Campaign {
    if ((uses != null && uses < 1) || (usesPerCustomer != null && usesPerCustomer < 1)) {
      throw new InvalidValueException("a number of uses must be at least 1");
    }
  }
}
