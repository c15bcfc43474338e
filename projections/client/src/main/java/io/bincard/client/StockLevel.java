package io.bincard.client;

import io.bincard.client.wire.FlatJson;

/**
 * What there is of one item, in units.
 *
 * @param reserved promised to holds
 * @param available what may be sold: on hand, less reserved, less safety stock; negative when more
 *     is promised or kept back
 * @param version sequence of the item's last event that is in it
 * @param asOfPosition a position of the ledger up to which no event of the item is missing in it
 * @param frozen whether the item's stock may not be changed now
 */
public record StockLevel(
    String sku,
    String location,
    long onHand,
    long reserved,
    long available,
    long version,
    long asOfPosition,
    boolean frozen) {

  static StockLevel read(FlatJson json) {
    return new StockLevel(
        json.text("sku"),
        json.text("location"),
        json.number("onHand"),
        json.number("reserved"),
        json.number("available"),
        json.number("version"),
        json.number("asOfPosition"),
        json.flag("frozen"));
  }
}
