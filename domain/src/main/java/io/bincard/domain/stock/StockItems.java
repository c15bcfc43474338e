package io.bincard.domain.stock;

import java.util.Optional;

/**
 * What the ledger itself knows of stock items: committed facts, not a copy of them. Readers ask
 * here when no view can answer.
 */
public interface StockItems {

  /**
   * The item as of at least {@link #headPosition()} at the time of the call; empty if it was never
   * registered.
   *
   * @throws LedgerUnavailableException if the ledger cannot be read; unknown must not be taken for
   *     absent
   */
  Optional<StockItem> find(StockItemId id);

  /**
   * The position of the last committed event, 0 for an empty ledger.
   *
   * @throws LedgerUnavailableException if the ledger cannot be read
   */
  long headPosition();

  /**
   * {@link #headPosition()}, asked of the ledger anew where this process only hears of commits and
   * may not have heard of {@code sought} yet.
   *
   * @throws LedgerUnavailableException if the ledger cannot be read
   */
  default long headPosition(long sought) {
    return headPosition();
  }
}
