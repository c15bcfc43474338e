package io.bincard.domain.policy;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be true for a rule to apply; all of it.
 *
 * @param from the first instant, {@code null} for no beginning
 * @param until the first instant after it, {@code null} for no end
 * @param hours one of these, if there are any
 * @param minQuantity units in the rule's scope, of all lines together; 0 for none
 * @param minOrder what the whole order must come to: at list prices for a rule on lines, after the
 *     discounts on lines for a rule on the order; {@code null} for nothing
 * @param coupons one of these must have been shown, if there are any
 */
public record Conditions(
    @Nullable Instant from,
    @Nullable Instant until,
    List<WeeklyHours> hours,
    long minQuantity,
    @Nullable Money minOrder,
    Set<CouponCode> coupons) {

  /** Always true. */
  public static final Conditions NONE = new Conditions(null, null, List.of(), 0, null, Set.of());

  /**
   * @throws InvalidValueException if the end is not after the beginning or a number of units
   *     negative
   */
  public Conditions {
    hours = List.copyOf(hours);
    coupons = Set.copyOf(coupons);
    if (from != null && until != null && !until.isAfter(from)) {
      throw new InvalidValueException("the end must be after the beginning");
    }
    if (minQuantity < 0) {
      throw new InvalidValueException("a minimum quantity must not be negative");
    }
  }
}
