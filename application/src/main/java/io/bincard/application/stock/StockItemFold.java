package io.bincard.application.stock;

import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.application.snapshots.StreamFold.Folded;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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

  private final StreamFold<StockItem> fold;

  public StockItemFold(StreamFold<StockItem> fold) {
    this.fold = fold;
  }

  @Override
  public Map<StockItemId, StockItem> load(Collection<StockItemId> ids) {
    Folded<StockItem> folded = fold.load(ids.stream().map(StockItemId::stream).toList());
    Map<StockItemId, StockItem> items = HashMap.newHashMap(ids.size());
    for (StockItemId id : ids) {
      if (!folded.unreadable().containsKey(id.stream())) {
        items.put(id, stateOf(id, folded));
      }
    }
    return items;
  }

  @Override
  public StockItem load(StockItemId id) {
    Folded<StockItem> folded = fold.load(List.of(id.stream()));
    UnreadableStreamException unreadable = folded.unreadable().get(id.stream());
    if (unreadable != null) {
      throw unreadable;
    }
    return stateOf(id, folded);
  }

  private static StockItem stateOf(StockItemId id, Folded<StockItem> folded) {
    return folded.states().getOrDefault(id.stream(), StockItem.UNREGISTERED);
  }

  @Override
  public long bytes(StockItemId id, StockItem item) {
    return bytes(id);
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
    if (verdict instanceof StockVerdict.Taken taken) {
      fold.committed(taken.id().stream(), taken.before(), taken.after());
    }
  }
}
