package io.bincard.domain.discount;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountCommand.RevokeDiscount;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
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
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random orders on two campaigns with little budget; the seed is in the report of a failure. */
class DiscountSimulation {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final long BUDGET = 1_500;
  private static final long USES = 6;
  private static final long USES_PER_CUSTOMER = 2;
  private static final CampaignId MONEY = new CampaignId("money");
  private static final CampaignId COUNTED = new CampaignId("counted");

  private static Rule percent(String id, int percent, String sku, CampaignId campaign) {
    return new Rule(
        new RuleId(id),
        0,
        new Stacking.WithinGroup("g"),
        Scope.ofSkus(Set.of(new Sku(sku))),
        Conditions.NONE,
        new Benefit.PercentOff(new BasisPoints(100 * percent)),
        null,
        campaign);
  }

  private static PolicyVersion policy() {
    return new PolicyVersion(
        new PolicyFingerprint("b".repeat(64)),
        new DiscountPolicy(
            GBP,
            ZoneOffset.UTC,
            Map.of(),
            List.of(
                new Campaign(MONEY, new Money(BUDGET, GBP), null, null),
                new Campaign(COUNTED, null, USES, USES_PER_CUSTOMER)),
            List.of(
                percent("a", 13, "A", MONEY),
                percent("b", 17, "B", COUNTED),
                percent("b2", 7, "B", MONEY))));
  }

  @Property(tries = 200)
  void budgets_are_never_overspent_and_always_what_the_orders_have(@ForAll long seed) {
    Random random = new Random(seed);
    PolicyVersion policy = policy();
    DiscountBook book = new DiscountBook(policy);
    Map<OrderId, DiscountApplied> open = new HashMap<>();
    for (int step = 0; step < 60; step++) {
      OrderId order = new OrderId("o" + random.nextInt(12));
      if (random.nextInt(3) == 0) {
        book.handle(new RevokeDiscount(order));
      } else {
        book.handle(
            ApplyDiscount.of(
                order, cart(random), random.nextBoolean() ? OnExhausted.SKIP : OnExhausted.REJECT));
      }
      if (!book.events.isEmpty()) {
        for (DiscountEvent event : book.events) {
          switch (event) {
            case DiscountApplied e -> open.put(e.orderId(), e);
            case DiscountRevoked e -> open.remove(e.orderId());
            case DiscountEvent.OfAccount e -> {}
          }
        }
        book.events.clear();
      }
      holds(book, open);
    }
    open.values().forEach(applied -> repricesEqual(applied, policy));
  }

  private static Cart cart(Random random) {
    CustomerId customer = random.nextBoolean() ? null : new CustomerId("c" + random.nextInt(3));
    return new Cart(
        List.of(line("A", random), line("B", random), line("C", random)), Set.of(), customer);
  }

  private static CartLine line(String sku, Random random) {
    return new CartLine(
        new Sku(sku),
        new Quantity(1 + random.nextInt(5)),
        new Money(random.nextInt(900), GBP),
        null,
        Set.of());
  }

  private static void holds(DiscountBook book, Map<OrderId, DiscountApplied> open) {
    assertThat(book.account(new AccountId(MONEY, null)).spent(GBP)).isBetween(0L, BUDGET);
    assertThat(book.account(new AccountId(COUNTED, null)).uses()).isBetween(0L, USES);
    book.accounts.forEach(
        (id, account) -> {
          assertThat(account.spent(GBP)).isEqualTo(spent(open, id));
          assertThat(account.uses()).isEqualTo(uses(open, id));
          if (id.campaign().equals(COUNTED) && id.customer() != null) {
            assertThat(account.uses()).isBetween(0L, USES_PER_CUSTOMER);
          }
        });
  }

  private static boolean isOf(DiscountApplied applied, AccountId id) {
    return applied.priced().discountByCampaign().containsKey(id.campaign())
        && (id.customer() == null || id.customer().equals(applied.cart().customer()));
  }

  private static long spent(Map<OrderId, DiscountApplied> open, AccountId id) {
    return open.values().stream()
        .filter(applied -> isOf(applied, id))
        .mapToLong(applied -> applied.priced().discountByCampaign().get(id.campaign()))
        .sum();
  }

  private static long uses(Map<OrderId, DiscountApplied> open, AccountId id) {
    return open.values().stream().filter(applied -> isOf(applied, id)).count();
  }

  private static void repricesEqual(DiscountApplied applied, PolicyVersion policy) {
    PricedOrder again =
        policy.pricing().price(applied.cart(), applied.pricedAt(), applied.exhausted());

    assertThat(again).isEqualTo(applied.priced());
  }
}
