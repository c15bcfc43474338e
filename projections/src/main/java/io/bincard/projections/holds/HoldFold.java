package io.bincard.projections.holds;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.HoldStates;
import io.bincard.domain.reservation.HoldId;
import io.bincard.projections.filling.Fold;
import io.bincard.projections.filling.Remembered;
import io.bincard.projections.filling.Remembered.Known;
import io.bincard.projections.filling.StoredRows;
import io.bincard.projections.filling.View;
import io.bincard.projections.viewstore.ViewRow;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of holds, by the domain's own {@code evolve}. Of a hold that is not remembered the
 * ledger is asked: a row tells less than the next event needs.
 */
public final class HoldFold implements Fold {

  private final HoldStates ledger;
  private final Remembered<HoldId, Hold> holds;

  private HoldFold(HoldStates ledger, int remembered) {
    this.ledger = ledger;
    this.holds = new Remembered<>(remembered);
  }

  /**
   * The view of holds by order, which asks {@code ledger} where a fold has lost the thread. How
   * many rows there are nobody can tell without folding: those of long ago are forgotten.
   */
  public static View view(HoldStates ledger) {
    return new View() {
      @Override
      public String name() {
        return HeldView.NAME;
      }

      @Override
      public Set<Class<? extends LedgerEvent>> kinds() {
        return Set.of(HoldEvent.class);
      }

      @Override
      public Fold fold(StoredRows stored, int remembered) {
        return new HoldFold(ledger, remembered);
      }
    };
  }

  @Override
  public void take(List<CommittedEvent> events) {
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof HoldEvent event) {
        next(holds.get(event.hold()), event, committed);
      }
    }
  }

  private void next(
      @Nullable Known<HoldId, Hold> known, HoldEvent event, CommittedEvent committed) {
    long position = committed.position();
    Known<HoldId, Hold> before =
        known == null ? holds.recall(event.hold(), Hold.UNKNOWN, position - 1) : known;
    Hold hold = before.state();
    if (committed.sequence() <= hold.version()) {
      // Seen before. The state is written all the same: it costs little and mends a row that was
      // lost.
      holds.touch(before, hold, before.position());
    } else if (committed.sequence() == hold.version() + 1) {
      holds.touch(before, hold.evolve(event), position);
    } else {
      holds.touch(before, ofLedger(event.hold(), committed.sequence()), position);
    }
  }

  /**
   * Its own state, which may be newer than the event; later events that are in it are passed over.
   */
  private Hold ofLedger(HoldId id, long sequence) {
    return ledger
        .find(id)
        .filter(found -> found.version() >= sequence)
        .orElseThrow(
            () -> new IllegalStateException("the ledger does not know an event that it published"));
  }

  @Override
  public void drain(Consumer<ViewRow> rows) {
    holds.drain((id, hold, position) -> rows.accept(HeldView.of(id, hold).row()));
  }

  @Override
  public int held() {
    return holds.size();
  }

  @Override
  public void forget() {
    holds.clear();
  }
}
