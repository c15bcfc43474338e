package io.bincard.projections.journal;

import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Events that follow one another in the journal, to be taken together: one message to an Axon
 * processor, whose work for a message costs many times what folding an event does.
 */
public final class EventPage implements AutoCloseable {

  private final List<TrackedEventMessage<?>> events;
  private final Runnable onClose;

  EventPage(List<TrackedEventMessage<?>> events, Runnable onClose) {
    this.events = List.copyOf(events);
    this.onClose = onClose;
  }

  /** At least one. */
  public List<TrackedEventMessage<?>> events() {
    return events;
  }

  /** Position of the first event. */
  public long firstPosition() {
    return positionOf(events.getFirst());
  }

  /** Position of the last event. */
  public long lastPosition() {
    return positionOf(events.getLast());
  }

  /** When the last event happened. */
  public Instant lastTime() {
    return events.getLast().getTimestamp();
  }

  /** Where {@code event} stands in the journal. */
  public static long positionOf(TrackedEventMessage<?> event) {
    return event.trackingToken().position().orElseThrow();
  }

  /** Whoever took the page is done with it, well or not; the reader may get ahead by another. */
  @Override
  public void close() {
    onClose.run();
  }
}
