package io.bincard.projections.storefront;

import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.util.List;
import java.util.Optional;

/** What can be sold. */
public interface Availabilities {

  /** The position to ask for when any will do. */
  long ANY_POSITION = 0;

  /**
   * The item as of {@code minPosition} or later if that can be had within the reader's patience;
   * else what there is, told to be stale. Empty if the item is unknown to the ledger.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if no view can answer and the ledger
   *     cannot be read
   */
  Optional<Availability> find(StockItemId item, long minPosition);

  /**
   * The items of {@code skus} at one location, in the order asked for, each as of the moment.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if some item is in no view and the
   *     ledger cannot be read
   */
  Found findAll(List<Sku> skus, LocationId location);

  /** The items that are known and the SKUs of those that are not. */
  record Found(List<Availability> items, List<Sku> unknown) {

    public Found {
      items = List.copyOf(items);
      unknown = List.copyOf(unknown);
    }
  }
}
