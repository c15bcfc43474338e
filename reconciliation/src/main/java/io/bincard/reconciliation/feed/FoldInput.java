package io.bincard.reconciliation.feed;

import io.bincard.domain.LedgerHistory;

/** Stands between the journal and the fold, and sees what the fold is given. */
@FunctionalInterface
public interface FoldInput {

  /** What the fold reads in place of {@code history}. */
  LedgerHistory over(LedgerHistory history);
}
