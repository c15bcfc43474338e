package io.bincard.domain.pricing;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cart under a policy in pence, told step by step. */
final class PricingScenario {

  static final CurrencyCode GBP = new CurrencyCode("GBP");

  private final List<Rule> rules = new ArrayList<>();
  private final List<Campaign> campaigns = new ArrayList<>();
  private final Map<Sku, CategoryId> categories = new HashMap<>();
  private final List<CartLine> lines = new ArrayList<>();
  private final Set<CouponCode> coupons = new HashSet<>();
  private final Set<CampaignId> exhausted = new HashSet<>();
  private @Nullable CustomerId customer;
  private OffsetDateTime at = OffsetDateTime.parse("2010-12-01T12:00:00Z");

  static Benefit.PercentOff percent(int percent) {
    return new Benefit.PercentOff(new BasisPoints(100 * percent));
  }

  static Benefit.OrderPercentOff orderPercent(int percent) {
    return new Benefit.OrderPercentOff(new BasisPoints(100 * percent));
  }

  static Benefit.AmountOff less(long pence) {
    return new Benefit.AmountOff(gbp(pence));
  }

  static Benefit.FixedPrice fixed(long pence) {
    return new Benefit.FixedPrice(gbp(pence));
  }

  static Benefit.OrderAmountOff orderLess(long pence) {
    return new Benefit.OrderAmountOff(gbp(pence));
  }

  static Money gbp(long pence) {
    return new Money(pence, GBP);
  }

  static Scope skus(String... skus) {
    return Scope.ofSkus(Set.of(skus).stream().map(Sku::new).collect(Collectors.toSet()));
  }

  static Scope category(String category) {
    return Scope.ofCategories(Set.of(new CategoryId(category)));
  }

  static Scope attribute(String name, String value) {
    return new Scope(Set.of(), Set.of(), Set.of(new Attribute(name, value)), Set.of(), Set.of());
  }

  /**
   * A rule while it is described; as it begins it is the best deal if it saves most, on all lines.
   */
  static final class Draft {
    private final String id;
    private final Benefit benefit;
    private int priority;
    private Stacking stacking = new Stacking.BestDeal();
    private Scope scope = Scope.EVERYTHING;
    private @Nullable Instant from;
    private @Nullable Instant until;
    private List<WeeklyHours> hours = List.of();
    private long minQuantity;
    private @Nullable Money minOrder;
    private Set<CouponCode> coupons = Set.of();
    private @Nullable Money maxPerOrder;
    private @Nullable CampaignId campaign;

    private Draft(String id, Benefit benefit) {
      this.id = id;
      this.benefit = benefit;
    }

    Draft priority(int value) {
      priority = value;
      return this;
    }

    Draft exclusive() {
      stacking = new Stacking.Exclusive();
      return this;
    }

    Draft in(String group) {
      stacking = new Stacking.WithinGroup(group);
      return this;
    }

    Draft on(Scope value) {
      scope = value;
      return this;
    }

    Draft from(String value) {
      from = Instant.parse(value);
      return this;
    }

    Draft until(String value) {
      until = Instant.parse(value);
      return this;
    }

    Draft during(WeeklyHours... value) {
      hours = List.of(value);
      return this;
    }

    Draft minQuantity(long value) {
      minQuantity = value;
      return this;
    }

    Draft minOrder(long pence) {
      minOrder = gbp(pence);
      return this;
    }

    Draft coupon(String code) {
      coupons = Set.of(new CouponCode(code));
      return this;
    }

    Draft atMost(long pence) {
      maxPerOrder = gbp(pence);
      return this;
    }

    Draft paidBy(String value) {
      campaign = new CampaignId(value);
      return this;
    }

    Rule rule() {
      return new Rule(
          new RuleId(id),
          priority,
          stacking,
          scope,
          new Conditions(from, until, hours, minQuantity, minOrder, coupons),
          benefit,
          maxPerOrder,
          campaign);
    }
  }

  static Draft rule(String id, Benefit benefit) {
    return new Draft(id, benefit);
  }

  PricingScenario given(Draft... drafts) {
    for (Draft draft : drafts) {
      rules.add(draft.rule());
    }
    return this;
  }

  PricingScenario campaign(String id, @Nullable Long usesPerCustomer) {
    campaigns.add(new Campaign(new CampaignId(id), null, null, usesPerCustomer));
    return this;
  }

  PricingScenario soldAs(String sku, String category) {
    categories.put(new Sku(sku), new CategoryId(category));
    return this;
  }

  PricingScenario line(String sku, long quantity, long pence) {
    return line(sku, quantity, pence, null);
  }

  PricingScenario line(
      String sku, long quantity, long pence, @Nullable String category, Attribute... attributes) {
    lines.add(
        new CartLine(
            new Sku(sku),
            new Quantity(quantity),
            gbp(pence),
            category == null ? null : new CategoryId(category),
            Set.of(attributes)));
    return this;
  }

  PricingScenario shows(String coupon) {
    coupons.add(new CouponCode(coupon));
    return this;
  }

  PricingScenario by(String who) {
    customer = new CustomerId(who);
    return this;
  }

  PricingScenario exhausted(String campaign) {
    exhausted.add(new CampaignId(campaign));
    return this;
  }

  PricingScenario at(String time) {
    at = OffsetDateTime.parse(time);
    return this;
  }

  Pricing pricing() {
    return new Pricing(new DiscountPolicy(GBP, ZoneOffset.UTC, categories, campaigns, rules));
  }

  PricedOrder priced() {
    return pricing().price(new Cart(lines, coupons, customer), at, exhausted);
  }

  /** What is to be paid for each line. */
  List<Long> prices() {
    return priced().lines().stream().map(PricedLine::finalPrice).toList();
  }

  /** The rules that applied to line {@code i} and what they took off it, as {@code rule -pence}. */
  List<String> adjustments(int i) {
    return priced().lines().get(i).adjustments().stream()
        .map(taken -> taken.rule() + " -" + taken.amount())
        .toList();
  }

  /** The rules that lost line {@code i}, as {@code rule REASON winner}. */
  List<String> lostOn(int i) {
    return priced().lines().get(i).lost().stream().map(PricingScenario::told).toList();
  }

  /** The rules that lost altogether, as {@code rule REASON} or {@code rule REASON winner}. */
  List<String> lost() {
    return priced().lost().stream().map(PricingScenario::told).toList();
  }

  private static String told(LostRule lost) {
    return lost.rule() + " " + lost.reason() + (lost.winner() == null ? "" : " " + lost.winner());
  }
}
