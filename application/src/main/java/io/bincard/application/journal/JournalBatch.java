package io.bincard.application.journal;

import io.bincard.application.receipts.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;

/**
 * What one transaction of the journal will hold: events in their order and receipts. Used by one
 * thread.
 *
 * <p>Positions are known while the batch fills, for the writer alone hands them out.
 */
public final class JournalBatch {

  private final long headBefore;
  private final List<EventMessage<?>> events = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();

  /**
   * @param headBefore position of the last event that is in the journal already
   */
  public JournalBatch(long headBefore) {
    this.headBefore = headBefore;
  }

  public void addEvents(List<? extends EventMessage<?>> more) {
    events.addAll(more);
  }

  public void addReceipt(Receipt receipt) {
    receipts.add(receipt);
  }

  /** Position of the last event so far. */
  public long lastPosition() {
    return headBefore + events.size();
  }

  public long headBefore() {
    return headBefore;
  }

  public boolean isEmpty() {
    return events.isEmpty() && receipts.isEmpty();
  }

  List<EventMessage<?>> events() {
    return events;
  }

  List<Receipt> receipts() {
    return receipts;
  }

  /**
   * The events of {@code stream} from {@code firstSequence} on that this batch is about to write.
   */
  public Stream<DomainEventMessage<?>> eventsOf(String stream, long firstSequence) {
    return events.stream()
        .filter(DomainEventMessage.class::isInstance)
        .<DomainEventMessage<?>>map(event -> (DomainEventMessage<?>) event)
        .filter(
            event ->
                event.getAggregateIdentifier().equals(stream)
                    && event.getSequenceNumber() >= firstSequence);
  }

  /** A point to which {@link #rollBackTo} can return. */
  public record Mark(int events, int receipts) {}

  public Mark mark() {
    return new Mark(events.size(), receipts.size());
  }

  /** Forgets everything added since {@code mark} and returns the streams that it touched. */
  public List<String> rollBackTo(Mark mark) {
    List<EventMessage<?>> undone = events.subList(mark.events(), events.size());
    List<String> streams =
        undone.stream()
            .filter(DomainEventMessage.class::isInstance)
            .map(event -> ((DomainEventMessage<?>) event).getAggregateIdentifier())
            .distinct()
            .toList();
    undone.clear();
    receipts.subList(mark.receipts(), receipts.size()).clear();
    return streams;
  }
}
