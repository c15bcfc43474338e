package io.bincard.domain.stock;

import java.util.List;

/** Where the ledger has stock items. */
public interface StockLocations {

  /**
   * Every location at which {@code sku} was ever registered, as of the last commit at the time of
   * the call, in the order of their codes.
   *
   * @param limit locations that are told at most
   * @throws LedgerUnavailableException if the ledger cannot be read
   */
  List<LocationId> of(Sku sku, int limit);
}
