package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.policy.DiscountPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPolicyTest {

  private static final String POLICY =
      """
      currency = "GBP"
      zone = "Europe/London"

      [[category]]
      id = "lamps"
      skus = ["LAMP-2", "LAMP-1"]

      [[category]]
      id = "gifts"

      [[campaign]]
      id = "xmas"
      budget = "5000 GBP"
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
      categories = ["lamps"]
      attributes = [{ name = "brand", value = "acme" }]
      except-skus = ["LAMP-2"]
      [rule.when]
      from = 2010-12-01
      until = 2010-12-24T18:00:00
      hours = [
        { days = ["sat", "fri"], from = 17:00:00, until = 02:00:00 },
        { from = 09:00:00, until = 10:00:00 },
      ]
      min-quantity = 3
      min-order = "100 GBP"
      coupons = ["XMAS10", "ADVENT"]

      [[rule]]
      id = "bulbs"
      group = "g"
      buy-get = { buy = 2, get = 1, percent-off = 100, rewards = { categories = ["gifts"] }, times = 2 }

      [[rule]]
      id = "many"
      volume = [{ from = 10, percent-off = 5 }, { from = 50, fixed-price = "0.80 GBP" }]
      """;

  /** The same, written by somebody else. */
  private static final String SAME =
      """
      zone="Europe/London"
      currency    =   "GBP"   # pounds
      rule = [
        { volume = [{ percent-off = 5.00, from = 10 }, { fixed-price = "0.8 GBP", from = 50 }], id = "many", stacking = "best-deal", priority = 0 },
        { id = "bulbs", buy-get = { rewards = { categories = ["gifts"] }, times = 2, percent-off = 100.0, get = 1, buy = 2 }, group = "g" },
        { when = { coupons = ["ADVENT", "XMAS10"], min-order = "100.00 GBP", min-quantity = 3, hours = [ { until = 10:00:00, from = 09:00:00, days = ["mon","tue","wed","thu","fri","sat","sun"] }, { until = 02:00:00, from = 17:00:00, days = ["fri","sat"] } ], until = 2010-12-24T19:00:00+01:00, from = 2010-12-01T00:00:00Z }, on = { except-skus = ["LAMP-2"], attributes = [{ value = "acme", name = "brand" }], categories = ["lamps"] }, percent-off = 12.50, max-per-order = "50 GBP", campaign = "xmas", stacking = "exclusive", priority = 10, id = "xmas-lamps" },
      ]
      campaign = [{ uses-per-customer = 1, uses = 1_000, budget = "5000.00 GBP", id = "xmas" }]
      category = [{ id = "gifts", skus = [] }, { id = "lamps", skus = ["LAMP-1", "LAMP-2"] }]
      """;

  private static DiscountPolicy read(String content) {
    PolicyReading reading = PolicyReader.read(List.of(new PolicyFile("base.toml", 0, content)));
    assertThat(reading).isInstanceOf(PolicyReading.Read.class);
    return ((PolicyReading.Read) reading).policy();
  }

  @Test
  void the_same_meaning_has_the_same_fingerprint_however_it_is_written() {
    CanonicalPolicy canonical = CanonicalPolicy.of(read(POLICY));

    assertThat(CanonicalPolicy.of(read(SAME))).isEqualTo(canonical);
    assertThat(canonical.fingerprint()).isEqualTo(CanonicalPolicy.fingerprint(canonical.json()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12.5 -> 12.51",
        "priority = 10 -> priority = 11",
        "LAMP-1 -> LAMP-3",
        "uses = 1000 -> uses = 1001",
        "from = 10, -> from = 11,",
        "2010-12-24T18:00:00 -> 2010-12-24T18:00:01",
        "Europe/London -> Europe/Dublin",
        "\"fri\"] -> \"thu\"]",
        "group = \"g\" -> stacking = \"exclusive\"",
        "times = 2 -> times = 3",
        "ADVENT -> ADVENTS",
        "GBP -> EUR"
      })
  void another_meaning_has_another_fingerprint(String change) {
    String[] parts = change.split(" -> ", -1);
    assertThat(POLICY).contains(parts[0]);

    assertThat(CanonicalPolicy.of(read(POLICY.replace(parts[0], parts[1]))).fingerprint())
        .isNotEqualTo(CanonicalPolicy.of(read(POLICY)).fingerprint());
  }

  @Test
  void what_is_stored_is_read_again_as_it_was() {
    CanonicalPolicy canonical = CanonicalPolicy.of(read(POLICY));

    DiscountPolicy again = CanonicalPolicy.read(canonical.json());

    assertThat(CanonicalPolicy.of(again)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zone = \"Europe/London\" -> zone = \"UTC\" -> zone = \"Etc/UTC\"",
        "zone = \"Europe/London\" -> zone = \"Z\" -> zone = \"UTC\"",
        "zone = \"Europe/London\" -> zone = \"+00:00\" -> zone = \"GMT\"",
        "min-quantity = 3 -> min-quantity = 1 -> ",
        "{ from = 09:00:00, until = 10:00:00 } -> { from = 09:00:00, until = 10:00:00 } -> { from = 09:00:00, until = 10:00:00 }, { days = [\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"], from = 09:00:00, until = 10:00:00 }"
      })
  void what_makes_no_difference_is_written_in_one_way(String ways) {
    String[] parts = ways.split(" -> ", -1);
    assertThat(POLICY).contains(parts[0]);

    DiscountPolicy one = read(POLICY.replace(parts[0], parts[1]));
    DiscountPolicy other = read(POLICY.replace(parts[0], parts[2]));

    assertThat(CanonicalPolicy.of(one)).isEqualTo(CanonicalPolicy.of(other));
    assertThat(one).isEqualTo(other);
  }

  @Test
  void decimals_that_come_as_json_are_exact() {
    String json = "{\"currency\":\"GBP\",\"rule\":[{\"id\":\"r\",\"percent-off\":%s}]}";

    assertThat(CanonicalPolicy.parse(json.formatted("12.50")).json())
        .endsWith("\"rule\":[{\"id\":\"r\",\"percent-off\":12.5}],\"zone\":\"Z\"}");
    assertThat(CanonicalPolicy.parse(json.formatted("100.00")).json())
        .contains("\"percent-off\":100}");
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> CanonicalPolicy.parse(json.formatted("12.500000000000000000000001")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"currency\":\"GBP\",\"currency\":\"EUR\"}",
        "{\"currency\":\"GBP\",\"rule\":[{\"id\":\"r\",\"percent-off\":5,\"percent-off\":6}]}",
        "{\"currency\":\"GBP\"} {}",
        "[]",
        "GBP",
        ""
      })
  void what_is_no_object_with_each_member_once_is_no_form(String json) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> CanonicalPolicy.parse(json))
        .withMessage("must be a JSON object, each member once");
  }

  @Test
  void what_was_never_written_so_is_not_read() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CanonicalPolicy.read("{\"currency\":\"GBP\",\"rules\":[]}"))
        .withMessage(
            "the stored policy: rules: expected one of campaign, category, currency,"
                + " currency-digits, remove, rule, zone, found a key that is not known here");
  }
}
