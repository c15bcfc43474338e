package io.bincard.domain.discount;

import io.bincard.domain.LedgerCommand;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.stock.OrderId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an order service asks of the discounts of an order. */
public sealed interface DiscountCommand extends LedgerCommand {

  OrderId orderId();

  /**
   * Price the order's cart by the policy in force, for good, and take it from the budgets.
   *
   * @param releaseStage by which version
   */
  record ApplyDiscount(
      OrderId orderId,
      List<CartLine> lines,
      Set<CouponCode> coupons,
      @Nullable CustomerId customer,
      OnExhausted onExhausted,
      ReleaseStage releaseStage)
      implements DiscountCommand {
    /**
     * @throws io.bincard.domain.InvalidValueException if lines and coupons are no {@link Cart}
     */
    public ApplyDiscount {
      Cart cart = new Cart(lines, coupons, customer);
      lines = cart.lines();
      coupons = cart.coupons();
    }

    /** By the policy in force. */
    public static ApplyDiscount of(OrderId orderId, Cart cart, OnExhausted onExhausted) {
      return new ApplyDiscount(
          orderId, cart.lines(), cart.coupons(), cart.customer(), onExhausted, ReleaseStage.STABLE);
    }

    /** What is to be priced. */
    public Cart cart() {
      return new Cart(lines, coupons, customer);
    }
  }

  /** The order does not come about: give the budgets back what they paid. */
  record RevokeDiscount(OrderId orderId) implements DiscountCommand {}

  /**
   * What to do if a campaign has too little left for what its rules would give. A customer who has
   * used it as often as allowed is another matter: it is not for that customer any more.
   */
  enum OnExhausted {
    /** Refuse: the customer was shown a price that cannot be kept. */
    REJECT,
    /** Price the order without that campaign. */
    SKIP
  }
}
