package io.bincard.domain.pricing;

import static io.bincard.domain.pricing.PricingScenario.GBP;
import static io.bincard.domain.pricing.PricingScenario.gbp;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Benefit.PerUnit;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Policies and carts over few SKUs, so that rules meet often; some amounts are at the limits. */
final class PricingArbitraries {

  private static final List<Sku> SKUS = List.of(new Sku("A"), new Sku("B"), new Sku("C"));
  private static final List<CategoryId> CATEGORIES =
      List.of(new CategoryId("x"), new CategoryId("y"));
  private static final List<Attribute> ATTRIBUTES =
      List.of(new Attribute("brand", "p"), new Attribute("brand", "q"));
  private static final List<CouponCode> COUPONS = List.of(new CouponCode("K"), new CouponCode("L"));

  private PricingArbitraries() {}

  private static <T> Arbitrary<Set<T>> some(List<T> values) {
    return Arbitraries.of(values).set().ofMaxSize(2);
  }

  private static Arbitrary<Money> amounts() {
    return Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.longs().between(0, 3_000)),
            Tuple.of(1, Arbitraries.longs().between(0, Money.MAX)))
        .map(pence -> gbp(pence));
  }

  private static Arbitrary<BasisPoints> parts() {
    return Arbitraries.integers().between(0, BasisPoints.WHOLE).map(BasisPoints::new);
  }

  private static Arbitrary<PerUnit> perUnit() {
    return Arbitraries.oneOf(
        parts().map(Benefit.PercentOff::new),
        amounts().map(Benefit.AmountOff::new),
        amounts().map(Benefit.FixedPrice::new));
  }

  private static Arbitrary<List<Tier>> tiers() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 20).set().ofMinSize(1).ofMaxSize(3),
            perUnit().list().ofSize(3))
        .as(
            (starts, benefits) -> {
              List<Long> rising = starts.stream().sorted().toList();
              List<Tier> tiers = new ArrayList<>();
              for (int i = 0; i < rising.size(); i++) {
                tiers.add(new Tier(rising.get(i), benefits.get(i)));
              }
              return tiers;
            });
  }

  private static Arbitrary<Scope> scopes() {
    return Combinators.combine(
            some(SKUS), some(CATEGORIES), some(ATTRIBUTES), some(SKUS), some(CATEGORIES))
        .as(Scope::new);
  }

  private static Arbitrary<Benefit> buyGet() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 4),
            Arbitraries.longs().between(1, 3),
            parts(),
            scopes().injectNull(0.5),
            Arbitraries.longs().between(1, 2).injectNull(0.7))
        .as(Benefit.BuyGet::new);
  }

  private static Arbitrary<Benefit> benefits() {
    return Arbitraries.oneOf(
        perUnit(),
        perUnit(),
        tiers().map(Benefit.VolumeTiers::new),
        tiers().map(Benefit.GraduatedTiers::new),
        buyGet(),
        parts().map(Benefit.OrderPercentOff::new),
        amounts().map(Benefit.OrderAmountOff::new));
  }

  private static Arbitrary<Stacking> stackings() {
    return Arbitraries.of(
        new Stacking.BestDeal(),
        new Stacking.BestDeal(),
        new Stacking.WithinGroup("g"),
        new Stacking.WithinGroup("h"),
        new Stacking.Exclusive());
  }

  private static Arbitrary<Conditions> conditions() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 6),
            amounts().injectNull(0.8),
            Arbitraries.of(COUPONS).set().ofMaxSize(1),
            Arbitraries.of(
                    Instant.parse("2010-11-01T00:00:00Z"), Instant.parse("2011-01-01T00:00:00Z"))
                .injectNull(0.8))
        .as(
            (minQuantity, minOrder, coupons, from) ->
                new Conditions(from, null, List.of(), minQuantity, minOrder, coupons));
  }

  static Arbitrary<List<Rule>> rules() {
    return Combinators.combine(
            Arbitraries.integers().between(-1, 1),
            stackings(),
            scopes(),
            conditions(),
            benefits(),
            amounts().injectNull(0.7))
        .as(
            (priority, stacking, scope, conditions, benefit, maxPerOrder) ->
                new Rule(
                    new RuleId("r"),
                    priority,
                    stacking,
                    scope,
                    conditions,
                    benefit,
                    maxPerOrder,
                    null))
        .list()
        .ofMaxSize(8)
        .map(PricingArbitraries::numbered);
  }

  private static List<Rule> numbered(List<Rule> rules) {
    List<Rule> numbered = new ArrayList<>();
    for (Rule rule : rules) {
      numbered.add(
          new Rule(
              new RuleId("r" + numbered.size()),
              rule.priority(),
              rule.stacking(),
              rule.scope(),
              rule.conditions(),
              rule.benefit(),
              rule.maxPerOrder(),
              null));
    }
    return numbered;
  }

  static DiscountPolicy policy(List<Rule> rules) {
    return new DiscountPolicy(
        GBP, ZoneOffset.UTC, Map.of(new Sku("A"), new CategoryId("x")), List.of(), rules);
  }

  private static Arbitrary<CartLine> lines() {
    return Combinators.combine(
            Arbitraries.of(SKUS),
            Arbitraries.longs().between(1, 25),
            Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.longs().between(0, 2_000)),
                Tuple.of(1, Arbitraries.longs().between(0, Money.MAX / 1_000))),
            Arbitraries.of(CATEGORIES).injectNull(0.5),
            some(ATTRIBUTES))
        .as(
            (sku, units, price, category, attributes) ->
                new CartLine(sku, new Quantity(units), gbp(price), category, attributes));
  }

  static Arbitrary<Cart> carts() {
    return Combinators.combine(
            lines().list().ofMinSize(1).ofMaxSize(6),
            some(COUPONS),
            Arbitraries.of(new CustomerId("anna")).injectNull(0.5))
        .as(Cart::new);
  }
}
