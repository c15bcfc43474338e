package io.bincard.projections.availability;

import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states that the projection remembers, so that it need not read a row to fold the next event:
 * at most a given number, the ones not used for longest leaving first.
 */
final class KnownItems {

  /**
   * A state and a position up to which no event of the item is missing in it.
   *
   * @param position a journal position, at least that of the event that led to {@code state}
   */
  record Known(StockItem state, long position) {}

  private final LinkedHashMap<StockItemId, Known> states;

  KnownItems(int limit) {
    states =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<StockItemId, Known> eldest) {
            return size() > limit;
          }
        };
  }

  synchronized @Nullable Known get(StockItemId item) {
    return states.get(item);
  }

  synchronized void putAll(Map<StockItemId, Known> known) {
    states.putAll(known);
  }

  synchronized void clear() {
    states.clear();
  }
}
