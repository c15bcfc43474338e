package io.bincard.benchmarks.pricing;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Rule;
import java.time.Instant;
import java.util.List;

/** Every rule is asked of every line, and the best deal is taken: the first thing one writes. */
final class NaiveLoop implements Pricer {

  private final List<Rule> rules;
  private final Instant now;

  NaiveLoop(Market market) {
    this.rules = market.policy().rules();
    this.now = market.now().toInstant();
  }

  @Override
  public long price(Cart cart) {
    long sum = 0;
    for (CartLine line : cart.lines()) {
      long best = 0;
      for (Rule rule : rules) {
        if (rule.scope().covers(line, line.category()) && isValid(rule, now)) {
          best = Math.max(best, saving(rule.benefit(), line.listPrice(), line.quantity().units()));
        }
      }
      sum += line.listPrice() - best;
    }
    return sum;
  }

  static boolean isValid(Rule rule, Instant now) {
    Instant from = rule.conditions().from();
    Instant until = rule.conditions().until();
    return (from == null || !now.isBefore(from)) && (until == null || now.isBefore(until));
  }

  /** What {@code benefit} takes off {@code units} that cost {@code price} together. */
  static long saving(Benefit benefit, long price, long units) {
    return switch (benefit) {
      case Benefit.PercentOff(var off) -> off.of(price);
      case Benefit.FixedPrice(var fixed) -> Math.max(0, price - fixed.amount() * units);
      case Benefit.VolumeTiers(var tiers) ->
          tiers.reversed().stream()
              .filter(tier -> tier.from() <= units)
              .findFirst()
              .map(tier -> saving(tier.benefit(), price, units))
              .orElse(0L);
      default -> throw new IllegalArgumentException("the market has no " + benefit);
    };
  }
}
