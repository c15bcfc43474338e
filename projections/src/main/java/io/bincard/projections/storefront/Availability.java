package io.bincard.projections.storefront;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;

/**
 * What can be sold of an item, in units, and how far that can be trusted.
 *
 * @param available on hand, less reserved, less safety stock; negative when more is promised or
 *     kept back
 * @param version sequence of the item's last event that is in the answer
 * @param asOfPosition a journal position up to which no event of the item is missing in the answer
 * @param ageMillis for how long at most the answer may have been out of date; 0 if it is as of the
 *     ledger's last event
 * @param frozen whether changes of the item are stopped
 * @param source who answered
 * @param stale whether the answer is older than the position that was asked for
 */
@JsonPropertyOrder({
  "sku",
  "location",
  "onHand",
  "reserved",
  "available",
  "version",
  "asOfPosition",
  "ageMillis",
  "frozen",
  "source",
  "stale"
})
public record Availability(
    String sku,
    String location,
    long onHand,
    long reserved,
    long available,
    long version,
    long asOfPosition,
    long ageMillis,
    boolean frozen,
    Source source,
    boolean stale) {

  static Availability of(
      StockItemId item,
      StockItem state,
      long asOfPosition,
      long ageMillis,
      Source source,
      boolean stale) {
    return new Availability(
        item.sku().value(),
        item.location().value(),
        state.onHand(),
        state.reserved(),
        state.available(),
        state.version(),
        asOfPosition,
        ageMillis,
        state.frozen(),
        source,
        stale);
  }
}
