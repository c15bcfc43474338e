package io.bincard.projections.storefront;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.availability.AvailabilityView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be sold of an item at the moment of the answer, in units, and how far that can be
 * trusted.
 *
 * @param reserved promised to holds, without what has lapsed
 * @param available on hand, less reserved, less safety stock; negative when more is promised or
 *     kept back
 * @param version sequence of the item's last event that is in the answer
 * @param asOfPosition a journal position up to which no event of the item is missing in the answer
 * @param ageMillis for how long at most the answer may have been out of date; 0 if it is as of the
 *     ledger's last event
 * @param verifiedAt when the view's row was last compared with the ledger and found equal; null if
 *     that has not been done since it changed, and in an answer of the ledger itself
 * @param frozen whether changes of the item are stopped
 * @param source who answered
 * @param stale whether the answer is older than the position that was asked for, or one from before
 *     that is said again
 * @param lapsed units whose promise has lapsed without an event that says so: while there are some,
 *     the version alone does not tell two answers apart
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
  "verifiedAt",
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant verifiedAt,
    boolean frozen,
    Source source,
    boolean stale,
    @JsonIgnore long lapsed) {

  /** What the ledger itself says. */
  public static Availability of(
      StockItemId item, StockItem state, Instant now, long asOfPosition, boolean stale) {
    return new Availability(
        item.sku().value(),
        item.location().value(),
        state.onHand(),
        state.reserved(now),
        state.available(now),
        state.version(),
        asOfPosition,
        0,
        null,
        state.frozen(),
        Source.LEDGER,
        stale,
        state.reservations().lapsed(now));
  }

  /** The item that it is about. */
  StockItemId item() {
    return new StockItemId(new Sku(sku), new LocationId(location));
  }

  /** The same, {@code laterMillis} after it was first said. */
  Availability saidAgain(long laterMillis) {
    return new Availability(
        sku,
        location,
        onHand,
        reserved,
        available,
        version,
        asOfPosition,
        ageMillis + laterMillis,
        verifiedAt,
        frozen,
        Source.MEMORY,
        true,
        lapsed);
  }

  /**
   * What a view says.
   *
   * @param lapsed what of the view's reserved units has lapsed
   */
  static Availability of(
      AvailabilityView view,
      long lapsed,
      long asOfPosition,
      long ageMillis,
      @Nullable Instant verifiedAt,
      boolean stale) {
    long reserved = view.reserved() - lapsed;
    return new Availability(
        view.sku(),
        view.location(),
        view.onHand(),
        reserved,
        view.onHand() - reserved - view.safetyStock(),
        view.version(),
        asOfPosition,
        ageMillis,
        verifiedAt,
        view.frozen(),
        Source.VIEW,
        stale,
        lapsed);
  }
}
