package io.bincard.domain.stock;

/** Stops changes of items that are not to be trusted, by commands of the ledger's own. */
public interface StockFreezes {

  /**
   * Freezes {@code item} as {@code FreezeStockItem} does. Returns whether it is frozen now; {@code
   * false} if there is no such item.
   *
   * @param key stands for this freeze, 1 to 128 visible ASCII characters without slashes: called
   *     twice with the same one it freezes once
   * @throws LedgerUnavailableException if it is not known whether that was done
   */
  boolean freeze(StockItemId item, Reason reason, String key);
}
