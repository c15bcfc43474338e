package io.bincard.projections.availability;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.filling.Fold;
import io.bincard.projections.filling.Remembered;
import io.bincard.projections.filling.Remembered.Known;
import io.bincard.projections.filling.StoredRows;
import io.bincard.projections.filling.View;
import io.bincard.projections.viewstore.ViewRow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** Folds stock events into {@link AvailabilityView}s by the domain's own {@code evolve}. */
public final class AvailabilityFold implements Fold {

  private final StockItems ledger;
  private final StoredRows stored;
  private final Remembered<StockItemId, StockItem> items;

  private AvailabilityFold(StockItems ledger, StoredRows stored, int remembered) {
    this.ledger = ledger;
    this.stored = stored;
    this.items = new Remembered<>(remembered);
  }

  /** The view, which asks {@code ledger} where a fold has lost the thread. */
  public static View view(StockItems ledger) {
    return new View() {
      @Override
      public String name() {
        return AvailabilityView.NAME;
      }

      @Override
      public Set<Class<? extends LedgerEvent>> kinds() {
        return Set.of(StockEvent.class);
      }

      @Override
      public Fold fold(StoredRows stored, int remembered) {
        return new AvailabilityFold(ledger, stored, remembered);
      }

      @Override
      public OptionalLong rows(LedgerHistory history, long position) {
        return OptionalLong.of(history.streams(StockItemId.STREAM_PREFIX, position));
      }
    };
  }

  @Override
  public void take(List<CommittedEvent> events) {
    boolean recalled = false;
    for (int i = 0; i < events.size(); i++) {
      CommittedEvent committed = events.get(i);
      if (committed.event() instanceof StockEvent event) {
        StockItemId item = event.item();
        Known<StockItemId, StockItem> known = items.get(item);
        if (known == null && committed.sequence() > 0 && !recalled) {
          recalled = true;
          recall(events.subList(i, events.size()));
          known = items.get(item);
        }
        if (known == null) {
          known = items.recall(item, StockItem.UNREGISTERED, committed.position() - 1);
        }
        next(item, known, event, committed);
      }
    }
  }

  /**
   * Remembers the items of {@code events} that are not remembered, as their rows say, in one round
   * trip. Of an item with promises no row says enough: its first event asks the ledger.
   */
  private void recall(List<CommittedEvent> events) {
    Set<StockItemId> missing = new LinkedHashSet<>();
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof StockEvent event
          && committed.sequence() > 0
          && items.get(event.item()) == null) {
        missing.add(event.item());
      }
    }
    int i = 0;
    List<Map<byte[], byte[]>> rows =
        stored.read(missing.stream().map(AvailabilityView::key).toList());
    for (StockItemId item : missing) {
      AvailabilityRows.view(rows.get(i++))
          .ifPresent(
              view -> view.state().ifPresent(state -> items.recall(item, state, view.position())));
    }
  }

  private void next(
      StockItemId item,
      Known<StockItemId, StockItem> known,
      StockEvent event,
      CommittedEvent committed) {
    long version = known.state().version();
    if (committed.sequence() <= version) {
      // Seen before. The state is written all the same: it costs little and mends a row that was
      // lost.
      items.touch(known, known.state(), known.position());
    } else if (committed.sequence() == version + 1) {
      items.touch(known, known.state().evolve(event), committed.position());
    } else {
      askLedger(item, known, committed);
    }
  }

  /**
   * The ledger's own state, which may be newer than the event; later events that are in it already
   * are passed over.
   */
  private void askLedger(
      StockItemId item, Known<StockItemId, StockItem> known, CommittedEvent committed) {
    long head = ledger.headPosition();
    StockItem state =
        ledger
            .find(item)
            .filter(found -> found.version() >= committed.sequence())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the ledger does not know an event that it published"));
    items.touch(known, state, Math.max(head, committed.position()));
  }

  @Override
  public void drain(Consumer<ViewRow> rows) {
    items.drain(
        (item, state, position) ->
            rows.accept(AvailabilityRows.row(AvailabilityView.of(item, state, position, ""))));
  }

  @Override
  public int held() {
    return items.size();
  }

  @Override
  public void forget() {
    items.clear();
  }
}
