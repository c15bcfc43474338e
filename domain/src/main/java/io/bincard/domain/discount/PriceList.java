package io.bincard.domain.discount;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import io.bincard.domain.money.Rounding;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.pricing.Adjustment;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an order of nothing but some units of one SKU costs, by number of units: of somebody who is
 * not known and shows no coupon, while campaigns have something left.
 *
 * @param steps the first one at 1 unit, each further one where the price of a unit changes; of the
 *     first {@value #MAX_QUANTITIES} numbers that some rule names
 */
public record PriceList(List<Step> steps) {

  /** Numbers of units that are priced at most. */
  public static final int MAX_QUANTITIES = 50;

  public PriceList {
    steps = List.copyOf(steps);
  }

  /**
   * From so many units on.
   *
   * @param from units, of which {@code finalPrice} is the price
   * @param unitPrice of each, rounded half even
   * @param adjustments what each rule took off, in the order in which they applied
   */
  public record Step(long from, Money finalPrice, Money unitPrice, List<Adjustment> adjustments) {

    public Step {
      adjustments = List.copyOf(adjustments);
    }

    private boolean isCheaperOrDearerThan(Step other) {
      // By what all units cost: half a penny a unit is a change, too.
      BigInteger here = BigInteger.valueOf(finalPrice.amount());
      BigInteger there = BigInteger.valueOf(other.finalPrice.amount());
      return !here.multiply(BigInteger.valueOf(other.from))
          .equals(there.multiply(BigInteger.valueOf(from)));
    }
  }

  /** The list without any policy: the list price for any number of units. */
  public static PriceList of(Money unitPrice) {
    return new PriceList(List.of(new Step(1, unitPrice, unitPrice, List.of())));
  }

  /**
   * The prices of {@code sku} by {@code version} at {@code at}.
   *
   * @param unitPrice the list price, in the currency of the policy
   * @param category what the SKU is sold as; {@code null} if the policy is to say so
   * @throws IllegalArgumentException if the list price has another currency than the policy
   * @throws io.bincard.domain.pricing.TooManyRulesException if more rules are about the SKU than
   *     may be about an order
   */
  public static PriceList of(
      PolicyVersion version,
      Sku sku,
      Money unitPrice,
      @Nullable CategoryId category,
      OffsetDateTime at) {
    Stream.Builder<Step> steps = Stream.builder();
    Step last = null;
    for (long quantity : quantities(version, sku, unitPrice, category)) {
      Step step = step(version, line(sku, quantity, unitPrice, category), at);
      if (last == null || step.isCheaperOrDearerThan(last)) {
        steps.add(step);
        last = step;
      }
    }
    return new PriceList(steps.build().toList());
  }

  private static Step step(PolicyVersion version, CartLine line, OffsetDateTime at) {
    PricedLine priced =
        version
            .pricing()
            .price(new Cart(List.of(line), Set.of(), null), at, Set.of())
            .lines()
            .getFirst();
    long units = line.quantity().units();
    var currency = line.unitPrice().currency();
    return new Step(
        units,
        new Money(priced.finalPrice(), currency),
        new Money(Rounding.halfEven(priced.finalPrice(), 1, units), currency),
        priced.adjustments());
  }

  private static CartLine line(
      Sku sku, long quantity, Money unitPrice, @Nullable CategoryId category) {
    return new CartLine(sku, new Quantity(quantity), unitPrice, category, Set.of());
  }

  /** One unit, and each number of units from which on some rule about the SKU gives something. */
  private static SortedSet<Long> quantities(
      PolicyVersion version, Sku sku, Money unitPrice, @Nullable CategoryId category) {
    CartLine one = line(sku, 1, unitPrice, category);
    CategoryId soldAs = category == null ? version.policy().categories().get(sku) : category;
    long most =
        Math.min(Quantity.MAX, unitPrice.amount() == 0 ? 1 : Money.MAX / unitPrice.amount());
    return version.policy().rules().stream()
        .filter(rule -> rule.conditions().coupons().isEmpty() && rule.scope().covers(one, soldAs))
        .flatMapToLong(rule -> quantities(rule, unitPrice))
        .filter(quantity -> quantity >= 1 && quantity <= most)
        .boxed()
        .collect(
            () -> new TreeSet<>(Set.of(1L)),
            PriceList::addSmallest,
            (some, more) -> more.forEach(quantity -> addSmallest(some, quantity)));
  }

  private static void addSmallest(TreeSet<Long> quantities, Long quantity) {
    quantities.add(quantity);
    if (quantities.size() > MAX_QUANTITIES) {
      quantities.pollLast();
    }
  }

  private static LongStream quantities(Rule rule, Money unitPrice) {
    Money minOrder = rule.conditions().minOrder();
    long forMinOrder =
        minOrder == null || unitPrice.amount() == 0
            ? 0
            : Math.ceilDiv(minOrder.amount(), unitPrice.amount());
    LongStream ofBenefit =
        switch (rule.benefit()) {
          case Benefit.VolumeTiers(var tiers) -> tiers.stream().mapToLong(Benefit.Tier::from);
          case Benefit.GraduatedTiers(var tiers) -> tiers.stream().mapToLong(Benefit.Tier::from);
          case Benefit.BuyGet buyGet ->
              buyGet.rewards() == null
                  ? LongStream.of(buyGet.buy() + buyGet.get())
                  : LongStream.empty();
          case Benefit.PerUnit perUnit -> LongStream.empty();
          case Benefit.OnOrder onOrder -> LongStream.empty();
        };
    return LongStream.concat(
        LongStream.of(rule.conditions().minQuantity(), forMinOrder), ofBenefit);
  }
}
