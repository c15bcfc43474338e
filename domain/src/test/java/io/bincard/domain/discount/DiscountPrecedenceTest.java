package io.bincard.domain.discount;

import static io.bincard.domain.discount.DiscountBook.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountCommand.RevokeDiscount;
import io.bincard.domain.discount.DiscountRejection.BudgetExhausted;
import io.bincard.domain.discount.DiscountRejection.CouponNotApplicable;
import io.bincard.domain.discount.DiscountRejection.CurrencyNotSold;
import io.bincard.domain.discount.DiscountRejection.DiscountAlreadyApplied;
import io.bincard.domain.discount.DiscountRejection.DiscountNotApplied;
import io.bincard.domain.discount.DiscountRejection.Limit;
import io.bincard.domain.discount.DiscountRejection.NoPolicyInForce;
import io.bincard.domain.discount.DiscountRejection.StaleOrderVersion;
import io.bincard.domain.discount.DiscountRejection.TooManyRules;
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
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.ExpectedVersion.Exactly;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which rule is named when a command breaks several: the first in the order of {@link
 * DiscountRejection}.
 */
class DiscountPrecedenceTest {

  private static final OrderId ORDER = new OrderId("o");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final CurrencyCode EUR = new CurrencyCode("EUR");
  private static final CouponCode UNKNOWN_COUPON = new CouponCode("NONE");
  private static final CampaignId XMAS = new CampaignId("xmas");

  /**
   * What an order is priced in; every part may break one rule.
   *
   * @param applied whether the order has its price already
   * @param policy whether there is one
   * @param currency of the cart; the policy is in pounds
   * @param many whether more rules are about it than can be told
   * @param coupon whether one is shown that nobody asks for
   * @param left of the campaign's budget, for an order that would take 10
   */
  private record Case(
      boolean revoke,
      boolean stale,
      boolean applied,
      boolean policy,
      CurrencyCode currency,
      boolean many,
      boolean coupon,
      long left) {

    /** Breaks no rule. */
    static final Case GOOD = new Case(false, false, false, true, GBP, false, false, 10);

    Decision<DiscountEvent, DiscountRejection> decision() {
      OrderDiscount order = new OrderDiscount(4, applied, null, Map.of());
      DiscountCommand command =
          revoke
              ? new RevokeDiscount(ORDER)
              : ApplyDiscount.of(ORDER, cart(currency, many, coupon), OnExhausted.REJECT);
      ExpectedVersion expected = stale ? new Exactly(3) : ExpectedVersion.ANY;
      return new Discounting(
              policy ? inForce() : null,
              account -> new CampaignAccount(0, Map.of(GBP, 100 - left), 1))
          .decide(command, order, expected, NOON);
    }

    /** The rules that are broken, each judged for itself, in the documented order. */
    List<Class<?>> broken() {
      List<Class<?>> broken = new ArrayList<>();
      add(broken, stale, StaleOrderVersion.class);
      add(broken, !revoke && applied, DiscountAlreadyApplied.class);
      add(broken, revoke && !applied, DiscountNotApplied.class);
      add(broken, !revoke && !policy, NoPolicyInForce.class);
      add(broken, !revoke && policy && !currency.equals(GBP), CurrencyNotSold.class);
      add(broken, !revoke && policy && many, TooManyRules.class);
      add(broken, !revoke && policy && coupon, CouponNotApplicable.class);
      add(broken, !revoke && policy && left < 10, BudgetExhausted.class);
      return broken;
    }

    private static void add(List<Class<?>> broken, boolean is, Class<?> rule) {
      if (is) {
        broken.add(rule);
      }
    }
  }

  private static Cart cart(CurrencyCode currency, boolean many, boolean coupon) {
    CartLine line =
        new CartLine(
            new Sku(many ? "MANY" : "A"),
            new Quantity(1),
            new Money(100, currency),
            null,
            Set.of());
    return new Cart(
        Collections.nCopies(many ? Cart.MAX_LINES : 1, line),
        coupon ? Set.of(UNKNOWN_COUPON) : Set.of(),
        null);
  }

