package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
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
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {

  private static final String HEAD =
      """
      currency = "GBP"
      zone = "Europe/London"
      """;

  private static PolicyFile file(String name, int layer, String content) {
    return new PolicyFile(name, layer, content);
  }

  private static DiscountPolicy read(String content) {
    return read(file("base.toml", 0, HEAD + content));
  }

  private static DiscountPolicy read(PolicyFile... files) {
    PolicyReading reading = PolicyReader.read(List.of(files));
    assertThat(reading).isInstanceOf(PolicyReading.Read.class);
    return ((PolicyReading.Read) reading).policy();
  }

  private static List<String> errors(PolicyFile... files) {
    PolicyReading reading = PolicyReader.read(List.of(files));
    assertThat(reading).isInstanceOf(PolicyReading.Refused.class);
    return ((PolicyReading.Refused) reading).errors().stream().map(PolicyError::toString).toList();
  }

  private static Money gbp(long pence) {
    return new Money(pence, new CurrencyCode("GBP"));
  }

  @Test
  void reads_everything_that_a_rule_may_say() {
    DiscountPolicy policy =
        read(
            """

            [[category]]
            id = "lamps"
            skus = ["LAMP-1", "LAMP-2"]

            [[category]]
            id = "gifts"

            [[campaign]]
            id = "xmas"
            budget = "5000.00 GBP"
            uses = 1000
            uses-per-customer = 1

            [[rule]]
            id = "xmas-lamps"
            priority = 10
            stacking = "exclusive"
            campaign = "xmas"
            max-per-order = "50.00 GBP"
            percent-off = 12.5

            [rule.on]
            skus = ["BULB"]
            categories = ["lamps"]
            attributes = [{ name = "brand", value = "acme" }]
            except-skus = ["LAMP-2"]
            except-categories = ["gifts"]

            [rule.when]
            from = 2010-12-01
            until = 2010-12-24T18:00:00
            hours = [{ days = ["fri", "sat"], from = 17:00:00, until = 02:00:00 }]
            min-quantity = 3
            min-order = "100 GBP"
            coupons = ["XMAS10"]
            """);

    assertThat(policy.currency()).isEqualTo(new CurrencyCode("GBP"));
    assertThat(policy.zone()).isEqualTo(ZoneId.of("Europe/London"));
    assertThat(policy.categories())
        .containsOnly(
            Map.entry(new Sku("LAMP-1"), new CategoryId("lamps")),
            Map.entry(new Sku("LAMP-2"), new CategoryId("lamps")));
    assertThat(policy.campaigns())
        .containsExactly(new Campaign(new CampaignId("xmas"), gbp(500_000), 1_000L, 1L));
    assertThat(policy.rules())
        .containsExactly(
            new Rule(
                new RuleId("xmas-lamps"),
                10,
                new Stacking.Exclusive(),
                new Scope(
                    Set.of(new Sku("BULB")),
                    Set.of(new CategoryId("lamps")),
                    Set.of(new Attribute("brand", "acme")),
                    Set.of(new Sku("LAMP-2")),
                    Set.of(new CategoryId("gifts"))),
                new Conditions(
                    Instant.parse("2010-12-01T00:00:00Z"),
                    Instant.parse("2010-12-24T18:00:00Z"),
                    List.of(
                        new WeeklyHours(
                            Set.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY),
                            LocalTime.of(17, 0),
                            LocalTime.of(2, 0))),
                    3,
                    gbp(10_000),
                    Set.of(new CouponCode("XMAS10"))),
                new Benefit.PercentOff(new BasisPoints(1_250)),
                gbp(5_000),
                new CampaignId("xmas")));
  }

  static Stream<Arguments> benefits() {
    Benefit.Tier ten = new Benefit.Tier(10, new Benefit.PercentOff(new BasisPoints(500)));
    Benefit.Tier fifty = new Benefit.Tier(50, new Benefit.FixedPrice(gbp(80)));
    return Stream.of(
        Arguments.of("percent-off = 10", new Benefit.PercentOff(new BasisPoints(1_000))),
        Arguments.of("percent-off = 0.01", new Benefit.PercentOff(new BasisPoints(1))),
        Arguments.of("percent-off = 100.00", new Benefit.PercentOff(new BasisPoints(10_000))),
        Arguments.of("amount-off = \"0.5 GBP\"", new Benefit.AmountOff(gbp(50))),
        Arguments.of("fixed-price = \"1.99 GBP\"", new Benefit.FixedPrice(gbp(199))),
        Arguments.of(
            "volume = [{ from = 10, percent-off = 5 }, { from = 50, fixed-price = \"0.80 GBP\" }]",
            new Benefit.VolumeTiers(List.of(ten, fifty))),
        Arguments.of(
            "graduated = [{ from = 10, percent-off = 5 }]",
            new Benefit.GraduatedTiers(List.of(ten))),
        Arguments.of(
            "buy-get = { buy = 2, get = 1, percent-off = 100 }",
            new Benefit.BuyGet(2, 1, new BasisPoints(10_000), null, null)),
        Arguments.of(
            "buy-get = { buy = 1, get = 1, percent-off = 50, times = 2, rewards = { skus = [\"A\"] } }",
            new Benefit.BuyGet(
                1, 1, new BasisPoints(5_000), Scope.ofSkus(Set.of(new Sku("A"))), 2L)),
        Arguments.of("order-percent-off = 5", new Benefit.OrderPercentOff(new BasisPoints(500))),
        Arguments.of("order-amount-off = \"10 GBP\"", new Benefit.OrderAmountOff(gbp(1_000))));
  }

  @ParameterizedTest
  @MethodSource("benefits")
  void reads_every_kind_of_rule(String line, Benefit benefit) {
    DiscountPolicy policy = read("[[rule]]\nid = \"r\"\n" + line);

    assertThat(policy.rules().getFirst().benefit()).isEqualTo(benefit);
    assertThat(policy.rules().getFirst().stacking()).isEqualTo(new Stacking.BestDeal());
    assertThat(CanonicalPolicy.read(CanonicalPolicy.of(policy).json())).isEqualTo(policy);
  }

  @Test
  void hours_without_days_are_daily() {
    DiscountPolicy policy =
        read(
            """
            [[rule]]
            id = "happy-hour"
            group = "hours"
            percent-off = 5
            when = { hours = [{ from = 17:00:00, until = 18:00:00 }] }
            """);

    assertThat(policy.rules().getFirst().conditions().hours().getFirst().days())
        .isEqualTo(EnumSet.allOf(DayOfWeek.class));
    assertThat(policy.rules().getFirst().stacking()).isEqualTo(new Stacking.WithinGroup("hours"));
  }

  @Test
  void a_time_with_an_offset_is_what_it_says() {
    DiscountPolicy policy =
        read(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            when = { from = 2010-12-01T00:00:00+01:00, until = 2010-12-02T00:00:00Z }
            """);

    assertThat(policy.rules().getFirst().conditions().from())
        .isEqualTo(Instant.parse("2010-11-30T23:00:00Z"));
  }

  @Test
  void an_environment_replaces_and_removes_what_holds_everywhere() {
    DiscountPolicy policy =
        read(
            file(
                "base.toml",
                0,
                HEAD
                    + """
                    [[rule]]
                    id = "a"
                    percent-off = 5
                    [[rule]]
                    id = "b"
                    percent-off = 5
                    """),
            file(
                "prod/sale.toml",
                1,
                """
                zone = "UTC"
                remove = { rules = ["a"] }
                [[rule]]
                id = "b"
                percent-off = 50
                """));

    assertThat(policy.zone()).isEqualTo(ZoneOffset.UTC);
    assertThat(policy.rules()).hasSize(1);
    assertThat(policy.rules().getFirst().benefit())
        .isEqualTo(new Benefit.PercentOff(new BasisPoints(5_000)));
  }

  @Test
  void an_empty_policy_is_one() {
    assertThat(read("").rules()).isEmpty();
  }

  /** Files that are refused, from the third line on, and every message. */
  static Stream<Arguments> mistakes() {
    return Stream.of(
        refused(
            "persent-off = 5",
            "base.toml:3: persent-off: expected one of campaign, category, currency, currency-digits, remove, rule, zone, found a key that is not known here"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 120
            """,
            "base.toml:5: rule[r].percent-off: expected a percentage from 0 to 100 with at most two digits after the point, as 12.5, found 120"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 0.001
            """,
            "base.toml:5: rule[r].percent-off: expected a percentage from 0 to 100 with at most two digits after the point, as 12.5, found 0.001"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-of = 10
            """,
            "base.toml:3: rule[r]: expected exactly one of percent-off, amount-off, fixed-price, volume, graduated, buy-get, order-percent-off, order-amount-off, found none of them",
            "base.toml:5: rule[r].percent-of: expected one of campaign, group, id, max-per-order, on, priority, stacking, when, found a key that is not known here"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 10
            amount-off = "1 GBP"
            """,
            "base.toml:3: rule[r]: expected exactly one of percent-off, amount-off, fixed-price, volume, graduated, buy-get, order-percent-off, order-amount-off, found percent-off and amount-off"),
        refused(
            """
            [[rule]]
            id = "r"
            amount-off = "5.00 EUR"
            """,
            "base.toml:5: rule[r].amount-off: expected an amount in GBP, as \"12.50 GBP\", found \"5.00 EUR\""),
        refused(
            """
            [[rule]]
            id = "r"
            amount-off = 5
            """,
            "base.toml:5: rule[r].amount-off: expected an amount in GBP, as \"12.50 GBP\", found 5"),
        refused(
            """
            [[rule]]
            id = "r"
            amount-off = "0.005 GBP"
            """,
            "base.toml:5: rule[r].amount-off: expected an amount in GBP, as \"12.50 GBP\", found \"0.005 GBP\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            when = { from = 2010-12-24T00:00:00, until = 2010-12-01T00:00:00 }
            """,
            "base.toml:6: rule[r].when.until: expected an end after the beginning, which is 2010-12-24T00:00:00Z, found \"2010-12-01T00:00:00\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            when = { from = 2010-03-28T01:30:00 }
            """,
            "base.toml:6: rule[r].when.from: expected a date, or a date and time that is there once in Europe/London, as 2026-12-01T00:00:00, or one with its offset, as 2026-12-01T00:00:00Z, of the years 0001 to 9999, found \"2010-03-28T01:30:00\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            when = { from = "0000-12-31T23:59:59Z", until = "+10000-01-01T00:00:00Z" }
            """,
            "base.toml:6: rule[r].when.from: expected a date, or a date and time that is there once in Europe/London, as 2026-12-01T00:00:00, or one with its offset, as 2026-12-01T00:00:00Z, of the years 0001 to 9999, found \"0000-12-31T23:59:59Z\"",
            "base.toml:6: rule[r].when.until: expected a date, or a date and time that is there once in Europe/London, as 2026-12-01T00:00:00, or one with its offset, as 2026-12-01T00:00:00Z, of the years 0001 to 9999, found \"+10000-01-01T00:00:00Z\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = nan
            [[rule]]
            id = "s"
            order-percent-off = -inf
            """,
            "base.toml:5: rule[r].percent-off: expected a percentage from 0 to 100 with at most two digits after the point, as 12.5, found NaN",
            "base.toml:8: rule[s].order-percent-off: expected a percentage from 0 to 100 with at most two digits after the point, as 12.5, found -Infinity"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            on = { skus = [], categories = [], attributes = [] }
            when = { hours = [], coupons = [] }
            [[rule]]
            id = "s"
            buy-get = { buy = 1, get = 1, percent-off = 100, rewards = {} }
            on = { skus = ["A"] }
            """,
            "base.toml:6: rule[r].on.skus: expected at least one, or no such key, found none",
            "base.toml:6: rule[r].on.categories: expected at least one, or no such key, found none",
            "base.toml:6: rule[r].on.attributes: expected at least one, or no such key, found none",
            "base.toml:7: rule[r].when.hours: expected at least one, or no such key, found none",
            "base.toml:7: rule[r].when.coupons: expected at least one, or no such key, found none",
            "base.toml:10: rule[s].buy-get.rewards: expected at least one, or no such key, found none"),
        refused(
            """
            [[rule]]
            id = "r"
            on = { skus = ["A", "B"] }
            buy-get = { buy = 2, get = 1, percent-off = 100, rewards = { skus = ["B", "C", "A"] } }
            [[rule]]
            id = "s"
            buy-get = { buy = 2, get = 1, percent-off = 100, rewards = { except-skus = ["A"] } }
            on = { except-skus = ["A"] }
            """,
            "base.toml:6: rule[r].buy-get.rewards: expected something else than what the rule is about, for what may be cheaper is not counted as bought, found a table",
            "base.toml:9: rule[s].buy-get.rewards: expected something else than what the rule is about, for what may be cheaper is not counted as bought, found a table"),
        refused(
            """
            [[rule]]
            id = "r"
            volume = [
              { from = 10, percent-off = 5 },
              { from = 10, percent-off = 7 },
            ]
            """,
            "base.toml:7: rule[r].volume[#2].from: expected more than 10, where the tier before begins, found 10"),
        refused(
            """
            [[rule]]
            id = "r"
            volume = []
            """,
            "base.toml:5: rule[r].volume: expected at least one tier, found a list"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            [[rule]]
            id = "r"
            percent-off = 7
            """,
            "base.toml:7: rule[r].id: expected a name that stands once, and it stands in base.toml as rule[r] already, found \"r\""),
        refused(
            """
            [[rule]]
            percent-off = 5
            """,
            "base.toml:3: rule[#1].id: expected the name of a rule: 1 to 64 characters out of A-Z, a-z, 0-9, space and . _ - + : #, the first and the last a letter or digit, found nothing"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            campaign = "easter"
            """,
            "base.toml:6: rule[r].campaign: expected one of the campaigns of this policy, found \"easter\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            on = { categories = ["lamps"] }
            """,
            "base.toml:6: rule[r].on.categories: expected categories of this policy, and lamps is none, found a list"),
        refused(
            """
            [[category]]
            id = "a"
            skus = ["X"]
            [[category]]
            id = "b"
            skus = ["X"]
            """,
            "base.toml:8: category[b].skus: expected SKUs of one category alone; X is in a too, found a list"),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            stacking = "exclusive"
            group = "g"
            """,
            "base.toml:6: rule[r].stacking: expected nothing beside a group: a rule of a group stacks with its group, found \"exclusive\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            when = { hours = [{ days = ["friday"], from = 17:00:00, until = 18:00:00 }] }
            """,
            "base.toml:6: rule[r].when.hours[#1].days[#1]: expected mon, tue, wed, thu, fri, sat or sun, found \"friday\""),
        refused(
            """
            [[rule]]
            id = "r"
            percent-off = 5
            when = { hours = [{ days = [], from = 17:00:00, until = 18:00:00 }] }
            """,
            "base.toml:6: rule[r].when.hours[#1].days: expected at least one, or no such key, found none"),
        refused(
            """
            [[rule]]
            id = "r"
            buy-get = { buy = 0, get = 1, percent-off = 100 }
            """,
            "base.toml:5: rule[r].buy-get.buy: expected a whole number of units from 1 to 1000000, found 0"),
        refused(
            "remove = { rules = [\"nobody\"] }",
            "base.toml:3: remove.rules: expected names that stand in a lower layer, and not nobody, found a list"),
        refused("rule = 5", "base.toml:3: rule: expected a list of tables, found 5"));
  }

  private static Arguments refused(String content, String... errors) {
    return Arguments.of(content, List.of(errors));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void says_of_every_mistake_where_it_is_and_what_would_be_right(
      String content, List<String> errors) {
    assertThat(errors(file("base.toml", 0, HEAD + content))).isEqualTo(errors);
  }

  @Test
  void says_all_mistakes_of_all_files_at_once() {
    assertThat(
            errors(
                file("prod/b.toml", 1, "[[rule]]\nid = \"x\"\npercent-off = -1\n"),
                file("base.toml", 0, HEAD + "[[rule]]\nid = \"y\"\npercent-off = 101\n")))
        .containsExactly(
            "base.toml:5: rule[y].percent-off: expected a percentage from 0 to 100 with at most two digits after the point, as 12.5, found 101",
            "prod/b.toml:3: rule[x].percent-off: expected a percentage from 0 to 100 with at most two digits after the point, as 12.5, found -1");
  }

  @Test
  void files_of_a_layer_say_the_same_or_nothing_about_a_setting() {
    PolicyFile base = file("base.toml", 0, HEAD);
    assertThat(
            errors(
                base,
                file("more.toml", 0, "currency = \"EUR\"\nzone = \"UTC\"\ncurrency-digits = 2\n"),
                file("other.toml", 0, "currency-digits = 3")))
        .containsExactly(
            "more.toml:1: currency: expected GBP, as in another file beside it, found \"EUR\"",
            "more.toml:2: zone: expected Europe/London, as in another file beside it, found \"UTC\"",
            "other.toml:1: currency-digits: expected 2, as in another file beside it, found 3");
    assertThat(read(base, file("more.toml", 0, HEAD)).zone()).isEqualTo(ZoneId.of("Europe/London"));
    assertThat(read(base, file("prod/x.toml", 1, "currency = \"EUR\"")).currency())
        .isEqualTo(new CurrencyCode("EUR"));
  }

  @Test
  void an_environment_removes_what_stands_below_it_and_not_beside_it() {
    PolicyFile rule = file("prod/a.toml", 1, "[[rule]]\nid = \"r\"\npercent-off = 5\n");
    PolicyFile removal = file("prod/b.toml", 1, "remove = { rules = [\"r\"] }");

    assertThat(errors(file("base.toml", 0, HEAD), rule, removal))
        .containsExactly(
            "prod/b.toml:1: remove.rules: expected names that stand in a lower layer, and not r, found a list");
    assertThat(
            read(
                    file("base.toml", 0, HEAD + "[[rule]]\nid = \"r\"\npercent-off = 7\n"),
                    rule,
                    removal)
                .rules())
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.benefit()).isEqualTo(new Benefit.PercentOff(new BasisPoints(500))));
  }

  private static String rules(int count, String more) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("[[rule]]\nid = \"r").append(i).append("\"\n").append(more).append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "percent-off = 5",
        "percent-off = 5\non = { except-skus = [\"A\"] }",
        "on = { skus = [\"A\"] }\nbuy-get = { buy = 1, get = 1, percent-off = 5, rewards = { except-skus = [\"A\"] } }"
      })
  void refuses_too_many_rules_that_every_cart_has_to_do_with(String open) {
    int most = PolicyReader.MAX_OPEN_RULES;

    assertThat(read(rules(most, open)).rules()).hasSize(most);
    assertThat(errors(file("base.toml", 0, HEAD + rules(most + 1, open))))
        .containsExactly(
            "base.toml:3: rule: expected at most 1000 rules that neither name skus, categories or attributes nor ask for coupons, found 1001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "percent-off = 5\non = { skus = [\"A\"] }",
        "percent-off = 5\nwhen = { coupons = [\"A\"] }"
      })
  void takes_any_number_of_rules_that_few_carts_have_to_do_with(String named) {
    assertThat(read(rules(PolicyReader.MAX_OPEN_RULES + 1, named)).rules())
        .hasSize(PolicyReader.MAX_OPEN_RULES + 1);
  }

  @Test
  void rewards_may_be_everything_but_what_is_bought() {
    assertThat(
            read("""
                    [[rule]]
                    id = "r"
                    on = { skus = ["A"] }
                    buy-get = { buy = 1, get = 1, percent-off = 50, rewards = { except-skus = ["A"] } }
                    """)
                .rules())
        .hasSize(1);
  }

  @Test
  void values_that_lie_too_deep_in_each_other_are_refused() {
    assertThat(errors(file("base.toml", 0, HEAD + "zone = " + "[".repeat(100_000))))
        .singleElement()
        .asString()
        .startsWith("base.toml")
        .contains("expected TOML 1.0");
  }

  @Test
  void a_file_too_large_to_look_for_lines_is_refused_by_its_keys() {
    String large = HEAD + "# ".repeat(TomlLines.MAX_CHARACTERS / 2) + "\nzones = 5\n";

    assertThat(errors(file("base.toml", 0, large)))
        .singleElement()
        .asString()
        .startsWith("base.toml: zones: expected one of ");
    assertThat(errors(file("base.toml", 0, large + "[[rule]\n")))
        .singleElement()
        .asString()
        .startsWith("base.toml:6: expected TOML 1.0, found ");
  }

  @Test
  void wants_a_currency() {
    assertThat(errors(file("base.toml", 0, "")))
        .containsExactly(
            "base.toml: currency: expected a currency by its three letters, as \"GBP\", found nothing like it");
    assertThat(errors(file("base.toml", 0, "currency = \"ZZZ\"")))
        .containsExactly(
            "base.toml:1: currency: expected a currency of ISO 4217, or its currency-digits, found nothing like it");
    assertThat(read(file("base.toml", 0, "currency = \"ZZZ\"\ncurrency-digits = 0")).zone())
        .isEqualTo(ZoneOffset.UTC);
  }

  @Test
  void a_file_that_is_no_toml_is_refused_with_its_lines() {
    assertThat(errors(file("base.toml", 0, HEAD + "[[rule]\nid = \n")))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("base.toml:3: expected TOML 1.0, found ");
  }

  @Test
  void a_time_that_is_none_is_refused() {
    assertThat(
            errors(
                file(
                    "base.toml",
                    0,
                    HEAD
                        + """
                        [[rule]]
                        id = "r"
                        percent-off = 5
                        when = { hours = [{ from = 25:00:00, until = 18:00:00 }] }
                        """)))
        .singleElement()
        .asString()
        .endsWith(
            ": rule[r].when.hours[#1].from: expected a time of day, as 17:30:00, found \"25:00:00\"");
  }
}
