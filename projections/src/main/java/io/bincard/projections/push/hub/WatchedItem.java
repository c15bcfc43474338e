package io.bincard.projections.push.hub;

import io.bincard.domain.reservation.Reservations.Reservation;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An item that somebody watches, or did a moment ago: its state, folded from the journal. */
final class WatchedItem {

  /** Events that are kept while the ledger is asked for the state. */
  private static final int MOST_EARLY = 10_000;

  private final StockItemId id;
  private final Set<StockStream> watchers = new LinkedHashSet<>();
  private final List<Early> early = new ArrayList<>();
  private @Nullable StockItem state;
  private @Nullable ItemFrame frame;
  private Instant frameGoodUntil = Instant.MAX;
  private long position;
  private long asOf;
  private long unwatchedSince;
  private int asked;

  /** An event that came before the state that it may be in. */
  private record Early(long sequence, long position, Supplier<StockEvent> event) {}

  /** What became of an event. */
  enum Folded {
    /** The state is another one now. */
    CHANGED,
    /** Nothing is different: the state has the event already, or is still asked for. */
    SAME,
    /** The event is none that can follow; the ledger is to be asked. */
    LOST
  }

  WatchedItem(StockItemId id) {
    this.id = id;
  }

  StockItemId id() {
    return id;
  }

  Set<StockStream> watchers() {
    return watchers;
  }

  boolean isLoaded() {
    return state != null;
  }

  boolean isRegistered() {
    return state != null && state.isRegistered();
  }

  /** Position of the last change, 0 if it is older than what is remembered. */
  long position() {
    return position;
  }

  long unwatchedSince() {
    return unwatchedSince;
  }

  void unwatchedFrom(long nanos) {
    unwatchedSince = nanos;
  }

  /** The state is not known any more and asked for; returns the number of the question. */
  int ask() {
    state = null;
    frame = null;
    early.clear();
    return ++asked;
  }

  /**
   * The ledger's answer to question {@code number}, as of {@code asOf} or later.
   *
   * @param newPosition of the last change, 0 if that is not known
   * @return {@code LOST} if what came meanwhile does not follow
   */
  Folded answered(int number, StockItem found, long newAsOf, long newPosition) {
    if (number != asked || state != null) {
      return Folded.SAME;
    }
    state = found;
    asOf = newAsOf;
    position = newPosition;
    List<Early> meanwhile = List.copyOf(early);
    early.clear();
    for (Early event : meanwhile) {
      if (take(event.sequence(), event.position(), event.event()) == Folded.LOST) {
        return Folded.LOST;
      }
    }
    return Folded.CHANGED;
  }

  Folded take(long sequence, long at, Supplier<StockEvent> event) {
    if (state == null) {
      early.add(new Early(sequence, at, event));
      return early.size() > MOST_EARLY ? Folded.LOST : Folded.SAME;
    }
    position = at;
    asOf = at;
    frame = null;
    if (sequence <= state.version()) {
      return Folded.CHANGED; // seen, but not with this position
    }
    if (sequence != state.version() + 1) {
      return Folded.LOST;
    }
    try {
      state = state.evolve(event.get());
    } catch (RuntimeException e) {
      // Whatever it is, a serializer's, or a fold's that does not take it: the ledger knows better.
      return Folded.LOST;
    }
    return Folded.CHANGED;
  }

  /** What clients are told at {@code now}; made again when a promise has lapsed since. */
  ItemFrame frame(Instant now, ItemJson json) {
    StockItem known = state;
    if (known == null) {
      throw new IllegalStateException(id + " is not known yet");
    }
    ItemFrame made = frame;
    if (made == null || !now.isBefore(frameGoodUntil)) {
      made = new ItemFrame(json.of(id, known, now, asOf), position);
      frame = made;
      frameGoodUntil = nextLapse(known, now);
    }
    return made;
  }

  private static Instant nextLapse(StockItem state, Instant now) {
    long lapsed = state.reservations().lapsed(now);
    if (lapsed == state.reservations().total()) {
      return Instant.MAX;
    }
    // Those that have lapsed come first and are few: their end is written down within moments.
    for (int most = 8; ; most *= 8) {
      List<Reservation> first = state.reservations().first(most);
      for (Reservation promise : first) {
        if (promise.until().isAfter(now)) {
          return promise.until();
        }
      }
      if (first.size() < most) {
        return Instant.MAX;
      }
    }
  }
}
