package io.bincard.application.journal;

import io.bincard.application.receipts.Receipt;
import io.bincard.application.receipts.ReceiptColumns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction of the journal will hold: events in their order and receipts. It is written
 * down in PostgreSQL's format as it fills, while the batch before it commits. Used by one thread at
 * a time.
 *
 * <p>Positions are known while the batch fills, for the writer alone hands them out.
 */
public final class JournalBatch {

  private final long headBefore;
  private final List<EventMessage<?>> events = new ArrayList<>();
  private final EventColumns eventColumns;
  private final ReceiptColumns receiptColumns = new ReceiptColumns();
  private @Nullable JournalPage page;

  /**
   * @param headBefore position of the last event that is in the journal already
   * @param serializer writes the events down
   */
  public JournalBatch(long headBefore, Serializer serializer) {
    this.headBefore = headBefore;
    this.eventColumns = new EventColumns(serializer);
  }

  public void addEvents(List<? extends EventMessage<?>> more) {
    for (EventMessage<?> event : more) {
      eventColumns.add(lastPosition() + 1, event);
      events.add(event);
    }
  }

  public void addReceipt(Receipt receipt) {
    receiptColumns.add(receipt);
  }

  /** Position of the last event so far. */
  public long lastPosition() {
    return headBefore + events.size();
  }

  public long headBefore() {
    return headBefore;
  }

  public boolean isEmpty() {
    return events.isEmpty() && !hasReceipts();
  }

  List<EventMessage<?>> events() {
    return events;
  }

  EventColumns eventColumns() {
    return eventColumns;
  }

  ReceiptColumns receiptColumns() {
    return receiptColumns;
  }

  boolean hasReceipts() {
    return receiptColumns.rows() > 0;
  }

  /** What readers are to see of this batch, once it is committed and if it has events. */
  @Nullable JournalPage page() {
    return page;
  }

  void isCommitted(List<Instant> createdAt) {
    page = events.isEmpty() ? null : new JournalPage(headBefore, events, createdAt);
  }

  /** A point to which {@link #rollBackTo} can return. */
  public record Mark(int events, int receipts) {}

  public Mark mark() {
    return new Mark(events.size(), receiptColumns.rows());
  }

  /** Forgets everything added since {@code mark}. */
  public void rollBackTo(Mark mark) {
    events.subList(mark.events(), events.size()).clear();
    eventColumns.truncate(mark.events());
    receiptColumns.truncate(mark.receipts());
  }
}
