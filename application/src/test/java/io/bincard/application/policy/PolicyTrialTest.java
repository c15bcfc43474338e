package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyTrialTest {

  private static final Instant NOON = Instant.parse("2010-12-01T12:00:00Z");

  private static PolicyVersion version(String rules) {
    PolicyReading reading =
        PolicyReader.read(List.of(new PolicyFile("base.toml", 0, "currency = \"GBP\"\n" + rules)));
    assertThat(reading).isInstanceOf(PolicyReading.Read.class);
    DiscountPolicy policy = ((PolicyReading.Read) reading).policy();
    return new PolicyVersion(CanonicalPolicy.of(policy).fingerprint(), policy);
  }

  private static Cart cart(String currency, long price) {
    return new Cart(
        List.of(
            new CartLine(
                new Sku("A"),
                new Quantity(1),
                new Money(price, new CurrencyCode(currency)),
                null,
                Set.of())),
        Set.of(),
        null);
  }

  private static String coupons(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"C" + i + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Test
  void a_rule_may_ask_for_more_coupons_than_a_cart_may_show() {
    PolicyVersion version =
        version(
            "[[rule]]\nid = \"r\"\npercent-off = 5\nwhen = { coupons = "
                + coupons(Cart.MAX_COUPONS + 1)
                + " }");

    assertThat(PolicyTrial.of(version, version, List.of(), NOON))
        .isEqualTo(new PolicyTrial(1, 1, 0, 9_500, 9_500));
  }

  @Test
  void a_rule_for_which_no_cart_is_large_enough_is_passed_over() {
    PolicyVersion version =
        version(
            """
            [[rule]]
            id = "many"
            on = { skus = ["A"] }
            buy-get = { buy = 1, get = 1, percent-off = 100, rewards = { skus = ["B"] } }
            when = { min-quantity = 9007199254740991 }
            [[rule]]
            id = "few"
            percent-off = 5
            """);

    assertThat(PolicyTrial.of(version, null, List.of(), NOON))
        .isEqualTo(new PolicyTrial(1, 0, 0, 0, 0));
  }

  @Test
  void compares_the_carts_that_both_versions_can_price() {
    PolicyVersion before = version("[[rule]]\nid = \"r\"\npercent-off = 5");
    PolicyVersion version = version("[[rule]]\nid = \"r\"\npercent-off = 50");

    assertThat(PolicyTrial.of(version, before, List.of(cart("GBP", 100), cart("EUR", 100)), NOON))
        .isEqualTo(new PolicyTrial(2, 2, 2, 9_500 + 95, 5_000 + 50));
    assertThat(PolicyTrial.of(version, version, List.of(cart("GBP", 100)), NOON).changed())
        .isZero();
  }

  @Test
  void tries_a_rule_of_every_kind() {
    PolicyVersion version =
        version(
            """
            [[category]]
            id = "lamps"
            [[rule]]
            id = "a"
            volume = [{ from = 10, amount-off = "1.00 GBP" }]
            on = { categories = ["lamps"], attributes = [{ name = "brand", value = "acme" }] }
            [[rule]]
            id = "b"
            graduated = [{ from = 9007199254740991, percent-off = 5 }]
            [[rule]]
            id = "c"
            buy-get = { buy = 1000000, get = 1000000, percent-off = 5 }
            [[rule]]
            id = "d"
            order-amount-off = "5.00 GBP"
            when = { min-order = "90071992547409.91 GBP", min-quantity = 2 }
            """);

    assertThat(PolicyTrial.of(version, version, List.of(), NOON).compared()).isEqualTo(4);
  }

  @Test
  void prices_too_large_to_be_added_up_are_no_obstacle() {
    PolicyVersion version = version("[[rule]]\nid = \"r\"\npercent-off = 0");
    List<Cart> carts = IntStream.range(0, 1_100).mapToObj(i -> cart("GBP", Money.MAX)).toList();

    assertThat(PolicyTrial.of(version, version, carts, NOON).after()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void of_many_rules_some_are_tried() {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < PolicyTrial.MAX_MADE + 1; i++) {
      rules.append("[[rule]]\nid = \"r" + i + "\"\npercent-off = 5\non = { skus = [\"A\"] }\n");
    }

    assertThat(PolicyTrial.of(version(rules.toString()), null, List.of(), NOON).carts())
        .isEqualTo(PolicyTrial.MAX_MADE / 2 + 1);
  }
}
