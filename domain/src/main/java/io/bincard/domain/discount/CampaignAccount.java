package io.bincard.domain.discount;

import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import java.util.HashMap;
import java.util.Map;

/**
 * What a campaign spent, in all or on one customer.
 *
 * @param version sequence of the last event of the account's stream, {@link #NO_VERSION} before the
 *     first
 * @param spent what orders have and did not give back, in minor units of each currency; a campaign
 *     keeps its account when a policy in another currency takes it over
 * @param uses orders that have something of it
 */
public record CampaignAccount(long version, Map<CurrencyCode, Long> spent, long uses) {

  /** The version of an account that nothing was taken from yet. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 1;

  /** An account that nothing was taken from yet. */
  public static final CampaignAccount UNTOUCHED = new CampaignAccount(NO_VERSION, Map.of(), 0);

  /**
   * @throws IllegalArgumentException if a figure is out of its range; no accepted command leads
   *     there, so the stored events or the snapshot are not what was once written
   */
  public CampaignAccount {
    spent = Map.copyOf(spent);
    if (version < NO_VERSION
        || spent.values().stream().anyMatch(amount -> amount <= 0 || amount > Money.MAX)
        || uses < 0
        || uses > Money.MAX) {
      throw new IllegalArgumentException(
          "no account can be at version "
              + version
              + " with "
              + spent
              + " spent in "
              + uses
              + " uses");
    }
  }

  /** The state after {@code event}; pure, and the only way the state moves, live and in replay. */
  public CampaignAccount evolve(DiscountEvent.OfAccount event) {
    return switch (event) {
      case BudgetSpent e -> new CampaignAccount(version + 1, with(e.amount(), 1), uses + 1);
      case BudgetReleased e -> new CampaignAccount(version + 1, with(e.amount(), -1), uses - 1);
    };
  }

  private Map<CurrencyCode, Long> with(Money amount, int sign) {
    Map<CurrencyCode, Long> after = new HashMap<>(spent);
    after.merge(amount.currency(), sign * amount.amount(), Long::sum);
    after.values().removeIf(left -> left == 0);
    return after;
  }

  /** What orders in {@code currency} have and did not give back, in minor units. */
  public long spent(CurrencyCode currency) {
    return spent.getOrDefault(currency, 0L);
  }
}
