package io.bincard.application.stock;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.StreamStates;
import io.bincard.application.writer.Verdict;
import io.bincard.application.writer.WriterLease;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * The ledger's own answers. The node that leads knows the states that it committed last. Every
 * other node reads what has come since the state that it remembers, for nobody tells it of commits.
 *
 * <p>Of two states of one item the one with the higher version stays, so a slow fold never replaces
 * a newer commit.
 */
public final class JournalStockItems implements StockItems, CommitListener {

  private final EventStore eventStore;
  private final StreamStates<StockItemId, StockItem> stored;
  private final JournalTail tail;
  private final LiveStates.Limits limits;
  private final WriterLease lease;
  private volatile Memory memory;

  /**
   * @param epoch in which this node began to be told of every commit, 0 if it never was
   */
  private record Memory(long epoch, Cache<StockItemId, StockItem> states) {

    /** Whether a state that is remembered is the last one there is. */
    boolean isWhole(WriterLease lease) {
      return epoch != 0 && epoch == lease.certainEpoch();
    }
  }

  public JournalStockItems(
      EventStore eventStore,
      StreamStates<StockItemId, StockItem> stored,
      JournalTail tail,
      LiveStates.Limits limits,
      WriterLease lease) {
    this.eventStore = eventStore;
    this.stored = stored;
    this.tail = tail;
    this.limits = limits;
    this.lease = lease;
    this.memory = new Memory(0, empty());
  }

  private Cache<StockItemId, StockItem> empty() {
    return Caffeine.newBuilder().maximumWeight(limits.bytes()).weigher(this::weight).build();
  }

  /** At least its share, so that neither limit is passed. */
  private int weight(StockItemId id, StockItem item) {
    return Math.clamp(
        Math.max(stored.bytes(id, item), limits.bytes() / limits.states()), 0, Integer.MAX_VALUE);
  }

  @Override
  public void committed(Verdict verdict) {
    for (Moved<?, ?> move : verdict.moved()) {
      if (move.key() instanceof StockItemId id && move.after() instanceof StockItem after) {
        keep(memory.states(), id, after);
      }
    }
  }

  /** A fold that is under way may be older than a commit nobody told of; it goes with its cache. */
  @Override
  public void takenOver() {
    memory = new Memory(lease.epoch(), empty());
  }

  @Override
  public Optional<StockItem> find(StockItemId id) {
    Memory now = memory;
    StockItem known = now.states().getIfPresent(id);
    if (known != null && now.isWhole(lease)) {
      return Optional.of(known);
    }
    StockItem folded = known == null ? load(id) : goOn(id, known);
    return folded.isRegistered() ? Optional.of(keep(now.states(), id, folded)) : Optional.empty();
  }

  private static StockItem keep(
      Cache<StockItemId, StockItem> states, StockItemId id, StockItem state) {
    return states
        .asMap()
        .merge(id, state, (old, fresh) -> fresh.version() > old.version() ? fresh : old);
  }

  private StockItem load(StockItemId id) {
    try {
      return stored.load(id);
    } catch (EventStoreException | UnreadableStreamException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }

  /** What {@code known} has become. */
  private StockItem goOn(StockItemId id, StockItem known) {
    try {
      return eventStore
          .readEvents(id.stream(), known.version() + 1)
          .asStream()
          .map(event -> (StockEvent) event.getPayload())
          .reduce(known, StockItem::evolve, (first, second) -> second);
    } catch (EventStoreException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }

  @Override
  public long headPosition() {
    return tail.position();
  }

  @Override
  public long headPosition(long sought) {
    if (tail.position() < sought && !memory.isWhole(lease)) {
      try {
        tail.advance(eventStore.createHeadToken().position().orElse(0));
      } catch (EventStoreException e) {
        throw new LedgerUnavailableException("the journal cannot be read", e);
      }
    }
    return tail.position();
  }
}
