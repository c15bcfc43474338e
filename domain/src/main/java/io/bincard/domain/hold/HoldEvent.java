package io.bincard.domain.hold;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.money.Money;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a hold, on its own stream. Stored for ever: a component may be added as
 * nullable, never renamed or removed. What it did to items and accounts stands on their streams, in
 * the same transaction.
 */
public sealed interface HoldEvent extends LedgerEvent {

  HoldId hold();

  OrderId orderId();

  /**
   * Units of one line of an order at one location.
   *
   * @param line which of the order's lines, from 0; one that was split stands several times
   * @param quantity at least one unit
   * @param finalPrice what is to be paid for these units, {@code null} without a price
   */
  record Part(
      int line, Sku sku, LocationId location, Quantity quantity, @Nullable Money finalPrice) {
    public StockItemId item() {
      return new StockItemId(sku, location);
    }
  }

  /**
   * The promise was made.
   *
   * @param parts of the order's lines, in their order
   * @param price by what and when it was priced; {@code null} if no price was asked for
   * @param expiresAt from then on the promise has lapsed; in whole milliseconds
   */
  record HoldPlaced(
      HoldId hold,
      OrderId orderId,
      List<Part> parts,
      @Nullable DiscountApplied price,
      Instant placedAt,
      Instant expiresAt)
      implements HoldEvent {
    public HoldPlaced {
      parts = List.copyOf(parts);
    }
  }

  /** The promise lasts longer. */
  record HoldExtended(HoldId hold, OrderId orderId, Instant from, Instant expiresAt)
      implements HoldEvent {}

  /**
   * The order came about, or a part of it.
   *
   * @param parts what was sold
   * @param rest what became of what is left; {@code null} if nothing is
   */
  record HoldConfirmed(HoldId hold, OrderId orderId, List<Part> parts, @Nullable Rest rest)
      implements HoldEvent {
    public HoldConfirmed {
      parts = List.copyOf(parts);
    }
  }

  /** The order, or what was left of it, does not come about. */
  record HoldReleased(HoldId hold, OrderId orderId) implements HoldEvent {}

  /** The time of the promise was over at {@code expiredAt}. */
  record HoldExpired(HoldId hold, OrderId orderId, Instant expiredAt) implements HoldEvent {}
}
