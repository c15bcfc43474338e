package io.bincard.domain.pricing;

import io.bincard.domain.cart.CartLine;
import io.bincard.domain.policy.RuleId;
import java.util.List;

/**
 * A line with its price.
 *
 * @param adjustments what was taken off, in the order in which rules applied
 * @param lost the rules that lost this line to another one
 */
public record PricedLine(CartLine line, List<Adjustment> adjustments, List<LostRule> lost) {

  public PricedLine {
    adjustments = List.copyOf(adjustments);
    lost = List.copyOf(lost);
  }

  /** Whether {@code rule} applied here, or lost the line to another one. */
  boolean isAbout(RuleId rule) {
    return adjustments.stream().anyMatch(taken -> taken.rule().equals(rule))
        || lost.stream().anyMatch(loser -> loser.rule().equals(rule));
  }

  /** What was taken off, in minor units. */
  public long discount() {
    long sum = 0;
    for (Adjustment taken : adjustments) {
      sum += taken.amount();
    }
    return sum;
  }

  /** What is to be paid for all units, in minor units. */
  public long finalPrice() {
    return line.listPrice() - discount();
  }
}
