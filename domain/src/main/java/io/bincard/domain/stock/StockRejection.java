package io.bincard.domain.stock;

/**
 * Why a stock item refuses a command: the broken rule with its numbers, in units.
 *
 * <p>Where several rules are broken the first of this list is named, so the order of the records
 * below is a promise: existence, expected version, freeze, limits, stock.
 */
public sealed interface StockRejection {

  Sku sku();

  LocationId location();

  /** The item has no card yet. */
  record UnknownStockItem(Sku sku, LocationId location) implements StockRejection {}

  /** The item has its card already. */
  record StockItemAlreadyRegistered(Sku sku, LocationId location) implements StockRejection {}

  /** The item moved on since the sender looked. */
  record StaleVersion(Sku sku, LocationId location, long expectedVersion, long actualVersion)
      implements StockRejection {}

  /** The item is frozen; only a count or an unfreeze gets through. */
  record StockItemFrozen(Sku sku, LocationId location) implements StockRejection {}

  /** There is nothing to unfreeze. */
  record StockItemNotFrozen(Sku sku, LocationId location) implements StockRejection {}

  /** The item would hold more than a {@link Quantity} can say, or a count would move it by more. */
  record QuantityLimitExceeded(
      Sku sku, LocationId location, long onHand, long requested, long limit)
      implements StockRejection {}

  /**
   * Less can be sold than was asked for; backorders that the policy allows are counted in {@code
   * available}.
   */
  record InsufficientStock(Sku sku, LocationId location, long requested, long available)
      implements StockRejection {}

  /** More would be written off than lies there unreserved. */
  record AdjustmentExceedsStock(
      Sku sku, LocationId location, long delta, long onHand, long reserved)
      implements StockRejection {}

  /** Fewer units were counted than are promised to holds. */
  record CountBelowReserved(Sku sku, LocationId location, long counted, long reserved)
      implements StockRejection {}
}
