package io.bincard.application.hold;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An order was taken at once.
 *
 * @param items those that units were taken from, after it
 * @param at when; promises to holds that lapsed by then do not count
 */
record OrderTaken(
    OrderId orderId, Map<StockItemId, StockItem> items, Instant at, List<Moved<?, ?>> moved)
    implements Verdict {

  private static final int CREATED = 201;

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(
        CREATED,
        LedgerJson.write(
            new Body(
                key.key(),
                "done",
                orderId,
                position,
                items.entrySet().stream()
                    .map(item -> Item.of(item.getKey(), item.getValue(), at))
                    .toList())));
  }

  @JsonPropertyOrder({"key", "status", "orderId", "position", "items"})
  private record Body(
      String key, String status, OrderId orderId, long position, List<Item> items) {}

  @JsonPropertyOrder({"sku", "location", "stream", "version", "onHand", "reserved", "available"})
  private record Item(
      Sku sku,
      LocationId location,
      String stream,
      long version,
      long onHand,
      long reserved,
      long available) {

    static Item of(StockItemId id, StockItem item, Instant at) {
      return new Item(
          id.sku(),
          id.location(),
          id.stream(),
          item.version(),
          item.onHand(),
          item.reserved(at),
          item.available(at));
    }
  }
}
