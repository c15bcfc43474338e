package io.bincard.domain.policy;

import io.bincard.domain.money.Money;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a policy.
 *
 * @param priority the larger goes first; among equals the smaller id
 * @param maxPerOrder what it gives at most in one order, {@code null} for no limit; more is cut,
 *     shared out over its lines
 * @param campaign whose budget pays for it, {@code null} for none
 */
public record Rule(
    RuleId id,
    int priority,
    Stacking stacking,
    Scope scope,
    Conditions conditions,
    Benefit benefit,
    @Nullable Money maxPerOrder,
    @Nullable CampaignId campaign) {

  /** First those that go first. */
  public static final Comparator<Rule> BY_PRIORITY =
      Comparator.comparingInt(Rule::priority).reversed().thenComparing(rule -> rule.id().value());
}
