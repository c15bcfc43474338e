package io.bincard.application.repricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.repricing.RecordedPrices.Recorded;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RepricingTest {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final OffsetDateTime NOON = OffsetDateTime.parse("2010-12-01T12:00:00Z");
  private static final RuleId ALL = new RuleId("all");

  private static PolicyVersion policy(int percent, CurrencyCode currency, @Nullable Long budget) {
    CampaignId campaign = new CampaignId("launch");
    return new PolicyVersion(
        new PolicyFingerprint(Integer.toString(percent % 10).repeat(64)),
        new DiscountPolicy(
            currency,
            ZoneOffset.UTC,
            Map.of(),
            budget == null
                ? List.of()
                : List.of(new Campaign(campaign, new Money(budget, currency), null, null)),
            List.of(
                new Rule(
                    ALL,
                    0,
                    new Stacking.BestDeal(),
                    Scope.EVERYTHING,
                    Conditions.NONE,
                    new Benefit.PercentOff(new BasisPoints(100 * percent)),
                    null,
                    budget == null ? null : campaign))));
  }

  private static final PolicyVersion TEN = policy(10, GBP, null);

  private static final Cart CART =
      new Cart(
          List.of(
              new CartLine(new Sku("MUG"), new Quantity(1), new Money(100, GBP), null, Set.of())),
          Set.of(),
          null);

  /** An order of {@link #CART} that was priced by {@link #TEN}. */
  private static Recorded applied(long position, String order) {
    return new Recorded(
        position,
        new DiscountApplied(
            new OrderId(order),
            TEN.fingerprint(),
            NOON,
            null,
            Set.of(),
            Set.of(),
            TEN.pricing().price(CART, NOON, Set.of()),
            null));
  }

  @Test
  void what_comes_out_as_recorded_is_counted_and_no_more() {
    Repricing repricing = new Repricing(fingerprint -> TEN, 20);
    repricing.accept(applied(1, "one"));
    repricing.accept(applied(2, "two"));
    repricing.accept(new Recorded(3, new DiscountRevoked(new OrderId("two"))));

    assertThat(repricing.orders()).isEqualTo(2);
    assertThat(repricing.lines()).isEqualTo(2);
    assertThat(repricing.versions()).isEqualTo(1);
    assertThat(repricing.different()).isZero();
  }

  @Test
  void a_price_that_would_be_another_today_is_named() {
    PolicyVersion changed = policy(20, GBP, null);
    Repricing repricing = new Repricing(fingerprint -> changed, 1);
    repricing.accept(applied(7, "one"));
    repricing.accept(applied(8, "two"));

    assertThat(repricing.different()).isEqualTo(2);
    assertThat(repricing.differences())
        .containsExactly(
            new Repricing.Difference(7, new OrderId("one"), TEN.fingerprint(), 90, 80));
  }

  @Test
  void another_policy_has_budgets_of_its_own_and_gets_back_what_orders_give_back() {
    WhatIf other = new WhatIf(policy(50, GBP, 100L));
    other.accept(applied(1, "one"));
    other.accept(applied(2, "two"));
    other.accept(applied(3, "three"));
    other.accept(new Recorded(4, new DiscountRevoked(new OrderId("one"))));
    other.accept(applied(5, "four"));

    assertThat(other.rules()).isEqualTo(Map.of(ALL, new WhatIf.Total(4, 40, 3, 150)));
    assertThat(other.sums()).isEqualTo(new WhatIf.Sums(4, 400, 40, 150, 3, 1));
  }

  @Test
  void orders_in_another_currency_are_left_out_and_counted() {
    WhatIf other = new WhatIf(policy(50, new CurrencyCode("EUR"), null));
    other.accept(applied(1, "one"));

    assertThat(other.otherCurrency()).isEqualTo(1);
    assertThat(other.sums().orders()).isZero();
  }
}
