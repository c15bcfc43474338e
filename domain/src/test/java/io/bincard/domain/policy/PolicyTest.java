package io.bincard.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit.AmountOff;
import io.bincard.domain.policy.Benefit.BuyGet;
import io.bincard.domain.policy.Benefit.FixedPrice;
import io.bincard.domain.policy.Benefit.GraduatedTiers;
import io.bincard.domain.policy.Benefit.OrderAmountOff;
import io.bincard.domain.policy.Benefit.OrderPercentOff;
import io.bincard.domain.policy.Benefit.PercentOff;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Benefit.VolumeTiers;
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

  private static final PercentOff TENTH = new PercentOff(new BasisPoints(1_000));

  private static void refused(ThrowingCallable made, String rule) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(made).withMessage(rule);
  }

  private static Money money(String currency) {
    return new Money(100, new CurrencyCode(currency));
  }

  private static Rule rule(String id, Benefit benefit) {
    return new Rule(
        new RuleId(id),
        0,
        new Stacking.BestDeal(),
        Scope.EVERYTHING,
        Conditions.NONE,
        benefit,
        null,
        null);
  }

  private static DiscountPolicy policy(List<Campaign> campaigns, Rule... rules) {
    return new DiscountPolicy(
        new CurrencyCode("GBP"), ZoneOffset.UTC, Map.of(), campaigns, List.of(rules));
  }

  private static Campaign campaign(String id) {
    return new Campaign(new CampaignId(id), null, null, null);
  }

  @Test
  void refuses_an_id_that_stands_twice() {
    refused(
        () -> policy(List.of(), rule("a", TENTH), rule("a", TENTH)),
        "no rule may stand twice in a policy");
    refused(
        () -> policy(List.of(campaign("c"), campaign("c"))),
        "no campaign may stand twice in a policy");
  }

  @Test
  void refuses_a_campaign_that_there_is_not() {
    Rule rule = rule("a", TENTH);
    Rule ofCampaign =
        new Rule(
            rule.id(),
            0,
            rule.stacking(),
            rule.scope(),
            rule.conditions(),
            TENTH,
            null,
            new CampaignId("c"));

    refused(
        () -> policy(List.of(campaign("d")), ofCampaign),
        "a rule must name a campaign of its policy");
    assertThat(policy(List.of(campaign("c")), ofCampaign).rules()).hasSize(1);
  }

  @Test
  void refuses_an_amount_in_another_currency_wherever_it_stands() {
    String rule = "every amount of a policy must have its currency";
    Money foreign = money("EUR");
    List<Tier> tiers = List.of(new Tier(5, TENTH), new Tier(10, new FixedPrice(foreign)));
    for (Benefit benefit :
        List.of(
            new AmountOff(foreign),
            new FixedPrice(foreign),
            new VolumeTiers(tiers),
            new GraduatedTiers(tiers),
            new OrderAmountOff(foreign))) {
      refused(() -> policy(List.of(), rule("a", benefit)), rule);
    }
    refused(() -> policy(List.of(new Campaign(new CampaignId("c"), foreign, null, null))), rule);
    refused(() -> policy(List.of(), limited(foreign, null)), rule);
    refused(() -> policy(List.of(), limited(null, foreign)), rule);
  }

  private static Rule limited(@Nullable Money minOrder, @Nullable Money maxPerOrder) {
    return new Rule(
        new RuleId("a"),
        0,
        new Stacking.Exclusive(),
        Scope.EVERYTHING,
        new Conditions(null, null, List.of(), 0, minOrder, Set.of()),
        TENTH,
        maxPerOrder,
        null);
  }

  @Test
  void takes_what_has_no_amount_or_its_own() {
    DiscountPolicy policy =
        policy(
            List.of(new Campaign(new CampaignId("c"), money("GBP"), 5L, 1L)),
            rule("a", new BuyGet(2, 1, new BasisPoints(10_000), null, null)),
            rule("b", new OrderPercentOff(new BasisPoints(500))),
            rule("c", new AmountOff(money("GBP"))),
            limitedAs("d"));

    assertThat(policy.rules()).hasSize(4);
    assertThat(policy.campaign(new CampaignId("c"))).isEqualTo(policy.campaigns().getFirst());
    assertThat(policy.campaign(new CampaignId("x"))).isNull();
  }

  private static Rule limitedAs(String id) {
    Rule limited = limited(money("GBP"), money("GBP"));
    return new Rule(
        new RuleId(id),
        0,
        limited.stacking(),
        limited.scope(),
        limited.conditions(),
        TENTH,
        limited.maxPerOrder(),
        null);
  }

  @Test
  void the_larger_priority_goes_first_and_then_the_smaller_id() {
    Rule low = rule("a", TENTH);
    Rule lowToo = rule("b", TENTH);
    Rule high =
        new Rule(
            new RuleId("z"), 1, low.stacking(), low.scope(), low.conditions(), TENTH, null, null);

    assertThat(Stream.of(lowToo, low, high).sorted(Rule.BY_PRIORITY))
        .containsExactly(high, low, lowToo);
  }

  @Test
  void a_scope_includes_another_if_no_line_could_be_in_that_alone() {
    Set<Sku> a = Set.of(new Sku("A"));
    Set<CategoryId> x = Set.of(new CategoryId("x"));
    Set<Attribute> red = Set.of(new Attribute("colour", "red"));
    Scope all = Scope.EVERYTHING;
    Scope named = new Scope(a, x, red, Set.of(), Set.of());
    Scope butA = new Scope(Set.of(), Set.of(), Set.of(), a, Set.of());
    Scope butX = new Scope(Set.of(), Set.of(), Set.of(), Set.of(), x);

    assertThat(all.includes(all)).isTrue();
    assertThat(all.includes(named)).isTrue();
    assertThat(all.includes(butA)).isTrue();
    assertThat(butA.includes(butA)).isTrue();
    assertThat(butX.includes(butX)).isTrue();
    assertThat(named.includes(named)).isTrue();
    assertThat(named.includes(Scope.ofSkus(a))).isTrue();
    assertThat(named.includes(Scope.ofCategories(x))).isTrue();
    assertThat(named.includes(all)).isFalse();
    assertThat(butA.includes(all)).isFalse();
    assertThat(butX.includes(all)).isFalse();
    assertThat(butA.includes(Scope.ofSkus(a))).isFalse();
    assertThat(Scope.ofSkus(a).includes(named)).isFalse();
    assertThat(new Scope(a, x, Set.of(), Set.of(), Set.of()).includes(named)).isFalse();
    assertThat(Scope.ofSkus(a).includes(Scope.ofSkus(Set.of(new Sku("B"))))).isFalse();
  }

  @Test
  void refuses_tiers_that_do_not_rise() {
    refused(() -> new VolumeTiers(List.of()), "there must be a tier");
    refused(() -> new Tier(0, TENTH), "a tier must begin at 1 unit or more");
    refused(
        () -> new GraduatedTiers(List.of(new Tier(5, TENTH), new Tier(5, TENTH))),
        "each tier must begin above the one before");
  }

  @Test
  void refuses_units_to_buy_and_get_that_cannot_be() {
    BasisPoints free = new BasisPoints(10_000);
    for (long wrong : new long[] {0, BuyGet.MAX_UNITS + 1}) {
      refused(
          () -> new BuyGet(wrong, 1, free, null, null),
          "units to buy and to get must be 1 to 1000000");
      refused(
          () -> new BuyGet(1, wrong, free, null, null),
          "units to buy and to get must be 1 to 1000000");
    }
    refused(() -> new BuyGet(1, 1, free, null, 0L), "a number of times must be at least 1");
  }

  @Test
  void refuses_a_campaign_that_nobody_could_use() {
    refused(
        () -> new Campaign(new CampaignId("c"), null, 0L, null),
        "a number of uses must be at least 1");
    refused(
        () -> new Campaign(new CampaignId("c"), null, null, 0L),
        "a number of uses must be at least 1");
  }

  @Test
  void refuses_conditions_that_are_never_true() {
    Instant noon = Instant.parse("2010-12-01T12:00:00Z");
    refused(
        () -> new Conditions(noon, noon, List.of(), 0, null, Set.of()),
        "the end must be after the beginning");
    refused(
        () -> new Conditions(null, null, List.of(), -1, null, Set.of()),
        "a minimum quantity must not be negative");
    refused(
        () -> new WeeklyHours(Set.of(), LocalTime.MIN, LocalTime.NOON),
        "recurring hours must have a day");
    assertThat(new Conditions(noon, null, List.of(), 0, null, Set.of()).until()).isNull();
    assertThat(new Conditions(null, noon, List.of(), 0, null, Set.of()).from()).isNull();
    assertThat(new Conditions(noon, noon.plusNanos(1), List.of(), 0, null, Set.of()).minQuantity())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2010-12-03T22:00", "2010-12-03T23:59:59", "2010-12-04T01:59:59"})
  void hours_over_midnight_belong_to_the_day_on_which_they_begin(String time) {
    assertThat(fridayNight().contain(LocalDateTime.parse(time))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2010-12-03T21:59:59", "2010-12-03T01:00", "2010-12-04T02:00", "2010-12-04T22:00"})
  void hours_over_midnight_are_over_in_the_morning(String time) {
    assertThat(fridayNight().contain(LocalDateTime.parse(time))).isFalse();
  }

  private static WeeklyHours fridayNight() {
    return new WeeklyHours(Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(2, 0));
  }

  @Test
  void the_end_of_hours_within_a_day_is_not_in_them() {
    WeeklyHours lunch =
        new WeeklyHours(Set.of(DayOfWeek.FRIDAY), LocalTime.of(12, 0), LocalTime.of(13, 0));

    assertThat(lunch.contain(LocalDateTime.parse("2010-12-03T12:00"))).isTrue();
    assertThat(lunch.contain(LocalDateTime.parse("2010-12-03T13:00"))).isFalse();
    assertThat(lunch.contain(LocalDateTime.parse("2010-12-03T11:59"))).isFalse();
    assertThat(lunch.contain(LocalDateTime.parse("2010-12-04T12:00"))).isFalse();
  }
}
