package io.bincard.application.policy;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a version of the policy does with carts before it is in force: with those that were priced
 * last, and with one made for each of its rules.
 *
 * @param carts that were priced
 * @param compared those of them that the version before could price too
 * @param changed those of them whose price is another now
 * @param before what the compared ones cost together, in minor units
 * @param after what they cost now
 */
public record PolicyTrial(int carts, int compared, int changed, long before, long after) {

  /** Rules for which a cart is made; of more, as many spread over all. */
  static final int MAX_MADE = 2_000;

  private static final Sku ANY_SKU = new Sku("TRIAL");
  private static final CustomerId ANYBODY = new CustomerId("TRIAL");
  private static final long USUAL_PRICE = 10_000;
  private static final long MOST_UNITS = 1_000_000;

  /**
   * Prices the carts at {@code now}.
   *
   * @param before the version in force, {@code null} if there is none
   * @param recent carts that were priced last
   * @throws RuntimeException if the version cannot price one of them
   */
  public static PolicyTrial of(
      PolicyVersion version, @Nullable PolicyVersion before, Collection<Cart> recent, Instant now) {
    List<Cart> carts = new ArrayList<>(made(version));
    for (Cart cart : recent) {
      if (cart.currency().equals(version.policy().currency())) {
        carts.add(cart);
      }
    }
    int compared = 0;
    int changed = 0;
    long sumBefore = 0;
    long sumAfter = 0;
    for (Cart cart : carts) {
      PricedOrder after = version.pricing().price(cart, version.at(now), Set.of());
      if (before != null && before.policy().currency().equals(cart.currency())) {
        PricedOrder old = before.pricing().price(cart, before.at(now), Set.of());
        compared++;
        changed += old.finalPrice() == after.finalPrice() ? 0 : 1;
        sumBefore = together(sumBefore, old.finalPrice());
        sumAfter = together(sumAfter, after.finalPrice());
      }
    }
    return new PolicyTrial(carts.size(), compared, changed, sumBefore, sumAfter);
  }

  /** The sum, or the largest number if that is too small for it. Neither is negative. */
  private static long together(long sum, long price) {
    return sum + Math.min(price, Long.MAX_VALUE - sum);
  }

  private static List<Cart> made(PolicyVersion version) {
    List<Rule> rules = version.policy().rules();
    List<Cart> carts = new ArrayList<>();
    int step = Math.max(1, Math.ceilDiv(rules.size(), MAX_MADE));
    for (int i = 0; i < rules.size(); i += step) {
      Cart cart = cartFor(rules.get(i), version);
      if (cart != null) {
        carts.add(cart);
      }
    }
    return carts;
  }

  /**
   * A cart that {@code rule} is about, large enough for it; {@code null} if it would be larger than
   * a cart can be.
   */
  private static @Nullable Cart cartFor(Rule rule, PolicyVersion version) {
    Scope rewards = rule.benefit() instanceof Benefit.BuyGet buyGet ? buyGet.rewards() : null;
    long units = Math.max(rule.conditions().minQuantity(), unitsFor(rule.benefit()));
    Money least = rule.conditions().minOrder();
    long price = Math.max(USUAL_PRICE, least == null ? 0 : least.amount() / units + 1);
    Set<CouponCode> coupon =
        rule.conditions().coupons().stream().limit(1).collect(Collectors.toSet());
    try {
      List<CartLine> lines = new ArrayList<>();
      lines.add(line(rule.scope(), units, price, version));
      if (rewards != null) {
        lines.add(line(rewards, units, USUAL_PRICE, version));
      }
      return new Cart(lines, coupon, ANYBODY);
    } catch (InvalidValueException beyondLimits) {
      return null;
    }
  }

  private static CartLine line(Scope scope, long units, long price, PolicyVersion version) {
    Set<Attribute> attributes =
        scope.attributes().isEmpty() ? Set.of() : Set.of(scope.attributes().iterator().next());
    long most = Money.MAX / 2 / Math.max(1, units);
    return new CartLine(
        scope.skus().stream().findFirst().orElse(ANY_SKU),
        new Quantity(units),
        new Money(Math.min(price, most), version.policy().currency()),
        scope.skus().isEmpty() ? scope.categories().stream().findFirst().orElse(null) : null,
        attributes);
  }

  private static long unitsFor(Benefit benefit) {
    long units =
        switch (benefit) {
          case Benefit.VolumeTiers(var tiers) -> tiers.getLast().from();
          case Benefit.GraduatedTiers(var tiers) -> tiers.getLast().from();
          case Benefit.BuyGet buyGet -> buyGet.buy() + buyGet.get();
          case Benefit.PerUnit perUnit -> 1;
          case Benefit.OnOrder onOrder -> 1;
        };
    return Math.min(units, MOST_UNITS);
  }
}
