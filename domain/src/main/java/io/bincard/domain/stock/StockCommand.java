package io.bincard.domain.stock;

import io.bincard.domain.LedgerCommand;
import org.jspecify.annotations.Nullable;

/** What an order service or a warehouse asks of a stock item. */
public sealed interface StockCommand extends LedgerCommand {

  Sku sku();

  LocationId location();

  default StockItemId item() {
    return new StockItemId(sku(), location());
  }

  /** Open the card of an item with what lies there already. */
  record RegisterStockItem(
      Sku sku,
      LocationId location,
      Quantity openingQuantity,
      Quantity safetyStock,
      Quantity backorderLimit)
      implements StockCommand {}

  /** Goods came in, at least one unit. */
  record ReceiveStock(
      Sku sku, LocationId location, Quantity quantity, @Nullable DocumentId document)
      implements StockCommand {
    /**
     * @throws io.bincard.domain.InvalidValueException if {@code quantity} is 0
     */
    public ReceiveStock {
      quantity = Quantity.positive(quantity.units());
    }
  }

  /** At least one unit leaves at once: a sale without a hold. */
  record DeductStock(Sku sku, LocationId location, Quantity quantity, OrderId orderId)
      implements StockCommand {
    /**
     * @throws io.bincard.domain.InvalidValueException if {@code quantity} is 0
     */
    public DeductStock {
      quantity = Quantity.positive(quantity.units());
    }
  }

  /** Units of an order come back to be sold again, at least one. */
  record ReturnStock(Sku sku, LocationId location, Quantity quantity, OrderId orderId)
      implements StockCommand {
    /**
     * @throws io.bincard.domain.InvalidValueException if {@code quantity} is 0
     */
    public ReturnStock {
      quantity = Quantity.positive(quantity.units());
    }
  }

  /** The figure is corrected by a signed number of units, not 0. */
  record AdjustStock(Sku sku, LocationId location, Delta delta, Reason reason)
      implements StockCommand {
    /**
     * @throws io.bincard.domain.InvalidValueException if {@code delta} is 0
     */
    public AdjustStock {
      delta = Delta.nonZero(delta.units());
    }
  }

  /** Somebody counted the units. */
  record CountStock(Sku sku, LocationId location, Quantity counted) implements StockCommand {}

  /** Change the selling policy; a {@code null} part stays as it is. */
  record SetStockPolicy(
      Sku sku,
      LocationId location,
      @Nullable Quantity safetyStock,
      @Nullable Quantity backorderLimit)
      implements StockCommand {}

  /** Stop every change, for the figure is not to be trusted. */
  record FreezeStockItem(Sku sku, LocationId location, Reason reason) implements StockCommand {}

  /** Let changes through again. */
  record UnfreezeStockItem(Sku sku, LocationId location, Reason reason) implements StockCommand {}
}
