package io.bincard.domain.discount;

import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an order has its price, and who pays for what was taken off.
 *
 * @param version sequence of the last event of the order's stream, {@link #NO_VERSION} before the
 *     first
 * @param applied whether it has a price now
 * @param customer whose order it is, {@code null} if nobody said so
 * @param paid what each campaign pays, empty without a price
 */
public record OrderDiscount(
    long version, boolean applied, @Nullable CustomerId customer, Map<CampaignId, Money> paid) {

  /** The version of an order that never had a price. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 1;

  /** An order that never had a price. */
  public static final OrderDiscount UNKNOWN = new OrderDiscount(NO_VERSION, false, null, Map.of());

  public OrderDiscount {
    paid = Collections.unmodifiableMap(new LinkedHashMap<>(paid));
  }

  /** The state after {@code event}; pure, and the only way the state moves, live and in replay. */
  public OrderDiscount evolve(DiscountEvent.OfOrder event) {
    return switch (event) {
      case DiscountApplied e -> new OrderDiscount(version + 1, true, e.customer(), paidFor(e));
      case DiscountRevoked e -> new OrderDiscount(version + 1, false, null, Map.of());
    };
  }

  private static Map<CampaignId, Money> paidFor(DiscountApplied event) {
    CurrencyCode currency = event.priced().lines().getFirst().line().unitPrice().currency();
    Map<CampaignId, Money> paid = new LinkedHashMap<>();
    event
        .priced()
        .discountByCampaign()
        .forEach((campaign, amount) -> paid.put(campaign, new Money(amount, currency)));
    return paid;
  }
}
