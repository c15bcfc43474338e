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
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a price depends on. {@link #of} draws one over few SKUs, so that rules meet
 * often; the same seed draws the same on every machine, for ever.
 */
record PricingCase(DiscountPolicy policy, Cart cart, OffsetDateTime at, Set<CampaignId> exhausted) {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final List<Sku> SKUS =
      List.of(new Sku("A"), new Sku("B"), new Sku("C"), new Sku("D"));
  private static final List<CategoryId> CATEGORIES =
      List.of(new CategoryId("x"), new CategoryId("y"));
  private static final List<Attribute> ATTRIBUTES =
      List.of(new Attribute("brand", "p"), new Attribute("brand", "q"), new Attribute("new", "1"));
  private static final List<CouponCode> COUPONS =
      List.of(new CouponCode("K"), new CouponCode("L"), new CouponCode("M"));
  private static final List<CampaignId> CAMPAIGNS =
      List.of(new CampaignId("spring"), new CampaignId("summer"), new CampaignId("autumn"));

  /** Of a unit, so that a cart of them can be paid. */
  private static final long HIGHEST_PRICE = Money.MAX / 1_000;

  /** Around the one that most carts are priced at. */
  private static final List<Instant> INSTANTS =
      List.of(
          Instant.parse("2010-11-01T00:00:00Z"),
          Instant.parse("2010-12-03T17:30:00Z"),
          Instant.parse("2010-12-03T17:30:00.000000001Z"),
          Instant.parse("2010-12-03T23:00:00Z"),
          Instant.parse("2011-07-01T00:00:00Z"));

  PricedOrder priced() {
    return new Pricing(policy).price(cart, at, exhausted);
  }

  /** The same with other rules, or with other lines. */
  PricingCase with(List<Rule> rules, List<CartLine> lines) {
    return new PricingCase(
        new DiscountPolicy(
            policy.currency(), policy.zone(), policy.categories(), policy.campaigns(), rules),
        new Cart(lines, cart.coupons(), cart.customer()),
        at,
        exhausted);
  }

  static PricingCase of(long seed) {
    return new Draw(new Random(seed)).next();
  }

  private record Draw(Random random) {

    PricingCase next() {
      List<Rule> rules = new ArrayList<>();
      for (int i = random.nextInt(9); i > 0; i--) {
        rules.add(rule("r" + i));
      }
      Map<Sku, CategoryId> categories = new HashMap<>();
      for (Sku sku : SKUS) {
        if (random.nextBoolean()) {
          categories.put(sku, one(CATEGORIES));
        }
      }
      List<Campaign> campaigns =
          List.of(
              new Campaign(CAMPAIGNS.get(0), gbp(100), 1L, null),
              new Campaign(CAMPAIGNS.get(1), null, null, 1L),
              new Campaign(CAMPAIGNS.get(2), null, null, null));
      return new PricingCase(
          new DiscountPolicy(GBP, LONDON, categories, campaigns, rules),
          cart(),
          one(INSTANTS).atZone(LONDON).toOffsetDateTime(),
          random.nextInt(3) == 0 ? Set.of(one(CAMPAIGNS)) : Set.of());
    }

    private <T> T one(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }

    private boolean seldom() {
      return random.nextInt(6) == 0;
    }

    private <T> Set<T> some(List<T> values, int most) {
      Set<T> some = new HashSet<>();
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        some.add(one(values));
      }
      return some;
    }

    private Money amount() {
      int digits = random.nextInt(12) == 0 ? 15 : random.nextInt(3) + 1;
      long pence = 0;
      for (int i = 0; i < digits; i++) {
        pence = 10 * pence + random.nextInt(10);
      }
      return gbp(pence);
    }

    private BasisPoints part() {
      return new BasisPoints(
          random.nextBoolean() ? 100 * random.nextInt(101) : random.nextInt(10_001));
    }

    private PerUnit perUnit() {
      return switch (random.nextInt(4)) {
        case 0 -> new Benefit.AmountOff(amount());
        case 1 -> new Benefit.FixedPrice(amount());
        default -> new Benefit.PercentOff(part());
      };
    }

    private List<Tier> tiers() {
      TreeSet<Long> starts = new TreeSet<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        starts.add(1L + random.nextInt(20));
      }
      return starts.stream().map(start -> new Tier(start, perUnit())).toList();
    }

    private Scope scope() {
      if (random.nextInt(4) == 0) {
        return new Scope(Set.of(), Set.of(), Set.of(), some(SKUS, 1), some(CATEGORIES, 1));
      }
      return new Scope(
          some(SKUS, 2),
          some(CATEGORIES, 1),
          some(ATTRIBUTES, 1),
          seldom() ? some(SKUS, 1) : Set.of(),
          seldom() ? some(CATEGORIES, 1) : Set.of());
    }

    private Benefit benefit() {
      return switch (random.nextInt(9)) {
        case 0 -> new Benefit.VolumeTiers(tiers());
        case 1 -> new Benefit.GraduatedTiers(tiers());
        case 2, 3 ->
            new Benefit.BuyGet(
                1 + random.nextInt(4),
                1 + random.nextInt(3),
                part(),
                random.nextBoolean() ? scope() : null,
                random.nextInt(3) == 0 ? 1L + random.nextInt(2) : null);
        case 4 -> new Benefit.OrderPercentOff(part());
        case 5 -> new Benefit.OrderAmountOff(amount());
        default -> perUnit();
      };
    }

    private Stacking stacking() {
      return switch (random.nextInt(7)) {
        case 0 -> new Stacking.Exclusive();
        case 1, 2 -> new Stacking.WithinGroup("g");
        case 3 -> new Stacking.WithinGroup("h");
        default -> new Stacking.BestDeal();
      };
    }

    private Conditions conditions() {
      Instant from = seldom() ? one(INSTANTS) : null;
      Instant until = seldom() ? one(INSTANTS) : null;
      List<WeeklyHours> hours = new ArrayList<>();
      for (int i = seldom() ? 1 + random.nextInt(2) : 0; i > 0; i--) {
        hours.add(
            new WeeklyHours(
                random.nextBoolean()
                    ? EnumSet.allOf(DayOfWeek.class)
                    : EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.of(1 + random.nextInt(7))),
                LocalTime.of(random.nextInt(24), 30 * random.nextInt(2)),
                LocalTime.of(random.nextInt(24), 30 * random.nextInt(2))));
      }
      return new Conditions(
          from,
          from != null && until != null && !until.isAfter(from) ? null : until,
          hours,
          seldom() ? random.nextInt(12) : 0,
          seldom() ? amount() : null,
          random.nextInt(4) == 0 ? some(COUPONS, 2) : Set.of());
    }

    private Rule rule(String id) {
      return new Rule(
          new RuleId(id),
          random.nextInt(3) - 1,
          stacking(),
          scope(),
          conditions(),
          benefit(),
          random.nextInt(4) == 0 ? amount() : null,
          random.nextInt(4) == 0 ? one(CAMPAIGNS) : null);
    }

    private Cart cart() {
      List<CartLine> lines = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        lines.add(
            new CartLine(
                one(SKUS),
                new Quantity(1L + random.nextInt(random.nextBoolean() ? 4 : 25)),
                gbp(Math.min(amount().amount(), HIGHEST_PRICE)),
                random.nextInt(3) == 0 ? one(CATEGORIES) : null,
                some(ATTRIBUTES, 2)));
      }
      return new Cart(lines, some(COUPONS, 2), customer());
    }

    private @Nullable CustomerId customer() {
      return random.nextBoolean() ? new CustomerId("anna") : null;
    }
  }
}
