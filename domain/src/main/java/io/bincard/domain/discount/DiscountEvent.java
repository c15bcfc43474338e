package io.bincard.domain.discount;

import io.bincard.domain.Ordered;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the discounts of orders and to the accounts of campaigns. Stored for ever: a
 * component may be added as nullable, never renamed or removed.
 */
public sealed interface DiscountEvent {

  OrderId orderId();

  /** On the stream of the order. */
  sealed interface OfOrder extends DiscountEvent {}

  /** On the stream of an account. */
  sealed interface OfAccount extends DiscountEvent {

    AccountId account();

    /** What was taken or given back, above 0. */
    Money amount();
  }

  /**
   * The order has its price, for good. From what stands here it can be computed again and must come
   * out the same.
   *
   * @param policy by which version of the policy
   * @param pricedAt when, by the clocks of the policy's zone as they were set then
   * @param customer whose order it is, {@code null} if nobody said so
   * @param coupons that were shown
   * @param exhausted campaigns that had nothing left for this order
   * @param releaseStage what the order asked to be priced by, {@code null} for {@link
   *     ReleaseStage#STABLE}
   */
  record DiscountApplied(
      OrderId orderId,
      PolicyFingerprint policy,
      OffsetDateTime pricedAt,
      @Nullable CustomerId customer,
      Set<CouponCode> coupons,
      Set<CampaignId> exhausted,
      PricedOrder priced,
      @Nullable ReleaseStage releaseStage)
      implements OfOrder {
    public DiscountApplied {
      coupons = Ordered.copyOf(coupons, CouponCode::value);
      exhausted = Ordered.copyOf(exhausted, CampaignId::value);
    }

    /** What was priced. */
    public Cart cart() {
      return new Cart(priced.lines().stream().map(PricedLine::line).toList(), coupons, customer);
    }
  }

  /** The order does not come about. */
  record DiscountRevoked(OrderId orderId) implements OfOrder {}

  /**
   * A campaign paid for an order.
   *
   * @param customer on whose account with the campaign; {@code null} on the campaign's own
   */
  record BudgetSpent(
      CampaignId campaign, @Nullable CustomerId customer, OrderId orderId, Money amount)
      implements OfAccount {
    @Override
    public AccountId account() {
      return new AccountId(campaign, customer);
    }
  }

  /**
   * A campaign has back what it paid for an order.
   *
   * @param customer on whose account with the campaign; {@code null} on the campaign's own
   */
  record BudgetReleased(
      CampaignId campaign, @Nullable CustomerId customer, OrderId orderId, Money amount)
      implements OfAccount {
    @Override
    public AccountId account() {
      return new AccountId(campaign, customer);
    }
  }
}
