package io.bincard.application.writer;

import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalEngine;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/** The batch that the writer fills at the moment: where the journal's engine puts events. */
public final class OpenBatch implements JournalEngine.Appender {

  private record Filling(Thread writer, JournalBatch batch) {}

  private volatile @Nullable Filling filling;

  void open(JournalBatch batch) {
    filling = new Filling(Thread.currentThread(), batch);
  }

  void close() {
    filling = null;
  }

  private @Nullable JournalBatch ofThisThread() {
    Filling now = filling;
    return now != null && now.writer() == Thread.currentThread() ? now.batch() : null;
  }

  @Override
  public void append(List<? extends EventMessage<?>> events) {
    JournalBatch batch = ofThisThread();
    if (batch == null) {
      throw new IllegalStateException(
          "only the writer appends to the journal; send a command instead");
    }
    batch.addEvents(events);
  }

  @Override
  public Stream<DomainEventMessage<?>> pending(String stream, long firstSequence) {
    JournalBatch batch = ofThisThread();
    return batch == null ? Stream.empty() : batch.eventsOf(stream, firstSequence);
  }
}
