package io.bincard.projections.availability;

import com.redis.om.spring.annotations.IndexCreationMode;
import com.redis.om.spring.annotations.IndexingOptions;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import org.springframework.data.annotation.Id;
import org.springframework.data.redis.core.RedisHash;

/**
 * The row of one stock item, in units; a Redis hash. Besides what a storefront asks it carries what
 * the fold needs to go on from here.
 *
 * @param id {@code {sku}@{location}}
 * @param available on hand, less reserved, less safety stock
 * @param version sequence of the item's last event that is in the row
 * @param position a position up to which no event of the item is missing in the row
 * @param epoch the filling of the store that the row belongs to; any other one makes it void
 */
@RedisHash(AvailabilityView.KEYSPACE)
@IndexingOptions(creationMode = IndexCreationMode.SKIP_ALWAYS)
public record AvailabilityView(
    @Id String id,
    String sku,
    String location,
    long onHand,
    long reserved,
    long available,
    long safetyStock,
    long backorderLimit,
    boolean frozen,
    long version,
    long position,
    String epoch) {

  /** What the keys of all rows of the ledger {@code main} begin with. */
  public static final String KEYSPACE = "bincard:main:availability";

  /** The row of {@code item} in the state {@code state}. */
  static AvailabilityView of(StockItemId item, StockItem state, long position, String epoch) {
    return new AvailabilityView(
        item.toString(),
        item.sku().value(),
        item.location().value(),
        state.onHand(),
        state.reserved(),
        state.available(),
        state.safetyStock(),
        state.backorderLimit(),
        state.frozen(),
        state.version(),
        position,
        epoch);
  }

  /** The Redis key of an item's row. */
  public static String key(StockItemId item) {
    return KEYSPACE + ':' + item;
  }

  /** The item that the row is of. */
  public StockItemId item() {
    return new StockItemId(new Sku(sku), new LocationId(location));
  }

  /** The state that the row holds. */
  public StockItem state() {
    return new StockItem(version, onHand, reserved, safetyStock, backorderLimit, frozen);
  }
}
