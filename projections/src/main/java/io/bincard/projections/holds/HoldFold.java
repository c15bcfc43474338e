package io.bincard.projections.holds;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldStates;
import io.bincard.domain.reservation.HoldId;
import io.bincard.projections.viewstore.ViewRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of holds, by the domain's own {@code evolve}. Open holds are remembered, the ones not
 * touched for longest leaving first; of one that is not, the ledger is asked. Used by one thread.
 */
public final class HoldFold {

  private final HoldStates ledger;
  private final LinkedHashMap<HoldId, Hold> open;

  /**
   * A fold that remembers nothing yet.
   *
   * @param limit open holds that are remembered at most
   */
  public HoldFold(HoldStates ledger, int limit) {
    this.ledger = ledger;
    open =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<HoldId, Hold> eldest) {
            return size() > limit;
          }
        };
  }

  /** Drops what is remembered. */
  public void forget() {
    open.clear();
  }

  /** The last row of each hold that {@code events}, in their order, are about. */
  public List<ViewRow> rows(List<CommittedEvent> events) {
    Map<HoldId, Hold> last = new LinkedHashMap<>();
    for (CommittedEvent each : events) {
      if (each.event() instanceof HoldEvent event) {
        Hold known = last.get(event.hold());
        Hold after = next(known == null ? open.get(event.hold()) : known, event, each.sequence());
        last.put(event.hold(), after);
      }
    }
    last.forEach(this::remember);
    return last.entrySet().stream()
        .map(hold -> HeldView.of(hold.getKey(), hold.getValue()).row())
        .toList();
  }

  private Hold next(@Nullable Hold known, HoldEvent event, long sequence) {
    if (known == null && event instanceof HoldPlaced) {
      return Hold.UNKNOWN.evolve(event);
    }
    if (known != null && sequence <= known.version()) {
      return known; // seen before
    }
    if (known != null && sequence == known.version() + 1) {
      return known.evolve(event);
    }
    // Its own state, which may be newer than the event; later events that are in it are passed
    // over.
    return ledger
        .find(event.hold())
        .filter(found -> found.version() >= sequence)
        .orElseThrow(
            () -> new IllegalStateException("the ledger does not know an event that it published"));
  }

  private void remember(HoldId id, Hold hold) {
    if (hold.status() == Hold.Status.PLACED) {
      open.put(id, hold);
    } else {
      open.remove(id);
    }
  }
}
