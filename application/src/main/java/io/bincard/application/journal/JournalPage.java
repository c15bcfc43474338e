package io.bincard.application.journal;

import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Events that were committed together, as the writer holds them; to readers they are what the
 * engine would read from PostgreSQL.
 *
 * @param headBefore position of the event before the first
 * @param events in their order
 * @param createdAt the stored time of each event
 */
record JournalPage(long headBefore, List<EventMessage<?>> events, List<Instant> createdAt) {

  long lastPosition() {
    return headBefore + events.size();
  }

  /** The event at {@code position}, which lies in this page. */
  TrackedEventMessage<?> at(long position) {
    int index = Math.toIntExact(position - headBefore - 1);
    EventMessage<?> event = events.get(index);
    Instant at = createdAt.get(index);
    GlobalSequenceTrackingToken token = new GlobalSequenceTrackingToken(position);
    return event instanceof DomainEventMessage<?> inStream
        ? new GenericTrackedDomainEventMessage<>(
            token,
            inStream.getType(),
            inStream.getAggregateIdentifier(),
            inStream.getSequenceNumber(),
            inStream,
            () -> at)
        : new GenericTrackedEventMessage<>(token, event, () -> at);
  }
}
