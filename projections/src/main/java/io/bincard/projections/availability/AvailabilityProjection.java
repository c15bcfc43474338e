package io.bincard.projections.availability;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.HoldStates;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.availability.KnownItems.Known;
import io.bincard.projections.catalog.CatalogFold;
import io.bincard.projections.holds.HoldFold;
import io.bincard.projections.journal.EventPage;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.viewstore.ViewReading;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Folds the journal into {@link AvailabilityView}s.
 *
 * <p>It takes every event, of whatever kind, because the store's position must not skip one; those
 * of stock items change rows. A page is folded as a whole, so only the last state of an item is
 * written, in one round trip, before the token moves. Events that come again change nothing.
 *
 * <p>Runs on one thread, the worker of its processor.
 */
@ProcessingGroup(AvailabilityProjection.GROUP)
public final class AvailabilityProjection {

  /** Name of the processing group, and so of the token: never to be changed. */
  public static final String GROUP = "availability";

  private final ViewStore store;
  private final StockItems ledger;
  private final ViewStatus status;
  private final KnownItems known;
  private final HoldFold holds;
  private final LongAdder applied = new LongAdder();

  /**
   * A projection that remembers nothing yet.
   *
   * @param cachedItems how many states are remembered at most
   */
  public AvailabilityProjection(
      ViewStore store, StockItems ledger, HoldStates holds, ViewStatus status, int cachedItems) {
    this.store = store;
    this.ledger = ledger;
    this.status = status;
    this.known = new KnownItems(cachedItems);
    this.holds = new HoldFold(holds, cachedItems);
  }

  /** A stock event with its place in the journal and in its stream. */
  private record Change(StockEvent event, long sequence, long position) {}

  @EventHandler
  void on(EventPage page) {
    try (page) {
      write(page);
    }
  }

  /** Drops what is remembered of the views. Only to be called while the processor is stopped. */
  public void forget() {
    known.clear();
    holds.forget();
  }

  /** How many events the projection took since the process started, repeated ones included. */
  public long applied() {
    return applied.sum();
  }

  private void write(EventPage page) {
    String epoch =
        status
            .writableEpoch()
            .orElseThrow(
                () -> new ViewStoreUnavailableException("the view store takes no events now"));
    Map<StockItemId, Known> folded = fold(changes(page), epoch);
    List<ViewRow> written = new ArrayList<>(folded.size());
    folded.forEach(
        (item, state) ->
            written.add(
                AvailabilityRows.row(
                    AvailabilityView.of(item, state.state(), state.position(), epoch))));
    List<CommittedEvent> others = others(page);
    written.addAll(CatalogFold.rows(others));
    written.addAll(holds.rows(others));
    switch (store.apply(
        epoch, written, page.firstPosition() - 1, page.lastPosition(), page.lastTime())) {
      case APPLIED -> {
        known.putAll(folded);
        applied.add(page.events().size());
        status.advancedTo(page.lastPosition());
      }
      case WRONG_EPOCH -> throw resync("the view store began another epoch");
      case GAP -> throw resync("the view store lost events from before this batch");
    }
  }

  private static List<Change> changes(EventPage page) {
    List<Change> changes = new ArrayList<>(page.events().size());
    for (TrackedEventMessage<?> message : page.events()) {
      // By its type first: a payload of others is not even read.
      if (message instanceof DomainEventMessage<?> inStream
          && StockEvent.class.isAssignableFrom(message.getPayloadType())) {
        StockEvent event = (StockEvent) message.getPayload();
        changes.add(new Change(event, inStream.getSequenceNumber(), EventPage.positionOf(message)));
      }
    }
    return changes;
  }

  private static List<CommittedEvent> others(EventPage page) {
    List<CommittedEvent> others = new ArrayList<>();
    for (TrackedEventMessage<?> message : page.events()) {
      if (message instanceof DomainEventMessage<?> inStream
          && (HoldEvent.class.isAssignableFrom(message.getPayloadType())
              || CatalogEvent.class.isAssignableFrom(message.getPayloadType()))) {
        others.add(
            new CommittedEvent(
                inStream.getAggregateIdentifier(),
                inStream.getSequenceNumber(),
                EventPage.positionOf(message),
                message.getTimestamp(),
                (LedgerEvent) message.getPayload()));
      }
    }
    return others;
  }

  private ViewStoreUnavailableException resync(String why) {
    status.requestResync();
    return new ViewStoreUnavailableException(why);
  }

  /** The last state of every item that {@code changes} touch. */
  private Map<StockItemId, Known> fold(List<Change> changes, String epoch) {
    Map<StockItemId, Known> folded = recall(changes, epoch);
    Map<StockItemId, Known> touched = new LinkedHashMap<>();
    for (Change change : changes) {
      StockItemId item = change.event().item();
      Known before = folded.get(item);
      Known after = next(item, before == null ? unregistered(change) : before, change);
      folded.put(item, after);
      touched.put(item, after);
    }
    return touched;
  }

  /**
   * What is known of the items before the batch: remembered, or else read from their rows in one
   * round trip. Of an item with promises no row says enough: its first event asks the ledger.
   */
  private Map<StockItemId, Known> recall(List<Change> changes, String epoch) {
    Map<StockItemId, Known> recalled = new LinkedHashMap<>();
    Set<StockItemId> missing = new LinkedHashSet<>();
    for (Change change : changes) {
      StockItemId item = change.event().item();
      Known remembered = known.get(item);
      if (remembered != null) {
        recalled.put(item, remembered);
      } else if (change.sequence() > 0) {
        missing.add(item);
      }
    }
    if (!missing.isEmpty()) {
      ViewReading reading = store.read(missing.stream().map(AvailabilityView::key).toList());
      int i = 0;
      for (StockItemId item : missing) {
        AvailabilityRows.view(reading.rows().get(i++), epoch)
            .flatMap(view -> view.state().map(state -> new Known(state, view.position())))
            .ifPresent(row -> recalled.put(item, row));
      }
    }
    return recalled;
  }

  private static Known unregistered(Change change) {
    return new Known(StockItem.UNREGISTERED, change.position() - 1);
  }

  private Known next(StockItemId item, Known before, Change change) {
    long version = before.state().version();
    if (change.sequence() <= version) {
      // Seen before. The state is written all the same: it costs little and mends a row that was
      // lost.
      return before;
    }
    if (change.sequence() == version + 1) {
      return new Known(
          before.state().evolve(change.event()), Math.max(before.position(), change.position()));
    }
    return askLedger(item, change);
  }

  /**
   * The ledger's own state, which may be newer than the event; later events that are in it already
   * are passed over.
   */
  private Known askLedger(StockItemId item, Change change) {
    long head = ledger.headPosition();
    StockItem state =
        ledger
            .find(item)
            .filter(found -> found.version() >= change.sequence())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the ledger does not know an event that it published"));
    return new Known(state, Math.max(head, change.position()));
  }
}
