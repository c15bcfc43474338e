package io.bincard.projections.storefront;

import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
  default Found findAll(List<Sku> skus, LocationId location) {
    List<Optional<Availability>> found =
        findEach(skus.stream().map(sku -> new StockItemId(sku, location)).toList());
    return new Found(
        found.stream().flatMap(Optional::stream).toList(),
        IntStream.range(0, skus.size())
            .filter(i -> found.get(i).isEmpty())
            .mapToObj(skus::get)
            .toList());
  }

  /**
   * The items of {@code items}, in their order, each as of the moment; empty where an item is
   * unknown to the ledger.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if some item is in no view and the
   *     ledger cannot be read
   */
  List<Optional<Availability>> findEach(List<StockItemId> items);

  /** The items that are known and the SKUs of those that are not. */
  record Found(List<Availability> items, List<Sku> unknown) {

    public Found {
      items = List.copyOf(items);
      unknown = List.copyOf(unknown);
    }
  }
}
