package io.bincard.domain.pricing;

import static io.bincard.domain.pricing.PricingScenario.attribute;
import static io.bincard.domain.pricing.PricingScenario.category;
import static io.bincard.domain.pricing.PricingScenario.fixed;
import static io.bincard.domain.pricing.PricingScenario.less;
import static io.bincard.domain.pricing.PricingScenario.orderLess;
import static io.bincard.domain.pricing.PricingScenario.orderPercent;
import static io.bincard.domain.pricing.PricingScenario.percent;
import static io.bincard.domain.pricing.PricingScenario.rule;
import static io.bincard.domain.pricing.PricingScenario.skus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit.BuyGet;
import io.bincard.domain.policy.Benefit.GraduatedTiers;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Benefit.VolumeTiers;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricingRulesTest {

  private static final BasisPoints FREE = new BasisPoints(10_000);

  private static PricingScenario scenario() {
    return new PricingScenario();
  }

  // What each kind of rule gives.

  @Test
  void without_rules_everything_costs_what_it_costs() {
    PricedOrder order = scenario().line("LAMP", 3, 250).line("CUP", 1, 99).priced();

    assertThat(order.listPrice()).isEqualTo(849);
    assertThat(order.finalPrice()).isEqualTo(849);
    assertThat(order.discount()).isZero();
    assertThat(order.lost()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"5, 50, 2", "7, 50, 4", "199, 12, 24", "100, 100, 100", "1, 49, 0"})
  void a_percentage_is_rounded_half_even_on_the_line(long price, int percent, long off) {
    assertThat(scenario().given(rule("p", percent(percent))).line("LAMP", 1, price).priced())
        .returns(off, PricedOrder::discount);
  }

  @Test
  void an_amount_comes_off_each_unit_and_never_more_than_there_is_to_pay() {
    assertThat(
            scenario().given(rule("a", less(60))).line("LAMP", 3, 250).line("PEN", 2, 50).prices())
        .containsExactly(570L, 0L);
  }

  @Test
  void amounts_beyond_all_numbers_take_no_more_than_everything() {
    assertThat(
            scenario()
                .given(rule("a", less(Money.MAX)))
                .line("PEN", 1L << 40, 1)
                .line("CUP", 3_000, 1)
                .prices())
        .containsExactly(0L, 0L);
  }

  @Test
  void a_fixed_price_holds_where_it_is_lower() {
    PricingScenario scenario =
        scenario().given(rule("f", fixed(200))).line("LAMP", 3, 250).line("PEN", 2, 50);

    assertThat(scenario.prices()).containsExactly(600L, 100L);
  }

  @ParameterizedTest
  @CsvSource({"9, 900", "10, 900", "49, 4410", "50, 4000"})
  void volume_tiers_price_all_units_by_the_tier_that_is_reached(long units, long price) {
    VolumeTiers tiers =
        new VolumeTiers(List.of(new Tier(10, percent(10)), new Tier(50, fixed(80))));

    assertThat(scenario().given(rule("v", tiers)).line("LAMP", units, 100).prices())
        .containsExactly(price);
  }

  @ParameterizedTest
  @CsvSource({"9, 900", "10, 990", "49, 4500", "50, 4580", "52, 4740"})
  void graduated_tiers_price_each_unit_by_the_tier_that_it_lies_in(long units, long price) {
    GraduatedTiers tiers =
        new GraduatedTiers(List.of(new Tier(10, percent(10)), new Tier(50, fixed(80))));

    assertThat(scenario().given(rule("g", tiers)).line("LAMP", units, 100).prices())
        .containsExactly(price);
  }

  @Test
  void tiers_count_the_units_of_a_sku_over_all_its_lines() {
    PricingScenario lines = scenario().line("LAMP", 6, 100).line("CUP", 9, 100).line("LAMP", 6, 90);

    assertThat(lines.given(rule("v", new VolumeTiers(List.of(new Tier(10, percent(10)))))).prices())
        .containsExactly(540L, 900L, 486L);
  }

  @Test
  void graduated_tiers_count_on_from_line_to_line() {
    PricingScenario lines = scenario().line("LAMP", 6, 100).line("LAMP", 6, 90);

    assertThat(
            lines.given(rule("g", new GraduatedTiers(List.of(new Tier(10, percent(10)))))).prices())
        .containsExactly(600L, 540L - 27);
  }

  @ParameterizedTest
  @CsvSource({"2, 200", "3, 200", "5, 400", "6, 400", "9, 600"})
  void who_buys_two_gets_the_third_free(long units, long price) {
    BuyGet threeForTwo = new BuyGet(2, 1, FREE, null, null);

    assertThat(scenario().given(rule("b", threeForTwo)).line("LAMP", units, 100).prices())
        .containsExactly(price);
  }

  @Test
  void the_cheapest_units_of_the_pool_are_free() {
    PricingScenario scenario =
        scenario()
            .given(rule("b", new BuyGet(2, 1, FREE, null, null)))
            .line("LAMP", 3, 500)
            .line("PEN", 1, 100)
            .line("CUP", 2, 200);

    assertThat(scenario.prices()).containsExactly(1500L, 0L, 200L);
  }

  @Test
  void buy_and_get_ends_after_so_many_times() {
    BuyGet once = new BuyGet(1, 1, new BasisPoints(5_000), null, 1L);

    assertThat(scenario().given(rule("b", once)).line("LAMP", 6, 100).prices())
        .containsExactly(550L);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "2, 1, 50", "4, 1, 50", "4, 3, 100", "1, 3, 0"})
  void who_buys_from_one_scope_gets_from_another(long lamps, long bulbs, long off) {
    BuyGet bulbForTwoLamps = new BuyGet(2, 1, new BasisPoints(5_000), skus("BULB"), null);

    assertThat(
            scenario()
                .given(rule("b", bulbForTwoLamps).on(skus("LAMP", "BULB")))
                .line("LAMP", lamps, 1_000)
                .line("BULB", bulbs, 100)
                .priced()
                .discount())
        .isEqualTo(off);
  }

  @Test
  void a_reward_may_be_outside_of_the_rules_scope_and_in_part() {
    BuyGet bulbs = new BuyGet(1, 3, FREE, skus("BULB"), null);

    assertThat(
            scenario()
                .given(rule("b", bulbs).on(category("lamps")).minQuantity(1))
                .soldAs("LAMP", "lamps")
                .line("LAMP", 1, 1_000)
                .line("BULB", 2, 100)
                .prices())
        .containsExactly(1_000L, 0L);
  }

  @Test
  void everything_may_be_a_reward() {
    BuyGet anything = new BuyGet(1, 1, FREE, Scope.EVERYTHING, null);

    assertThat(scenario().given(rule("b", anything).on(skus("LAMP"))).line("LAMP", 1, 100).lost())
        .containsExactly("b NOTHING_TO_SAVE");
  }

  @Test
  void an_order_discount_is_shared_out_by_price_and_its_rest_falls_to_the_largest_line() {
    PricingScenario scenario =
        scenario()
            .given(rule("o", orderLess(100)))
            .line("LAMP", 1, 1_000)
            .line("CUP", 1, 1_001)
            .line("PEN", 1, 1_000);

    assertThat(scenario.prices()).containsExactly(967L, 967L, 967L);
    assertThat(scenario.priced().discount()).isEqualTo(100);
  }

  @Test
  void an_order_percentage_is_rounded_once() {
    PricingScenario scenario =
        scenario()
            .given(rule("o", orderPercent(50)))
            .line("A", 1, 1)
            .line("B", 1, 1)
            .line("C", 1, 1);

    assertThat(scenario.priced().discount()).isEqualTo(2);
  }

  @Test
  void an_order_discount_takes_no_more_than_everything() {
    assertThat(scenario().given(rule("o", orderLess(500))).line("A", 1, 120).prices())
        .containsExactly(0L);
  }

  @Test
  void a_rule_gives_no_more_than_its_limit_per_order() {
    PricingScenario scenario =
        scenario()
            .given(rule("p", percent(50)).atMost(100))
            .line("LAMP", 1, 300)
            .line("CUP", 1, 100);

    assertThat(scenario.prices()).containsExactly(225L, 75L);
  }

  // What a rule is about.

  @Test
  void a_scope_is_what_one_of_its_sets_names_less_what_is_excepted() {
    Scope scope =
        new Scope(
            Set.of(new Sku("LAMP")),
            Set.of(new CategoryId("cups"), new CategoryId("pens")),
            Set.of(new Attribute("brand", "acme")),
            Set.of(new Sku("CUP-2")),
            Set.of(new CategoryId("gifts")));
    PricingScenario scenario =
        scenario()
            .given(rule("p", percent(10)).on(scope))
            .soldAs("CUP-1", "cups")
            .soldAs("CUP-2", "cups")
            .line("LAMP", 1, 100)
            .line("CUP-1", 1, 100)
            .line("CUP-2", 1, 100)
            .line("CUP-1", 1, 100, "gifts")
            .line("BOX", 1, 100, "pens")
            .line("BAG", 1, 100, null, new Attribute("brand", "acme"))
            .line("LAMP", 1, 100, "gifts")
            .line("HAT", 1, 100, null, new Attribute("brand", "other"));

    assertThat(scenario.prices()).containsExactly(90L, 90L, 100L, 100L, 90L, 90L, 100L, 100L);
  }

  @Test
  void a_rule_finds_its_lines_by_attribute() {
    assertThat(
            scenario()
                .given(rule("p", percent(10)).on(attribute("brand", "acme")))
                .line("BAG", 1, 100, "bags", new Attribute("brand", "acme"))
                .prices())
        .containsExactly(90L);
  }

  @Test
  void many_rules_on_many_lines_find_each_other() {
    PricingScenario scenario = scenario();
    for (int i = 0; i < 40; i++) {
      scenario.given(rule("all-" + i, percent(1)).in("all"));
      scenario.line("SKU-" + i, 1, 10_000);
    }

    assertThat(scenario.priced().lines())
        .allSatisfy(line -> assertThat(line.adjustments()).hasSize(40));
  }

  // When a rule applies.

  @ParameterizedTest
  @CsvSource({
    "2010-11-30T23:59:59.999Z, p NOT_YET_VALID",
    "2010-12-01T00:00:00Z,",
    "2010-12-24T23:59:59.999Z,",
    "2010-12-25T00:00:00Z, p EXPIRED",
    "2010-12-25T00:30:00+01:00,"
  })
  void a_window_begins_with_its_first_instant_and_ends_before_its_last(
      String at, @Nullable String lost) {
    PricingScenario scenario =
        scenario()
            .given(
                rule("p", percent(10)).from("2010-12-01T00:00:00Z").until("2010-12-25T00:00:00Z"))
            .line("LAMP", 1, 100)
            .at(at);

    assertThat(scenario.lost()).isEqualTo(lost == null ? List.of() : List.of(lost));
    assertThat(scenario.prices()).containsExactly(lost == null ? 90L : 100L);
  }

  @ParameterizedTest
  @CsvSource({
    "2010-12-03T17:00:00+01:00,",
    "2010-12-03T17:00:00Z,",
    "2010-12-03T16:59:00+01:00, p OUTSIDE_HOURS",
    "2010-12-04T12:00:00Z, p OUTSIDE_HOURS",
    "2010-12-05T12:00:00Z,"
  })
  void recurring_hours_follow_the_clocks_of_the_policys_zone(String at, @Nullable String lost) {
    WeeklyHours fridayEvening =
        new WeeklyHours(Set.of(DayOfWeek.FRIDAY), LocalTime.of(17, 0), LocalTime.of(20, 0));
    WeeklyHours sunday = new WeeklyHours(Set.of(DayOfWeek.SUNDAY), LocalTime.MIN, LocalTime.MIN);
    PricingScenario scenario =
        scenario()
            .given(rule("p", percent(10)).during(fridayEvening, sunday))
            .line("LAMP", 1, 100)
            .at(at);

    assertThat(scenario.lost()).isEqualTo(lost == null ? List.of() : List.of(lost));
  }

  @ParameterizedTest
  @CsvSource({"3, p MINIMUM_QUANTITY_NOT_REACHED", "4,"})
  void a_minimum_quantity_counts_all_lines_of_the_scope(long units, @Nullable String lost) {
    PricingScenario scenario =
        scenario()
            .given(rule("p", percent(10)).on(skus("LAMP", "CUP")).minQuantity(5))
            .line("LAMP", units, 100)
            .line("CUP", 1, 100)
            .line("PEN", 9, 100);

    assertThat(scenario.lost()).isEqualTo(lost == null ? List.of() : List.of(lost));
  }

  @Test
  void a_reward_counts_for_no_minimum() {
    BuyGet bulb = new BuyGet(1, 1, FREE, skus("BULB"), null);

    assertThat(
            scenario()
                .given(rule("b", bulb).on(skus("LAMP")).minQuantity(2))
                .line("LAMP", 1, 100)
                .line("BULB", 1, 100)
                .lost())
        .containsExactly("b MINIMUM_QUANTITY_NOT_REACHED");
  }

  @Test
  void a_minimum_order_is_at_list_prices_on_lines_and_after_them_on_the_order() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("line", percent(10)).minOrder(1_000),
                rule("order", orderLess(50)).minOrder(1_000),
                rule("lower", orderLess(50)).minOrder(900))
            .line("LAMP", 10, 100);

    assertThat(scenario.prices()).containsExactly(850L);
    assertThat(scenario.lost()).containsExactly("order MINIMUM_ORDER_NOT_REACHED");
  }

  @Test
  void a_rule_with_a_coupon_wants_it_shown() {
    assertThat(
            scenario().given(rule("c", percent(10)).coupon("XMAS")).line("LAMP", 1, 100).prices())
        .containsExactly(100L);
    assertThat(
            scenario()
                .given(
                    rule("c", percent(10)).coupon("XMAS"),
                    rule("d", percent(20)).coupon("XMAS").on(skus("CUP")))
                .line("LAMP", 1, 100)
                .line("CUP", 1, 100)
                .shows("XMAS")
                .shows("OTHER")
                .prices())
        .containsExactly(90L, 80L);
  }

  @Test
  void a_policy_knows_its_coupons() {
    Pricing pricing = scenario().given(rule("c", percent(10)).coupon("XMAS")).pricing();

    assertThat(pricing.rulesOf(new CouponCode("XMAS"))).containsExactly(new RuleId("c"));
    assertThat(pricing.rulesOf(new CouponCode("EASTER"))).isEmpty();
  }

  @Test
  void a_campaign_that_has_nothing_left_pays_for_nothing() {
    PricingScenario scenario =
        scenario()
            .campaign("c", null)
            .given(rule("p", percent(10)).paidBy("c"), rule("q", percent(5)))
            .line("LAMP", 1, 100);

    assertThat(scenario.priced().discountByCampaign())
        .containsOnly(Map.entry(new CampaignId("c"), 10L));
    assertThat(scenario.exhausted("c").prices()).containsExactly(95L);
    assertThat(scenario.lost()).containsExactly("p CAMPAIGN_EXHAUSTED");
    assertThat(scenario.priced().discountByCampaign()).isEmpty();
  }

  @Test
  void a_limit_per_customer_wants_to_know_the_customer() {
    PricingScenario scenario =
        scenario().campaign("c", 1L).given(rule("p", percent(10)).paidBy("c")).line("LAMP", 1, 100);

    assertThat(scenario.lost()).containsExactly("p CUSTOMER_UNKNOWN");
    assertThat(scenario.by("anna").prices()).containsExactly(90L);
  }

  @Test
  void a_cart_in_another_currency_is_not_priced() {
    Cart euros =
        new Cart(
            List.of(
                new CartLine(
                    new Sku("LAMP"),
                    new Quantity(1),
                    new Money(100, new CurrencyCode("EUR")),
                    null,
                    Set.of())),
            Set.of(),
            null);
    Pricing pricing = scenario().pricing();

    assertThat(pricing.currency()).isEqualTo(PricingScenario.GBP);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () -> pricing.price(euros, OffsetDateTime.parse("2010-12-01T12:00:00Z"), Set.of()))
        .withMessage("a policy in GBP cannot price a cart in EUR");
  }

  // Who wins.

  @Test
  void the_best_deal_wins_a_line_and_the_others_are_told_why_not() {
    PricingScenario scenario =
        scenario()
            .given(rule("ten", percent(10)), rule("five", percent(5)), rule("amount", less(8)))
            .line("LAMP", 1, 100)
            .line("PEN", 1, 20);

    assertThat(scenario.adjustments(0)).containsExactly("ten -10");
    assertThat(scenario.adjustments(1)).containsExactly("amount -8");
    assertThat(scenario.lostOn(0))
        .containsExactly("amount BETTER_DEAL ten", "five BETTER_DEAL ten");
    assertThat(scenario.lostOn(1))
        .containsExactly("five BETTER_DEAL amount", "ten BETTER_DEAL amount");
  }

  @Test
  void of_equal_deals_the_one_with_the_higher_priority_wins() {
    PricingScenario scenario =
        scenario()
            .given(rule("a", percent(10)), rule("b", less(10)).priority(1))
            .line("LAMP", 1, 100);

    assertThat(scenario.adjustments(0)).containsExactly("b -10");
    assertThat(scenario.lostOn(0)).containsExactly("a BETTER_DEAL b");
  }

  @Test
  void rules_of_a_group_apply_one_after_the_other_to_what_is_left() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("second", percent(10)).in("g"),
                rule("first", less(50)).in("g").priority(5),
                rule("third", fixed(39)).in("g").priority(-1))
            .line("LAMP", 1, 100);

    assertThat(scenario.adjustments(0)).containsExactly("first -50", "second -5", "third -6");
  }

  @Test
  void a_group_competes_as_a_whole() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("one", percent(10)).in("g"),
                rule("two", percent(10)).in("g"),
                rule("other", percent(19)).in("h"),
                rule("deal", percent(18)))
            .line("LAMP", 1, 1_000)
            .line("PEN", 1, 3);

    assertThat(scenario.adjustments(0)).containsExactly("one -100", "two -90");
    assertThat(scenario.lostOn(0)).containsExactly("deal BETTER_DEAL one", "other BETTER_DEAL one");
    assertThat(scenario.adjustments(1)).containsExactly("deal -1");
    assertThat(scenario.lostOn(1)).containsExactly("other BETTER_DEAL deal");
  }

  @Test
  void the_rule_that_a_line_was_lost_to_is_one_that_has_something_for_it() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("a", percent(10)).in("g").on(skus("CUP")),
                rule("b", percent(10)).in("g").on(skus("LAMP", "CUP")),
                rule("c", percent(5)))
            .line("CUP", 1, 100)
            .line("LAMP", 1, 100);

    assertThat(scenario.lostOn(0)).containsExactly("c BETTER_DEAL a");
    assertThat(scenario.lostOn(1)).containsExactly("c BETTER_DEAL b");
  }

  @Test
  void an_exclusive_rule_has_its_lines_for_itself_also_against_better_deals() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("only", percent(5)).exclusive().on(skus("LAMP")),
                rule("half", percent(50)),
                rule("order", orderPercent(10)))
            .line("LAMP", 1, 100)
            .line("CUP", 1, 100);

    assertThat(scenario.prices()).containsExactly(95L, 45L);
    assertThat(scenario.lostOn(0)).containsExactly("half EXCLUDED only", "order EXCLUDED only");
    assertThat(scenario.adjustments(1)).containsExactly("half -50", "order -5");
  }

  @Test
  void of_exclusive_rules_the_first_by_priority_that_has_something_for_a_line_takes_it() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("low", percent(50)).exclusive(),
                rule("high", fixed(80)).exclusive().priority(9),
                rule("useless", fixed(900)).exclusive().priority(10))
            .line("LAMP", 1, 100)
            .line("CUP", 1, 70);

    assertThat(scenario.adjustments(0)).containsExactly("high -20");
    assertThat(scenario.lostOn(0)).containsExactly("low EXCLUDED high");
    assertThat(scenario.adjustments(1)).containsExactly("low -35");
    assertThat(scenario.lost()).containsExactly("useless NOTHING_TO_SAVE");
  }

  @Test
  void an_exclusive_rule_takes_every_line_whose_units_it_counted() {
    PricingScenario tiers =
        scenario()
            .given(
                rule("tiers", new GraduatedTiers(List.of(new Tier(10, percent(10))))).exclusive(),
                rule("half", percent(50)))
            .line("LAMP", 9, 100)
            .line("LAMP", 3, 100)
            .line("CUP", 3, 100);
    PricingScenario buyGet =
        scenario()
            .given(
                rule("gift", new BuyGet(1, 1, FREE, skus("BULB"), null))
                    .on(skus("LAMP"))
                    .exclusive(),
                rule("half", percent(50)))
            .line("LAMP", 1, 100)
            .line("BULB", 1, 10)
            .line("CUP", 1, 100);

    assertThat(tiers.prices()).containsExactly(900L, 270L, 150L);
    assertThat(tiers.lostOn(0)).containsExactly("half EXCLUDED tiers");
    assertThat(buyGet.prices()).containsExactly(100L, 0L, 50L);
    assertThat(buyGet.lostOn(0)).containsExactly("half EXCLUDED gift");
  }

  @Test
  void an_exclusive_rule_whose_limit_leaves_nothing_for_a_line_takes_it_nevertheless() {
    PricingScenario scenario =
        scenario()
            .given(rule("capped", percent(10)).exclusive().atMost(10), rule("half", percent(50)))
            .line("LAMP", 1, 10_000)
            .line("CUP", 1, 10);

    assertThat(scenario.prices()).containsExactly(9_990L, 10L);
    assertThat(scenario.lostOn(1)).containsExactly("half EXCLUDED capped");
  }

  @Test
  void a_rule_that_is_excluded_somewhere_and_saves_nothing_elsewhere_is_only_excluded() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("only", percent(10)).exclusive().on(skus("LAMP")), rule("other", percent(50)))
            .line("LAMP", 1, 100)
            .line("GIFT", 1, 0);

    assertThat(scenario.lostOn(0)).containsExactly("other EXCLUDED only");
    assertThat(scenario.lost()).isEmpty();
  }

  @Test
  void a_rule_of_a_group_that_those_before_it_left_nothing_lost_to_a_better_deal() {
    PricingScenario scenario =
        scenario()
            .given(rule("first", fixed(50)).in("g").priority(9), rule("second", fixed(60)).in("g"))
            .line("LAMP", 1, 100);

    assertThat(scenario.prices()).containsExactly(50L);
    assertThat(scenario.lost()).containsExactly("second BETTER_DEAL first");
  }

  @Test
  void more_rules_than_can_be_told_are_refused_before_they_are_gathered() {
    PricingScenario scenario = scenario();
    for (int i = 0; i < 100; i++) {
      scenario.given(rule("rule-" + i, percent(1)));
    }
    for (int i = 0; i < Pricing.MAX_TOUCHES / 100; i++) {
      scenario.line("LAMP", 1, 100);
    }

    assertThat(scenario.priced().lines()).hasSize(Pricing.MAX_TOUCHES / 100);
    assertThatExceptionOfType(TooManyRulesException.class)
        .isThrownBy(() -> scenario.line("LAMP", 1, 100).priced());
  }

  @Test
  void of_rules_on_the_order_the_best_deal_wins_the_order() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("amount", orderLess(120)),
                rule("percent", orderPercent(10)),
                rule("one", orderLess(60)).in("g"),
                rule("two", orderLess(50)).in("g"))
            .line("LAMP", 1, 1_000);

    assertThat(scenario.prices()).containsExactly(880L);
    assertThat(scenario.lost())
        .containsExactly(
            "one BETTER_DEAL amount", "two BETTER_DEAL amount", "percent BETTER_DEAL amount");
  }

  @Test
  void an_exclusive_rule_on_the_order_excludes_the_others_on_the_order_alone() {
    PricingScenario scenario =
        scenario()
            .given(
                rule("line", percent(10)),
                rule("nothing", orderLess(0)).exclusive().priority(9),
                rule("only", orderLess(1)).exclusive(),
                rule("more", orderPercent(50)).priority(5))
            .line("LAMP", 1, 1_000);

    assertThat(scenario.prices()).containsExactly(899L);
    assertThat(scenario.lost()).containsExactly("nothing NOTHING_TO_SAVE", "more EXCLUDED only");
  }

  @Test
  void rules_on_an_order_that_costs_nothing_have_nothing_to_save() {
    PricingScenario scenario =
        scenario().given(rule("o", orderLess(10)), rule("p", orderPercent(5))).line("LAMP", 1, 0);

    assertThat(scenario.lost()).containsExactly("o NOTHING_TO_SAVE", "p NOTHING_TO_SAVE");
  }

  @Test
  void an_order_says_what_each_rule_and_campaign_took_off_it() {
    PricedOrder order =
        scenario()
            .campaign("c", null)
            .given(rule("p", percent(10)).paidBy("c"), rule("o", orderLess(9)).paidBy("c"))
            .line("LAMP", 1, 100)
            .line("CUP", 2, 100)
            .priced();

    assertThat(order.discountByRule())
        .containsExactly(Map.entry(new RuleId("p"), 30L), Map.entry(new RuleId("o"), 9L));
    assertThat(order.discountByCampaign()).containsExactly(Map.entry(new CampaignId("c"), 39L));
  }
}
