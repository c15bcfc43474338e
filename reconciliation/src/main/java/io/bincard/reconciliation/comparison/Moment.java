package io.bincard.reconciliation.comparison;

import java.time.Instant;

/**
 * When a row was read and what was known then. The mark was read before the row, the ledger's head
 * after it, and the expectation last.
 *
 * @param epoch of the live generation
 * @param mark every event up to this position is in the rows
 * @param folded every event up to this position is in the expectation
 * @param head no event after this position can be in the row; {@link Long#MAX_VALUE} if that was
 *     not asked
 * @param now by the clock
 */
public record Moment(String epoch, long mark, long folded, long head, Instant now) {

  /** Whether everything that can be in the row is in the expectation. */
  boolean isFolded() {
    return folded >= head;
  }
}
