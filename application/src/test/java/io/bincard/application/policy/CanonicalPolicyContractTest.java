package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Approved;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A version of a policy is stored in its written form and called by its fingerprint for ever: what
 * has every key is approved by hand.
 */
class CanonicalPolicyContractTest {

  private static final Approved APPROVED = new Approved("policies");

  /** Keys that the written form does without: what they say is done when it is written. */
  private static final Set<String> NOT_WRITTEN = Set.of("remove", "campaigns", "rules");

  private static final String EVERY_KEY =
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
      id = "a"
      priority = 10
      stacking = "exclusive"
      campaign = "xmas"
      max-per-order = "50.00 GBP"
      percent-off = 12.50
      [rule.on]
      skus = ["BULB", "BELL"]
      categories = ["lamps"]
      attributes = [{ name = "size", value = "250ml" }, { name = "brand", value = "acme" }]
      except-skus = ["LAMP-2"]
      except-categories = ["gifts"]
      [rule.when]
      from = 2010-12-01
      until = 2011-07-01T18:00:00.5
      hours = [
        { days = ["sat", "fri"], from = 17:00:00, until = 02:30:15 },
        { from = 09:00:00, until = 10:00:00 },
      ]
      min-quantity = 3
      min-order = "100 GBP"
      coupons = ["XMAS10", "ADVENT"]

      [[rule]]
      id = "b"
      priority = -1
      group = "g"
      amount-off = "0.5 GBP"

      [[rule]]
      id = "c"
      fixed-price = "90071992547409.91 GBP"

      [[rule]]
      id = "d"
      volume = [
        { from = 1, percent-off = 10 },
        { from = 10, amount-off = "0.10 GBP" },
        { from = 50, fixed-price = "0.80 GBP" },
      ]

      [[rule]]
      id = "e"
      graduated = [{ from = 9007199254740991, percent-off = 100 }]

      [[rule]]
      id = "f"
      on = { skus = ["MUG"] }
      buy-get = { buy = 2, get = 1, percent-off = 100, rewards = { categories = ["gifts"] }, times = 2 }

      [[rule]]
      id = "g"
      buy-get = { buy = 1000000, get = 1, percent-off = 0.01 }

      [[rule]]
      id = "h"
      order-percent-off = 0

      [[rule]]
      id = "i"
      order-amount-off = "5 GBP"
      """;

  @Test
  void a_policy_with_every_key_is_written_as_approved_and_has_the_approved_fingerprint() {
    CanonicalPolicy form =
        switch (PolicyReader.read(List.of(new PolicyFile("base.toml", 0, EVERY_KEY)))) {
          case PolicyReading.Read(var policy) -> CanonicalPolicy.of(policy);
          case PolicyReading.Refused(var errors) -> throw new AssertionError(errors);
        };

    APPROVED.check("every-key.json", form.json());
    APPROVED.check("every-key.sha256", form.fingerprint().value());
  }

  @Test
  void the_approved_form_is_read_and_written_again_as_it_was() {
    String approved = APPROVED.text("every-key.json");

    assertThat(CanonicalPolicy.of(CanonicalPolicy.read(approved)).json()).isEqualTo(approved);
    assertThat(CanonicalPolicy.fingerprint(approved).value())
        .isEqualTo(APPROVED.text("every-key.sha256"));
  }

  @Test
  void every_key_that_a_policy_may_have_is_in_it() {
    JsonMapper mapper = new JsonMapper();
    Set<String> known = new TreeSet<>();
    keysOfSchema(
        mapper.readTree(
            Objects.requireNonNull(
                CanonicalPolicyContractTest.class.getResourceAsStream(
                    "/schema/discount-policy.schema.json"))),
        known);
    Set<String> written = new TreeSet<>(NOT_WRITTEN);
    keys(mapper.readTree(APPROVED.text("every-key.json")), written);

    assertThat(written).isEqualTo(known);
  }

  private static void keysOfSchema(JsonNode schema, Set<String> into) {
    into.addAll(schema.path("properties").propertyNames());
    schema.forEach(each -> keysOfSchema(each, into));
  }

  private static void keys(JsonNode form, Set<String> into) {
    into.addAll(form.propertyNames());
    form.forEach(each -> keys(each, into));
  }
}
