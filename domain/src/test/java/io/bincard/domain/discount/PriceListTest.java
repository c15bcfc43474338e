package io.bincard.domain.discount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PriceListTest {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final Sku MUG = new Sku("MUG");
  private static final CategoryId MUGS = new CategoryId("mugs");
  private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-11-22T12:00:00Z");
  private static final CampaignId XMAS = new CampaignId("xmas");

  private static Money pence(long amount) {
    return new Money(amount, GBP);
  }

  private static Benefit.PerUnit percent(int percent) {
    return new Benefit.PercentOff(new BasisPoints(percent * 100));
  }

  private static Rule rule(String id, Scope scope, Conditions conditions, Benefit benefit) {
    return new Rule(
        new RuleId(id), 0, new Stacking.BestDeal(), scope, conditions, benefit, null, null);
  }

  private static Rule rule(String id, Benefit benefit) {
    return rule(id, Scope.ofSkus(Set.of(MUG)), Conditions.NONE, benefit);
  }

  private static Conditions from(long quantity) {
    return new Conditions(null, null, List.of(), quantity, null, Set.of());
  }

  private static PolicyVersion version(Rule... rules) {
    return new PolicyVersion(
        new PolicyFingerprint("a".repeat(64)),
        new DiscountPolicy(
            GBP,
            ZoneOffset.UTC,
            Map.of(MUG, MUGS),
            List.of(new Campaign(XMAS, pence(5), null, null)),
            List.of(rules)));
  }

  private static String list(long unitPrice, @Nullable CategoryId category, Rule... rules) {
    return PriceList.of(version(rules), MUG, pence(unitPrice), category, NOON).steps().stream()
        .map(
            step ->
                "%d: %d of %s"
                    .formatted(
                        step.from(),
                        step.finalPrice().amount(),
                        step.adjustments().stream().map(taken -> taken.rule().value()).toList()))
        .toList()
        .toString();
  }

  @Test
  void without_rules_it_is_the_list_price() {
    assertThat(PriceList.of(pence(250)).steps())
        .containsExactly(new PriceList.Step(1, pence(250), pence(250), List.of()));
    assertThat(list(250, null)).isEqualTo("[1: 250 of []]");
  }

  @Test
  void each_tier_that_changes_the_price_of_a_unit_is_a_step() {
    Benefit tiers =
        new Benefit.VolumeTiers(
            List.of(
                new Tier(1, percent(0)),
                new Tier(5, percent(10)),
                new Tier(7, percent(10)),
                new Tier(10, percent(20))));

    assertThat(list(100, null, rule("tiers", tiers)))
        .isEqualTo("[1: 100 of [], 5: 450 of [tiers], 10: 800 of [tiers]]");
    assertThat(
            list(
                100,
                null,
                rule("graduated", new Benefit.GraduatedTiers(List.of(new Tier(3, percent(50)))))))
        .isEqualTo("[1: 100 of [], 3: 250 of [graduated]]");
  }

  @Test
  void a_least_quantity_a_least_order_and_what_must_be_bought_are_steps() {
    assertThat(list(100, null, rule("four", Scope.EVERYTHING, from(4), percent(25))))
        .isEqualTo("[1: 100 of [], 4: 300 of [four]]");
    Conditions order = new Conditions(null, null, List.of(), 0, pence(501), Set.of());
    assertThat(
            list(
                100,
                null,
                rule(
                    "order",
                    Scope.EVERYTHING,
                    order,
                    new Benefit.OrderPercentOff(new BasisPoints(1_000)))))
        .isEqualTo("[1: 100 of [], 6: 540 of [order]]");
    assertThat(
            list(
                100,
                null,
                rule("buy", new Benefit.BuyGet(2, 1, new BasisPoints(10_000), null, null))))
        .isEqualTo("[1: 100 of [], 3: 200 of [buy]]");
  }

  @Test
  void what_is_given_beside_other_things_is_no_step() {
    Scope boxes = Scope.ofSkus(Set.of(new Sku("BOX")));

    assertThat(
            list(
                100,
                null,
                rule("box", new Benefit.BuyGet(2, 1, new BasisPoints(100), boxes, null))))
        .isEqualTo("[1: 100 of []]");
    assertThat(list(100, null, rule("boxes", boxes, from(3), percent(10))))
        .isEqualTo("[1: 100 of []]");
  }

  @Test
  void nobody_shows_a_coupon() {
    Conditions coupon =
        new Conditions(null, null, List.of(), 3, null, Set.of(new CouponCode("TEN")));

    assertThat(list(100, null, rule("ten", Scope.EVERYTHING, coupon, percent(10))))
        .isEqualTo("[1: 100 of []]");
  }

  @Test
  void the_policy_says_what_it_is_sold_as_unless_the_description_does() {
    Rule mugs = rule("mugs", Scope.ofCategories(Set.of(MUGS)), from(2), percent(10));

    assertThat(list(100, null, mugs)).isEqualTo("[1: 100 of [], 2: 180 of [mugs]]");
    assertThat(list(100, new CategoryId("tea"), mugs)).isEqualTo("[1: 100 of []]");
  }

  @Test
  void campaigns_pay_as_long_as_they_have_something_and_are_named() {
    Rule paid =
        new Rule(
            new RuleId("paid"),
            0,
            new Stacking.BestDeal(),
            Scope.EVERYTHING,
            Conditions.NONE,
            percent(10),
            null,
            XMAS);

    assertThat(
            PriceList.of(version(paid), MUG, pence(100), null, NOON)
                .steps()
                .getFirst()
                .adjustments()
                .getFirst()
                .campaign())
        .isEqualTo(XMAS);
  }

  @Test
  void half_a_penny_a_unit_is_a_step_too() {
    Benefit tiers =
        new Benefit.VolumeTiers(List.of(new Tier(2, new Benefit.PercentOff(new BasisPoints(100)))));

    PriceList.Step two =
        PriceList.of(version(rule("one", tiers)), MUG, pence(25), null, NOON).steps().getLast();

    assertThat(two.from()).isEqualTo(1);
    assertThat(
            PriceList.of(version(rule("one", tiers)), MUG, pence(51), null, NOON).steps().getLast())
        .isEqualTo(
            new PriceList.Step(
                2,
                pence(101),
                pence(50),
                PriceList.of(version(rule("one", tiers)), MUG, pence(51), null, NOON)
                    .steps()
                    .getLast()
                    .adjustments()));
  }

  @Test
  void what_is_free_and_what_is_beyond_money_has_no_steps_that_cannot_be_priced() {
    Conditions order = new Conditions(null, null, List.of(), 5, pence(501), Set.of());

    assertThat(list(0, null, rule("free", Scope.EVERYTHING, order, percent(10))))
        .isEqualTo("[1: 0 of []]");
    assertThat(list(Money.MAX, null, rule("two", Scope.EVERYTHING, from(2), percent(10))))
        .isEqualTo("[1: " + Money.MAX + " of []]");
  }

  @Test
  void no_more_numbers_of_units_are_priced_than_it_may() {
    List<Tier> tiers =
        IntStream.rangeClosed(1, PriceList.MAX_QUANTITIES + 10)
            .mapToObj(i -> new Tier(2L * i, percent(i)))
            .toList();

    List<PriceList.Step> steps =
        PriceList.of(
                version(rule("many", new Benefit.VolumeTiers(tiers))),
                MUG,
                pence(10_000),
                null,
                NOON)
            .steps();

    assertThat(steps).hasSize(PriceList.MAX_QUANTITIES);
    assertThat(steps.getLast().from()).isEqualTo(2L * (PriceList.MAX_QUANTITIES - 1));
  }

  @Test
  void another_currency_than_the_policys_is_a_mistake_of_the_caller() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PriceList.of(version(), MUG, new Money(1, new CurrencyCode("EUR")), null, NOON));
  }
}
