package io.bincard.projections.push.hub;

import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;

/** How an item is written for clients. */
@FunctionalInterface
public interface ItemJson {

  /**
   * The item as {@code GET /v1/stock/{sku}} answers.
   *
   * @param asOf a position up to which no event of the item is missing in {@code state}
   */
  String of(StockItemId item, StockItem state, Instant now, long asOf);
}
