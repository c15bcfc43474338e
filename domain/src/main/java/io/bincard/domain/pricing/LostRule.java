package io.bincard.domain.pricing;

import io.bincard.domain.policy.RuleId;
import org.jspecify.annotations.Nullable;

/**
 * A rule that is about a line, or the order, and did not apply.
 *
 * @param winner the rule that it lost to; {@code null} if it lost to none
 */
public record LostRule(RuleId rule, Reason reason, @Nullable RuleId winner) {

  /** Why; the first of this list that is true. */
  public enum Reason {
    /** It begins later. */
    NOT_YET_VALID,
    /** It has ended. */
    EXPIRED,
    /** None of its recurring hours is on. */
    OUTSIDE_HOURS,
    /** Its campaign counts uses per customer, and nobody said who buys. */
    CUSTOMER_UNKNOWN,
    /** Its campaign has nothing left for this order. */
    CAMPAIGN_EXHAUSTED,
    /** Too few units in its scope. */
    MINIMUM_QUANTITY_NOT_REACHED,
    /** The order comes to too little. */
    MINIMUM_ORDER_NOT_REACHED,
    /** An exclusive rule applies. */
    EXCLUDED,
    /** Another rule or group saves more, or as much with a higher priority. */
    BETTER_DEAL,
    /** It would take nothing off. */
    NOTHING_TO_SAVE
  }

  static LostRule to(RuleId winner, RuleId rule, Reason reason) {
    return new LostRule(rule, reason, winner);
  }

  static LostRule by(Reason reason, RuleId rule) {
    return new LostRule(rule, reason, null);
  }
}
