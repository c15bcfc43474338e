package io.bincard.application.architecture.bad.reconciliation;

import io.bincard.domain.stock.StockItem;

/** Reconciliation, checking the ledger's fold by the ledger's fold. */
record BorrowsTheFold(StockItem expected) {}
