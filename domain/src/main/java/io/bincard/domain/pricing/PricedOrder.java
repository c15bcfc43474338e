package io.bincard.domain.pricing;

import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.RuleId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cart with its price; amounts in minor units of its currency. The lines add up to the order, and
 * the adjustments to the discount, always.
 *
 * @param lines as in the cart, in its order
 * @param lost the rules that were about the cart and did not apply at all, other than those that
 *     lost a line to another rule
 */
public record PricedOrder(List<PricedLine> lines, List<LostRule> lost) {

  public PricedOrder {
    lines = List.copyOf(lines);
    lost = List.copyOf(lost);
  }

  public long listPrice() {
    long sum = 0;
    for (PricedLine line : lines) {
      sum += line.line().listPrice();
    }
    return sum;
  }

  public long discount() {
    long sum = 0;
    for (PricedLine line : lines) {
      sum += line.discount();
    }
    return sum;
  }

  public long finalPrice() {
    return listPrice() - discount();
  }

  /** Whether {@code rule} was about the cart: it applied, or lost. */
  public boolean isAbout(RuleId rule) {
    return lost.stream().anyMatch(loser -> loser.rule().equals(rule))
        || lines.stream().anyMatch(line -> line.isAbout(rule));
  }

  /** What each rule took off the order, in the order in which they first applied. */
  public Map<RuleId, Long> discountByRule() {
    Map<RuleId, Long> sums = new LinkedHashMap<>();
    for (PricedLine line : lines) {
      line.adjustments().forEach(taken -> sums.merge(taken.rule(), taken.amount(), Long::sum));
    }
    return sums;
  }

  /** What each campaign is to pay, in the order in which their rules first applied. */
  public Map<CampaignId, Long> discountByCampaign() {
    Map<CampaignId, Long> sums = new LinkedHashMap<>();
    for (PricedLine line : lines) {
      for (Adjustment taken : line.adjustments()) {
        if (taken.campaign() != null) {
          sums.merge(taken.campaign(), taken.amount(), Long::sum);
        }
      }
    }
    return sums;
  }
}
