package io.bincard.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.CartLine;
import io.bincard.domain.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The price is what an independent and slow pricer comes to that does as the documents say. */
class ReferencePricerProperties {

  @Property(tries = 5_000)
  void both_come_to_the_same_price_of_every_line(@ForAll long seed) {
    PricingCase it = PricingCase.of(seed);
    if (!isSame(it)) {
      PricingCase small = smallest(it);
      assertThat(prices(small)).as("%s", small).isEqualTo(ReferencePricer.price(small));
    }
  }

  private static List<Long> prices(PricingCase it) {
    return it.priced().lines().stream().map(PricedLine::finalPrice).toList();
  }

  private static boolean isSame(PricingCase it) {
    return prices(it).equals(ReferencePricer.price(it));
  }

  /** What is left of {@code it} if every rule and line goes without which they still differ. */
  private static PricingCase smallest(PricingCase it) {
    for (Rule rule : it.policy().rules()) {
      List<Rule> rules = new ArrayList<>(it.policy().rules());
      rules.remove(rule);
      PricingCase smaller = it.with(rules, it.cart().lines());
      if (!isSame(smaller)) {
        return smallest(smaller);
      }
    }
    for (int i = 0; i < it.cart().lines().size() && it.cart().lines().size() > 1; i++) {
      List<CartLine> lines = new ArrayList<>(it.cart().lines());
      lines.remove(i);
      PricingCase smaller = it.with(it.policy().rules(), lines);
      if (!isSame(smaller)) {
        return smallest(smaller);
      }
    }
    return it;
  }
}
