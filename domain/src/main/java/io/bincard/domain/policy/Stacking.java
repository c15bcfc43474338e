package io.bincard.domain.policy;

import io.bincard.domain.Code;

/** What becomes of other rules that want the same line, or the same order. */
public sealed interface Stacking {

  /**
   * None of them applies; of several exclusive ones the first by priority is taken. A rule on lines
   * has for itself those that it saves on, and those whose units or price it counted to save on
   * others; one on the order leaves the rules on lines alone.
   */
  record Exclusive() implements Stacking {}

  /**
   * Those of the same group apply one after the other, by priority, each to what the ones before
   * left over. The group as a whole competes with other groups and with best deals.
   */
  record WithinGroup(String group) implements Stacking {
    /**
     * @throws io.bincard.domain.InvalidValueException if {@code group} is no {@link Code}
     */
    public WithinGroup {
      Code.checked("a group", group);
    }
  }

  /**
   * It is taken alone if it saves more than any group and any other best deal: line by line, or on
   * the order.
   */
  record BestDeal() implements Stacking {}
}
