package io.bincard.projections.filling;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.projections.journal.EventPage;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Follows the journal for all views of the live generation.
 *
 * <p>It takes every event, of whatever kind, because the generation's position must not skip one. A
 * page is folded as a whole, so only the last state of a row is written, in one round trip, before
 * the token moves. Events that come again change nothing.
 *
 * <p>Pages are taken by one thread, the worker of its processor.
 */
@ProcessingGroup(ViewsProjection.GROUP)
public final class ViewsProjection {

  /** Name of the processing group, and so of the token: never to be changed. */
  public static final String GROUP = "availability";

  private final ViewStore store;
  private final ViewStatus status;
  private final List<Fold> folds;
  private final Set<Class<? extends LedgerEvent>> kinds;
  private final PageGate gate;
  private final LongAdder applied = new LongAdder();

  /**
   * A projection that remembers nothing yet.
   *
   * @param remembered how many states each view remembers at most
   */
  public ViewsProjection(
      ViewStore store, ViewStatus status, PageGate gate, List<View> views, int remembered) {
    this.store = store;
    this.gate = gate;
    this.status = status;
    this.kinds =
        views.stream()
            .flatMap(view -> view.kinds().stream())
            .collect(Collectors.toUnmodifiableSet());
    this.folds = views.stream().map(view -> view.fold(this::stored, remembered)).toList();
  }

  @EventHandler
  void on(EventPage page) {
    try (page) {
      gate.whileClosed(
          () -> {
            write(page);
            return true;
          });
    }
  }

  /** Drops what is remembered of the views. */
  public void forget() {
    gate.whileClosed(
        () -> {
          folds.forEach(Fold::forget);
          return true;
        });
  }

  /** How many events the projection took since the process started, repeated ones included. */
  public long applied() {
    return applied.sum();
  }

  private Filling filling() {
    return status
        .writable()
        .orElseThrow(() -> new ViewStoreUnavailableException("the view store takes no events now"));
  }

  private List<Map<byte[], byte[]>> stored(List<String> keys) {
    return store.rows(filling(), keys);
  }

  private void write(EventPage page) {
    Filling filling = filling();
    List<CommittedEvent> events = events(page);
    List<ViewRow> rows = new ArrayList<>();
    for (Fold fold : folds) {
      fold.take(events);
      fold.drain(rows::add);
    }
    switch (store.apply(
        filling, rows, page.firstPosition() - 1, page.lastPosition(), page.lastTime())) {
      case APPLIED -> {
        applied.add(page.events().size());
        status.advancedTo(page.lastPosition());
      }
      case WRONG_WRITER -> throw resync("another generation is live, or another node writes it");
      case GAP -> throw resync("the view store lost events from before this batch");
    }
  }

  private List<CommittedEvent> events(EventPage page) {
    List<CommittedEvent> events = new ArrayList<>(page.events().size());
    for (TrackedEventMessage<?> message : page.events()) {
      // By its type first: a payload of others is not even read.
      if (message instanceof DomainEventMessage<?> inStream && isWanted(message.getPayloadType())) {
        events.add(
            new CommittedEvent(
                inStream.getAggregateIdentifier(),
                inStream.getSequenceNumber(),
                EventPage.positionOf(message),
                message.getTimestamp(),
                (LedgerEvent) message.getPayload()));
      }
    }
    return events;
  }

  private boolean isWanted(Class<?> type) {
    return kinds.stream().anyMatch(kind -> kind.isAssignableFrom(type));
  }

  private ViewStoreUnavailableException resync(String why) {
    status.requestResync();
    return new ViewStoreUnavailableException(why);
  }
}
