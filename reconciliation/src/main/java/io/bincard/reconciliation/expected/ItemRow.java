package io.bincard.reconciliation.expected;

import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The figures of a stock item, as a row of {@code expected_item} has them.
 *
 * @param lapses as in {@link Promises#lapses}
 */
record ItemRow(
    String key,
    long version,
    long position,
    long onHand,
    long reserved,
    String lapses,
    long safetyStock,
    long backorderLimit,
    boolean frozen) {

  static final String PREFIX = "availability:";

  /** Units of which an item has no more that stands in the set of low stock. */
  private static final long MOST_LOW = 1_000;

  /** What the view must say. */
  ExpectedRow expected() {
    String id = key.substring(PREFIX.length());
    int at = id.indexOf('@');
    String sku = id.substring(0, at);
    String location = id.substring(at + 1);
    long available = onHand - reserved - safetyStock;
    String atLocation = "locations:" + sku + '\t' + location;
    return new ExpectedRow(
        key,
        version,
        position,
        Map.of(
            "id", id,
            "sku", sku,
            "location", location,
            "onHand", Long.toString(onHand),
            "reserved", Long.toString(reserved),
            "lapses", lapses,
            "available", Long.toString(available),
            "safetyStock", Long.toString(safetyStock),
            "backorderLimit", Long.toString(backorderLimit),
            "frozen", Boolean.toString(frozen)),
        available > MOST_LOW
            ? Set.of(atLocation)
            : Set.of(atLocation, "low-stock\t" + ordered(available) + ':' + id));
  }

  /** So that texts have the order of the numbers. */
  private static String ordered(long units) {
    return HexFormat.of().toHexDigits(units ^ Long.MIN_VALUE);
  }
}
