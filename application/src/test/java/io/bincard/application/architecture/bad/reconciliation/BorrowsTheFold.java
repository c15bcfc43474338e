package io.bincard.application.architecture.bad.reconciliation;

import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;

/** Reconciliation, checking the ledger's fold by the ledger's fold. */
final class BorrowsTheFold {

  StockItem expected(StockItem before, StockEvent event) {
    return before.evolve(event);
  }
}
