package io.bincard.application.hold;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.writer.StreamStates;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldStates;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LedgerUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/** What became of holds, out of the journal. */
public final class Holds implements HoldStates {

  private final StreamStates<HoldId, Hold> states;
  private final JournalEngine journal;
  private final InstantSource clock;

  public Holds(StreamStates<HoldId, Hold> states, JournalEngine journal, InstantSource clock) {
    this.states = states;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * A hold, and the version that it is of.
   *
   * @param lapsed whether its time is over and the version does not say so yet; not told
   */
  @JsonPropertyOrder({"stream", "version", "hold"})
  public record Found(String stream, long version, HoldView hold, @JsonIgnore boolean lapsed) {}

  @Override
  public Optional<Hold> find(HoldId id) {
    try {
      return Optional.of(states.load(id)).filter(hold -> hold.status() != Hold.Status.UNKNOWN);
    } catch (EventStoreException | UnreadableStreamException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }

  /** The hold {@code id} as it is now; empty if there never was one. */
  public Optional<Found> tell(HoldId id) {
    Hold hold = states.load(id);
    if (hold.status() == Hold.Status.UNKNOWN) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return journal
        .event(id.stream(), 0)
        .map(first -> (HoldPlaced) first.getPayload())
        .map(
            placed ->
                new Found(
                    id.stream(),
                    hold.version(),
                    HoldView.of(id, hold, placed.price(), now),
                    hold.isOverdue(now)));
  }
}
