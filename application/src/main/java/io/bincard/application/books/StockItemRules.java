package io.bincard.application.books;

import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.util.List;

/** How a stock item comes out of its events, and how its opening balance is written. */
public final class StockItemRules implements StreamFold.Rules<StockItem> {

  /**
   * What an item takes of the heap beside its two codes: its place in a linked hash map 48, its id
   * and the id's values 56, their strings without the characters 80, the state 56. On HotSpot, with
   * compressed references.
   */
  private static final long BYTES = 240;

  private static final int ALIGNMENT = 8;

  private static final String REVISION = "stock-item/" + StockItem.FOLD_REVISION;

  /** Stored: another shape of it needs another {@link StockItem#FOLD_REVISION}. */
  private record Balance(
      long onHand,
      List<Promised> reserved,
      long safetyStock,
      long backorderLimit,
      boolean frozen) {}

  /** What {@code id} and {@code item} take of the heap. */
  static long bytes(StockItemId id, StockItem item) {
    return BYTES
        + aligned(id.sku().value())
        + aligned(id.location().value())
        + item.reservations().size() * Books.RESERVATION_BYTES;
  }

  private static long aligned(String code) {
    return (code.length() + ALIGNMENT - 1L) & -ALIGNMENT;
  }

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
            Promised.of(item.reservations()),
            item.safetyStock(),
            item.backorderLimit(),
            item.frozen()));
  }

  @Override
  public int parts(StockItem item) {
    return item.reservations().size();
  }

  @Override
  public StockItem read(long sequence, String json) {
    Balance balance = LedgerJson.read(json, Balance.class);
    return new StockItem(
        sequence,
        balance.onHand(),
        Promised.toReservations(balance.reserved()),
        balance.safetyStock(),
        balance.backorderLimit(),
        balance.frozen());
  }
}
