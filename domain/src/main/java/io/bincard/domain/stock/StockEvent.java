package io.bincard.domain.stock;

import org.jspecify.annotations.Nullable;

/**
 * What happened to a stock item. Stored for ever: a component may be added as nullable, never
 * renamed or removed.
 */
public sealed interface StockEvent {

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

  record StockItemFrozen(Sku sku, LocationId location, Reason reason) implements StockEvent {}

  record StockItemUnfrozen(Sku sku, LocationId location, Reason reason) implements StockEvent {}
}
