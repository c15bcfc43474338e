package io.bincard.application.stock;

import io.bincard.application.snapshots.StreamFold;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.StreamStates;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.util.Collection;
import java.util.Map;

/** Stock items as the journal has them, many at once. */
public final class StockItemFold
    implements LiveStates.Loader<StockItemId, StockItem>, CommitListener {

  /**
   * What an item takes of the heap beside its two codes: its place in a linked hash map 48, its id
   * and the id's values 56, their strings without the characters 80, the state 56. On HotSpot, with
   * compressed references.
   */
  private static final long BYTES = 240;

  private static final int ALIGNMENT = 8;

  private final StreamStates<StockItemId, StockItem> items;

  public StockItemFold(StreamFold<StockItem> fold) {
    items =
        new StreamStates<>(fold, StockItemId::stream, StockItem.UNREGISTERED, StockItemFold::bytes);
  }

  @Override
  public Map<StockItemId, StockItem> load(Collection<StockItemId> ids) {
    return items.load(ids);
  }

  @Override
  public StockItem load(StockItemId id) {
    return items.load(id);
  }

  @Override
  public long bytes(StockItemId id, StockItem item) {
    return items.bytes(id, item);
  }

  /** What {@code id} and a state take of the heap. */
  static long bytes(StockItemId id) {
    return BYTES + aligned(id.sku().value()) + aligned(id.location().value());
  }

  private static long aligned(String code) {
    return (code.length() + ALIGNMENT - 1L) & -ALIGNMENT;
  }

  @Override
  public void committed(Verdict verdict) {
    if (verdict instanceof StockTaken taken) {
      items.committed(taken.id(), taken.before(), taken.after());
    }
  }
}
