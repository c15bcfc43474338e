package io.bincard.application.journal;

import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.jspecify.annotations.Nullable;

/** Axon's event store over the journal; its streams wake when the writer has committed. */
public final class JournalEventStore extends AbstractEventStore {

  private final JournalEngine engine;
  private final JournalTail tail;

  public JournalEventStore(JournalEngine engine, JournalTail tail) {
    super(new Builder().storageEngine(engine));
    this.engine = engine;
    this.tail = tail;
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken trackingToken) {
    return new JournalStream(engine, tail, JournalEngine.positionOf(trackingToken));
  }

  private static final class Builder extends AbstractEventStore.Builder {}
}
