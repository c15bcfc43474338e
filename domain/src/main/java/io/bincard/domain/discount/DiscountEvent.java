package io.bincard.domain.discount;

import io.bincard.domain.LedgerEvent;
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
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.OrderId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the discounts of orders and to the accounts of campaigns. Stored for ever: a
 * component may be added as nullable, never renamed or removed.
 */
public sealed interface DiscountEvent extends LedgerEvent {

  OrderId orderId();

  /** On the stream of the order. */
  sealed interface OfOrder extends DiscountEvent {}

  /** On the stream of an account. */
  sealed interface OfAccount extends DiscountEvent {

    AccountId account();

    /** What was taken or given back; 0 only of a part of a hold that comes to less than a cent. */
    Money amount();
  }

  /**
   * What of a campaign's account was promised to a hold.
   *
   * @param until from then on the promise has lapsed
   * @param uses 1 if the order's use of the campaign goes with the amount, 0 if it went before
   */
  record Promise(HoldId hold, Instant until, long uses) {}

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
   * A campaign is to pay for an order that is held; takes one use.
   *
   * @param customer on whose account with the campaign; {@code null} on the campaign's own
   */
  record BudgetReserved(
      CampaignId campaign,
      @Nullable CustomerId customer,
      OrderId orderId,
      Money amount,
      Promise promise)
      implements OfAccount {
    @Override
    public AccountId account() {
      return new AccountId(campaign, customer);
    }
  }

  /**
   * What was promised until {@code from} is promised until the time of {@code promise}.
   *
   * @param customer on whose account with the campaign; {@code null} on the campaign's own
   */
  record BudgetReservationExtended(
      CampaignId campaign,
      @Nullable CustomerId customer,
      OrderId orderId,
      Money amount,
      Promise promise,
      Instant from)
      implements OfAccount {
    @Override
    public AccountId account() {
      return new AccountId(campaign, customer);
    }
  }

  /**
   * A campaign paid for an order.
   *
   * @param customer on whose account with the campaign; {@code null} on the campaign's own
   * @param promise to the hold that was confirmed; {@code null} for an order without one, which
   *     takes one use
   */
  record BudgetSpent(
      CampaignId campaign,
      @Nullable CustomerId customer,
      OrderId orderId,
      Money amount,
      @Nullable Promise promise)
      implements OfAccount {

    /** For an order without a hold. */
    public BudgetSpent(
        CampaignId campaign, @Nullable CustomerId customer, OrderId orderId, Money amount) {
      this(campaign, customer, orderId, amount, null);
    }

    @Override
    public AccountId account() {
      return new AccountId(campaign, customer);
    }
  }

  /**
   * A campaign has back what it paid, or was to pay, for an order.
   *
   * @param customer on whose account with the campaign; {@code null} on the campaign's own
   * @param promise to the hold that ended; {@code null} if the order was paid for, whose use is
   *     given back too
   */
  record BudgetReleased(
      CampaignId campaign,
      @Nullable CustomerId customer,
      OrderId orderId,
      Money amount,
      @Nullable Promise promise)
      implements OfAccount {

    /** Of an order that was paid for. */
    public BudgetReleased(
        CampaignId campaign, @Nullable CustomerId customer, OrderId orderId, Money amount) {
      this(campaign, customer, orderId, amount, null);
    }

    @Override
    public AccountId account() {
      return new AccountId(campaign, customer);
    }
  }
}
