package io.bincard.benchmarks.pricing;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Rules and carts, the same in every run. Six in ten rules are about one SKU, two about one
 * category, one gives tiers by quantity and one a fixed price; a quarter of all is over. Of what is
 * about a line the best deal is taken, so that a loop and a rule engine can do the same.
 */
record Market(DiscountPolicy policy, List<Cart> carts, OffsetDateTime now) {

  static final int LINES = 20;

  private static final int SKUS = 5_000;
  private static final int CATEGORIES = 200;
  private static final int CARTS = 1_000;
  private static final int SEED = 7;
  private static final CurrencyCode GBP = new CurrencyCode("GBP");

  static Market of(int rules) {
    Random random = new Random(SEED);
    OffsetDateTime now = OffsetDateTime.parse("2026-11-21T12:00:00Z");
    List<Rule> all = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      all.add(rule(i, random, now.toInstant()));
    }
    List<Cart> carts = new ArrayList<>();
    for (int i = 0; i < CARTS; i++) {
      carts.add(cart(random));
    }
    return new Market(
        new DiscountPolicy(GBP, ZoneOffset.UTC, Map.of(), List.of(), all), carts, now);
  }

  private static Rule rule(int number, Random random, Instant now) {
    Scope scope =
        switch (number % 10) {
          case 6, 7 -> Scope.ofCategories(Set.of(category(random.nextInt(CATEGORIES))));
          default -> Scope.ofSkus(Set.of(sku(random.nextInt(SKUS))));
        };
    Benefit benefit =
        switch (number % 10) {
          case 8 ->
              new Benefit.VolumeTiers(
                  List.of(
                      new Benefit.Tier(3, percent(random)), new Benefit.Tier(10, percent(random))));
          case 9 -> new Benefit.FixedPrice(new Money(100 + random.nextInt(9_900), GBP));
          default -> percent(random);
        };
    Instant until = random.nextInt(4) == 0 ? now.minusSeconds(1) : now.plusSeconds(1);
    return new Rule(
        new RuleId("rule-" + number),
        0,
        new Stacking.BestDeal(),
        scope,
        new Conditions(Instant.EPOCH, until, List.of(), 0, null, Set.of()),
        benefit,
        null,
        null);
  }

  private static Benefit.PercentOff percent(Random random) {
    return new Benefit.PercentOff(new BasisPoints(100 + 25 * random.nextInt(100)));
  }

  private static Cart cart(Random random) {
    List<CartLine> lines = new ArrayList<>();
    for (int sku : random.ints(0, SKUS).distinct().limit(LINES).toArray()) {
      lines.add(
          new CartLine(
              sku(sku),
              new Quantity(1 + random.nextInt(12)),
              new Money(100 + random.nextInt(9_900), GBP),
              category(sku % CATEGORIES),
              Set.of()));
    }
    return new Cart(lines, Set.of(), null);
  }

  private static Sku sku(int number) {
    return new Sku("SKU-" + number);
  }

  private static CategoryId category(int number) {
    return new CategoryId("category-" + number);
  }
}
