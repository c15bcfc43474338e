package io.bincard.domain.cart;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.Ordered;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Quantity;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be priced.
 *
 * @param lines 1 to {@value #MAX_LINES}, all in one currency; a SKU may stand in several
 * @param coupons at most {@value #MAX_COUPONS}
 * @param customer {@code null} for one who is not known; rules with a limit per customer do not
 *     apply then
 */
public record Cart(List<CartLine> lines, Set<CouponCode> coupons, @Nullable CustomerId customer) {

  public static final int MAX_LINES = 2_000;
  public static final int MAX_COUPONS = 20;

  /**
   * @throws InvalidValueException if there are no lines or too many lines or coupons, if currencies
   *     are mixed, or if all together have more units than {@value Quantity#MAX} or cost more than
   *     {@value Money#MAX}
   */
  public Cart {
    lines = List.copyOf(lines);
    coupons = Ordered.copyOf(coupons, CouponCode::value);
    if (lines.isEmpty() || lines.size() > MAX_LINES) {
      throw new InvalidValueException("a cart must have 1 to " + MAX_LINES + " lines");
    }
    if (coupons.size() > MAX_COUPONS) {
      throw new InvalidValueException("a cart must not have more than " + MAX_COUPONS + " coupons");
    }
    CurrencyCode currency = lines.getFirst().unitPrice().currency();
    long left = Money.MAX;
    long unitsLeft = Quantity.MAX;
    for (CartLine line : lines) {
      if (!line.unitPrice().currency().equals(currency)) {
        throw new InvalidValueException("all lines of a cart must have the same currency");
      }
      left -= line.listPrice();
      unitsLeft -= line.quantity().units();
      if (left < 0 || unitsLeft < 0) {
        throw new InvalidValueException(
            "a cart must not cost more, or have more units, than " + Money.MAX);
      }
    }
  }

  public CurrencyCode currency() {
    return lines.getFirst().unitPrice().currency();
  }
}
