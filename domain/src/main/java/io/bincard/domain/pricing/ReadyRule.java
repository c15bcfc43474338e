package io.bincard.domain.pricing;

import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import org.jspecify.annotations.Nullable;

/**
 * A rule with what every cart asks of it in one object. A cart may touch hundreds of rules, and
 * each object more to look into is one more to wait for: the rules of a large policy do not fit
 * into the cache of a processor, these do.
 */
final class ReadyRule {

  /** {@link #percentOff} of a rule with another benefit. */
  private static final int NO_PERCENTAGE = -1;

  private final Rule rule;
  private final RuleId id;
  private final Benefit benefit;
  private final @Nullable CampaignId campaign;
  private final @Nullable Money maxPerOrder;
  private final @Nullable String group;
  private final long firstSecond;
  private final long lastSecond;
  private final int percentOff;
  private final boolean exclusive;
  private final boolean onOrder;
  private final boolean conditional;
  private final boolean sure;

  ReadyRule(Rule rule) {
    this.rule = rule;
    id = rule.id();
    benefit = rule.benefit();
    campaign = rule.campaign();
    maxPerOrder = rule.maxPerOrder();
    group = rule.stacking() instanceof Stacking.WithinGroup(String name) ? name : null;
    onOrder = benefit instanceof Benefit.OnOrder;
    exclusive = rule.stacking() instanceof Stacking.Exclusive;
    Conditions conditions = rule.conditions();
    firstSecond = conditions.from() == null ? Long.MIN_VALUE : conditions.from().getEpochSecond();
    lastSecond = conditions.until() == null ? Long.MAX_VALUE : conditions.until().getEpochSecond();
    conditional =
        !conditions.hours().isEmpty()
            || conditions.minQuantity() > 0
            || conditions.minOrder() != null;
    percentOff =
        benefit instanceof Benefit.PercentOff(var off) && maxPerOrder == null
            ? off.value()
            : NO_PERCENTAGE;
    sure =
        conditions.coupons().isEmpty()
            && rewards() == null
            && rule.scope().exceptSkus().isEmpty()
            && rule.scope().exceptCategories().isEmpty();
  }

  RuleId id() {
    return id;
  }

  Benefit benefit() {
    return benefit;
  }

  Scope scope() {
    return rule.scope();
  }

  Conditions conditions() {
    return rule.conditions();
  }

  @Nullable CampaignId campaign() {
    return campaign;
  }

  @Nullable Money maxPerOrder() {
    return maxPerOrder;
  }

  /** The group that it is of; {@code null} if it stands alone. */
  @Nullable String group() {
    return group;
  }

  boolean isExclusive() {
    return exclusive;
  }

  boolean isOnOrder() {
    return onOrder;
  }

  /** What it gives away where that is not what it is bought for, else {@code null}. */
  @Nullable Scope rewards() {
    return benefit instanceof Benefit.BuyGet buyGet ? buyGet.rewards() : null;
  }

  /** Whether it is about every line that has the SKU, the category or an attribute of its scope. */
  boolean isSure() {
    return sure;
  }

  /** The second of the epoch in which it begins, the smallest number if it always did. */
  long firstSecond() {
    return firstSecond;
  }

  /** The second of the epoch in which it ends, the largest number if it never does. */
  long lastSecond() {
    return lastSecond;
  }

  /** Whether it asks for more than a time of validity and coupons. */
  boolean isConditional() {
    return conditional;
  }

  /** Whether its benefit is {@link #percentOff} and nothing else. */
  boolean isPercentage() {
    return percentOff >= 0;
  }

  /** In basis points, if it {@link #isPercentage()}. */
  int percentOff() {
    return percentOff;
  }
}
