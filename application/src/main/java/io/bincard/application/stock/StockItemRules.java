package io.bincard.application.stock;

import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;

/** How a stock item comes out of its events, and how its opening balance is written. */
public final class StockItemRules implements StreamFold.Rules<StockItem> {

  private static final String REVISION = "stock-item/" + StockItem.FOLD_REVISION;

  /** Stored: another shape of it needs another {@link StockItem#FOLD_REVISION}. */
  private record Balance(
      long onHand, long reserved, long safetyStock, long backorderLimit, boolean frozen) {}

  @Override
  public String revision() {
    return REVISION;
  }

  @Override
  public StockItem unborn() {
    return StockItem.UNREGISTERED;
  }

  @Override
  public StockItem evolve(StockItem item, Object event) {
    return item.evolve((StockEvent) event);
  }

  @Override
  public long sequence(StockItem item) {
    return item.version();
  }

  @Override
  public String write(StockItem item) {
    return LedgerJson.write(
        new Balance(
            item.onHand(),
            item.reserved(),
            item.safetyStock(),
            item.backorderLimit(),
            item.frozen()));
  }

  @Override
  public StockItem read(long sequence, String json) {
    Balance balance = LedgerJson.read(json, Balance.class);
    return new StockItem(
        sequence,
        balance.onHand(),
        balance.reserved(),
        balance.safetyStock(),
        balance.backorderLimit(),
        balance.frozen());
  }
}
