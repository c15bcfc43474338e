package io.bincard.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.policy.Benefit;
import io.bincard.domain.pricing.LostRule.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A recorded price can be made again for ever, so what {@link Pricing} makes of a policy, a cart
 * and a moment must never be anything else, to the last reason.
 */
class PricingContractTest {

  private static final int CASES = 2_000;

  /** Of the results of all cases. Another one means that prices of the past come out otherwise. */
  private static final String PROMISED =
      "6820547b23757f4fe7c5f5f061d005f955a6b8ad6ff51c6a6d291081f172c9f0";

  @Test
  void the_same_policy_cart_and_moment_have_the_same_price_for_ever() throws Exception {
    assertThat(resultsOfAllCases()).isEqualTo(PROMISED);
  }

  private static String resultsOfAllCases() throws NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    for (int seed = 0; seed < CASES; seed++) {
      hash.update(told(PricingCase.of(seed).priced()).getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  /** A price in words that do not depend on how it is kept in memory. */
  private static String told(PricedOrder order) {
    StringBuilder text = new StringBuilder();
    for (PricedLine line : order.lines()) {
      text.append("line ").append(line.finalPrice()).append('\n');
      for (Adjustment taken : line.adjustments()) {
        text.append("  ").append(taken.rule()).append(" -").append(taken.amount());
        text.append(taken.campaign() == null ? "" : " by " + taken.campaign()).append('\n');
      }
      line.lost().forEach(lost -> text.append("  ").append(told(lost)));
    }
    order.lost().forEach(lost -> text.append(told(lost)));
    return text.append("total ").append(order.finalPrice()).append('\n').toString();
  }

  private static String told(LostRule lost) {
    return lost.rule()
        + " lost: "
        + lost.reason()
        + (lost.winner() == null ? "" : " to " + lost.winner())
        + '\n';
  }

  @Test
  void the_cases_have_everything_in_them() {
    Set<Class<?>> benefits = new HashSet<>();
    Set<Class<?>> stackings = new HashSet<>();
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (int seed = 0; seed < CASES; seed++) {
      PricingCase one = PricingCase.of(seed);
      PricedOrder order = one.priced();
      one.policy()
          .rules()
          .forEach(
              rule -> {
                if (order.discountByRule().containsKey(rule.id())) {
                  benefits.add(rule.benefit().getClass());
                  stackings.add(rule.stacking().getClass());
                }
              });
      order.lost().forEach(lost -> reasons.add(lost.reason()));
      order.lines().forEach(line -> line.lost().forEach(lost -> reasons.add(lost.reason())));
    }

    assertThat(benefits)
        .containsExactlyInAnyOrder(
            Benefit.PercentOff.class,
            Benefit.AmountOff.class,
            Benefit.FixedPrice.class,
            Benefit.VolumeTiers.class,
            Benefit.GraduatedTiers.class,
            Benefit.BuyGet.class,
            Benefit.OrderPercentOff.class,
            Benefit.OrderAmountOff.class);
    assertThat(stackings).hasSize(3);
    assertThat(reasons).containsExactlyInAnyOrder(Reason.values());
  }
}