  /** Ten percent off everything, paid by a campaign with 100. */
  private static PolicyVersion inForce() {
    return new PolicyVersion(
        new PolicyFingerprint("a".repeat(64)),
        new DiscountPolicy(
            GBP,
            ZoneOffset.UTC,
            Map.of(),
            List.of(new Campaign(XMAS, new Money(100, GBP), null, null)),
            Stream.concat(
                    Stream.of(rule("ten", Scope.EVERYTHING, 1_000, XMAS)),
                    IntStream.range(0, Pricing.MAX_TOUCHES / Cart.MAX_LINES)
                        .mapToObj(
                            i -> rule("r" + i, Scope.ofSkus(Set.of(new Sku("MANY"))), 1, null)))
                .toList()));
  }

  private static Rule rule(String id, Scope scope, int basisPoints, @Nullable CampaignId campaign) {
    return new Rule(
        new RuleId(id),
        0,
        new Stacking.BestDeal(),
        scope,
        Conditions.NONE,
        new Benefit.PercentOff(new BasisPoints(basisPoints)),
        null,
        campaign);
  }

  private record Broken(Case one, DiscountRejection rejection) {
    @Override
    public String toString() {
      return rejection.getClass().getSimpleName();
    }
  }

  /** One broken rule of each kind, in the order that is promised. */
  static Stream<Broken> everyRejectionInItsOrder() {
    return Stream.of(
        new Broken(
            new Case(false, true, false, true, GBP, false, false, 10),
            new StaleOrderVersion(ORDER, 3, 4)),
        new Broken(
            new Case(false, false, true, true, GBP, false, false, 10),
            new DiscountAlreadyApplied(ORDER)),
        new Broken(
            new Case(true, false, false, true, GBP, false, false, 10),
            new DiscountNotApplied(ORDER)),
        new Broken(
            new Case(false, false, false, false, GBP, false, false, 10),
            new NoPolicyInForce(ORDER)),
        new Broken(
            new Case(false, false, false, true, EUR, false, false, 10),
            new CurrencyNotSold(ORDER, EUR, GBP)),
        new Broken(
            new Case(false, false, false, true, GBP, true, false, 10),
            new TooManyRules(ORDER, Pricing.MAX_TOUCHES)),
        new Broken(
            new Case(false, false, false, true, GBP, false, true, 10),
            new CouponNotApplicable(ORDER, UNKNOWN_COUPON, null)),
        new Broken(
            new Case(false, false, false, true, GBP, false, false, 9),
            new BudgetExhausted(ORDER, XMAS, Limit.MONEY, 10, 9)));
  }

  @ParameterizedTest
  @MethodSource("everyRejectionInItsOrder")
  void every_rule_refuses_alone(Broken broken) {
    assertThat(broken.one().broken()).containsExactly(broken.rejection().getClass());
    assertThat(broken.one().decision()).isEqualTo(Decision.reject(broken.rejection()));
  }

  @Test
  void the_table_holds_every_rejection_in_the_documented_order() {
    assertThat(everyRejectionInItsOrder().<Class<?>>map(it -> it.rejection().getClass()).toList())
        .isEqualTo(documentedOrder());
  }

  @Test
  void the_first_broken_rule_is_named_all_over_the_grid() {
    assertThat(Case.GOOD.decision()).isInstanceOf(Decision.Accepted.class);
    for (Case one : grid()) {
      List<Class<?>> broken = one.broken();
      assertThat(broken).isSubsetOf(documentedOrder());
      if (broken.isEmpty()) {
        assertThat(one.decision()).as("%s", one).isInstanceOf(Decision.Accepted.class);
      } else {
        assertThat(one.decision())
            .as("%s", one)
            .isInstanceOfSatisfying(
                Decision.Rejected.class,
                it -> assertThat(it.rejection()).isExactlyInstanceOf(broken.getFirst()));
      }
    }
  }

  private static List<Case> grid() {
    List<Case> cases = new ArrayList<>();
    for (int bits = 0; bits < 1 << 8; bits++) {
      cases.add(
          new Case(
              (bits & 1) > 0,
              (bits & 2) > 0,
              (bits & 4) > 0,
              (bits & 8) > 0,
              (bits & 16) > 0 ? EUR : GBP,
              (bits & 32) > 0,
              (bits & 64) > 0,
              (bits & 128) > 0 ? 9 : 10));
    }
    return cases;
  }

  private static List<Class<?>> documentedOrder() {
    return List.of(DiscountRejection.class.getPermittedSubclasses());
  }
}
