package io.bincard.domain.stock;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.reservation.HoldId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a stock item. Stored for ever: a component may be added as nullable, never
 * renamed or removed.
 */
public sealed interface StockEvent extends LedgerEvent {

  Sku sku();

  LocationId location();

  default StockItemId item() {
    return new StockItemId(sku(), location());
  }

  record StockItemRegistered(
      Sku sku,
      LocationId location,
      Quantity openingQuantity,
      Quantity safetyStock,
      Quantity backorderLimit)
      implements StockEvent {}

  record StockReceived(
      Sku sku, LocationId location, Quantity quantity, @Nullable DocumentId document)
      implements StockEvent {}

  record StockDeducted(Sku sku, LocationId location, Quantity quantity, OrderId orderId)
      implements StockEvent {}

  record StockReturned(Sku sku, LocationId location, Quantity quantity, OrderId orderId)
      implements StockEvent {}

  record StockAdjusted(Sku sku, LocationId location, Delta delta, Reason reason)
      implements StockEvent {}

  /** {@code delta} is what the count changed: {@code counted} less what was on hand before. */
  record StockCounted(Sku sku, LocationId location, Quantity counted, Delta delta)
      implements StockEvent {}

  record StockPolicySet(Sku sku, LocationId location, Quantity safetyStock, Quantity backorderLimit)
      implements StockEvent {}

  /**
   * Units are promised to a hold.
   *
   * @param until from then on the promise has lapsed; in whole milliseconds
   */
  record StockReserved(
      Sku sku, LocationId location, Quantity quantity, HoldId hold, OrderId orderId, Instant until)
      implements StockEvent {}

  /** Promised units leave: the sale that they were held for. */
  record ReservationConfirmed(
      Sku sku, LocationId location, Quantity quantity, HoldId hold, OrderId orderId, Instant until)
      implements StockEvent {}

  /** Units that were promised until {@code from} are promised until {@code until}. */
  record ReservationExtended(
      Sku sku,
      LocationId location,
      Quantity quantity,
      HoldId hold,
      OrderId orderId,
      Instant from,
      Instant until)
      implements StockEvent {}

  /** Units are not promised any more: nobody wants them. */
  record ReservationReleased(
      Sku sku, LocationId location, Quantity quantity, HoldId hold, OrderId orderId, Instant until)
      implements StockEvent {}

  /** Units are not promised any more: their time was over at {@code until}. */
  record ReservationExpired(
      Sku sku, LocationId location, Quantity quantity, HoldId hold, OrderId orderId, Instant until)
      implements StockEvent {}

  record StockItemFrozen(Sku sku, LocationId location, Reason reason) implements StockEvent {}

  record StockItemUnfrozen(Sku sku, LocationId location, Reason reason) implements StockEvent {}
}
