package io.bincard.projections.availability;

import com.redis.om.spring.annotations.IndexCreationMode;
import com.redis.om.spring.annotations.IndexingOptions;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.data.annotation.Id;
import org.springframework.data.redis.core.RedisHash;

/**
 * The row of one stock item, in units; a Redis hash. Besides what a storefront asks it carries what
 * the fold needs to go on from here, unless something is promised.
 *
 * @param id {@code {sku}@{location}}
 * @param reserved promised to holds by the books: also what has lapsed and nobody has written down
 *     yet
 * @param lapses when how much of {@code reserved} lapses next, as {@link Lapses} writes it
 * @param available on hand, less {@code reserved}, less safety stock: by the books, too, so never
 *     more than there is, and nothing to tell a reader, who asks {@link #lapsed}
 * @param version sequence of the item's last event that is in the row
 * @param position a position up to which no event of the item is missing in the row
 * @param epoch the filling of the store that the row belongs to; any other one makes it void
 */
@RedisHash("bincard:main")
@IndexingOptions(creationMode = IndexCreationMode.SKIP_ALWAYS)
public record AvailabilityView(
    @Id String id,
    String sku,
    String location,
    long onHand,
    long reserved,
    String lapses,
    long available,
    long safetyStock,
    long backorderLimit,
    boolean frozen,
    long version,
    long position,
    String epoch) {

  /** The name of the view, which all its keys begin with. */
  public static final String NAME = "availability";

  /** The row of {@code item} in the state {@code state}. */
  static AvailabilityView of(StockItemId item, StockItem state, long position, String epoch) {
    long reserved = state.reservations().total();
    return new AvailabilityView(
        item.toString(),
        item.sku().value(),
        item.location().value(),
        state.onHand(),
        reserved,
        Lapses.of(state.reservations()),
        state.onHand() - reserved - state.safetyStock(),
        state.safetyStock(),
        state.backorderLimit(),
        state.frozen(),
        state.version(),
        position,
        epoch);
  }

  /** The key of an item's row in its generation. */
  public static String key(StockItemId item) {
    return NAME + ':' + item;
  }

  /** The item that the row is of. */
  public StockItemId item() {
    return new StockItemId(new Sku(sku), new LocationId(location));
  }

  /**
   * What of {@link #reserved} has lapsed at {@code now}; empty if the row cannot say, for it does
   * not know of that many promises, or is damaged.
   */
  public OptionalLong lapsed(Instant now) {
    return Lapses.lapsed(lapses, reserved, now);
  }

  /** The state that the row holds; empty if it cannot, for it does not say who is promised what. */
  Optional<StockItem> state() {
    return reserved == 0
        ? Optional.of(
            new StockItem(version, onHand, Reservations.NONE, safetyStock, backorderLimit, frozen))
        : Optional.empty();
  }
}
