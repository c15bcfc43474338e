package io.bincard.application.stock;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * The ledger's own answers: the states that the writer committed last, and for others a fold of
 * their stream.
 *
 * <p>Of two states of one item the one with the higher version stays, so a slow fold never replaces
 * a newer commit.
 */
public final class JournalStockItems implements StockItems, CommitListener {

  private final EventStore eventStore;
  private final JournalTail tail;
  private final int cachedItems;
  private volatile Cache<StockItemId, StockItem> committed;

  public JournalStockItems(EventStore eventStore, JournalTail tail, int cachedItems) {
    this.eventStore = eventStore;
    this.tail = tail;
    this.cachedItems = cachedItems;
    this.committed = empty();
  }

  private Cache<StockItemId, StockItem> empty() {
    return Caffeine.newBuilder().maximumSize(cachedItems).build();
  }

  @Override
  public void committed(Verdict verdict) {
    if (verdict instanceof StockVerdict.Taken taken) {
      keep(committed, taken.id(), taken.after());
    }
  }

  /** A fold that is under way may be older than a commit nobody told of; it goes with its cache. */
  @Override
  public void takenOver() {
    committed = empty();
  }

  @Override
  public Optional<StockItem> find(StockItemId id) {
    Cache<StockItemId, StockItem> states = committed;
    StockItem known = states.getIfPresent(id);
    if (known != null) {
      return Optional.of(known);
    }
    StockItem folded = fold(id);
    return folded.isRegistered() ? Optional.of(keep(states, id, folded)) : Optional.empty();
  }

  private static StockItem keep(
      Cache<StockItemId, StockItem> states, StockItemId id, StockItem state) {
    return states
        .asMap()
        .merge(id, state, (old, fresh) -> fresh.version() > old.version() ? fresh : old);
  }

  private StockItem fold(StockItemId id) {
    try {
      return eventStore
          .readEvents(id.stream())
          .asStream()
          .map(event -> (StockEvent) event.getPayload())
          .reduce(StockItem.UNREGISTERED, StockItem::evolve, (first, second) -> second);
    } catch (EventStoreException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }

  @Override
  public long headPosition() {
    return tail.position();
  }
}
