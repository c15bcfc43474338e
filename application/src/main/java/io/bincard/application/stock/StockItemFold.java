package io.bincard.application.stock;

import io.bincard.application.journal.JournalEngine;
import io.bincard.application.writer.LiveStates;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Stock items as the journal has them: a fold of their streams, many at once. */
public final class StockItemFold implements LiveStates.Loader<StockItemId, StockItem> {

  private final JournalEngine journal;

  public StockItemFold(JournalEngine journal) {
    this.journal = journal;
  }

  @Override
  public Map<StockItemId, StockItem> load(Collection<StockItemId> ids) {
    Map<String, StockItem> folded = HashMap.newHashMap(ids.size());
    journal.readStreams(
        ids.stream().map(StockItemId::stream).toList(),
        (stream, event) ->
            folded.put(
                stream,
                folded.getOrDefault(stream, StockItem.UNREGISTERED).evolve((StockEvent) event)));
    Map<StockItemId, StockItem> items = HashMap.newHashMap(ids.size());
    ids.forEach(id -> items.put(id, folded.getOrDefault(id.stream(), StockItem.UNREGISTERED)));
    return items;
  }
}
