package io.bincard.domain.discount;

import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.stock.OrderId;
import org.jspecify.annotations.Nullable;

/**
 * Why a command on the discounts of an order is refused: the broken rule with its numbers.
 *
 * <p>Where several rules are broken the first of this list is named, so the order of the records
 * below is a promise.
 */
public sealed interface DiscountRejection {

  OrderId orderId();

  /** The order moved on since the sender looked. */
  record StaleOrderVersion(OrderId orderId, long expectedVersion, long actualVersion)
      implements DiscountRejection {}

  /** The order has its price already. */
  record DiscountAlreadyApplied(OrderId orderId) implements DiscountRejection {}

  /** The order has no price that could be taken back. */
  record DiscountNotApplied(OrderId orderId) implements DiscountRejection {}

  /** No policy was ever put in force. */
  record NoPolicyInForce(OrderId orderId) implements DiscountRejection {}

  /** The policy has prices in another currency. */
  record CurrencyNotSold(OrderId orderId, CurrencyCode requested, CurrencyCode expected)
      implements DiscountRejection {}

  /**
   * More rules are about the order than can be told with its price.
   *
   * @param most pairs of a line and a rule that is about it
   */
  record TooManyRules(OrderId orderId, long most) implements DiscountRejection {}

  /**
   * A coupon that was shown does not apply to this order at this time.
   *
   * @param reason of the first rule that asks for it; {@code null} if none is about this order
   */
  record CouponNotApplicable(OrderId orderId, CouponCode coupon, LostRule.@Nullable Reason reason)
      implements DiscountRejection {}

  /**
   * A campaign has less left than the order would take.
   *
   * @param limit what there is not enough of
   * @param requested minor units, or uses
   * @param left of the same
   */
  record BudgetExhausted(
      OrderId orderId, CampaignId campaign, Limit limit, long requested, long left)
      implements DiscountRejection {}

  /** What a campaign may run out of. */
  enum Limit {
    /** Its budget. */
    MONEY,
    /** The number of orders that it may be used for. */
    USES
  }
}
