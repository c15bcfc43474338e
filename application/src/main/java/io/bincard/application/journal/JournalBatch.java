package io.bincard.application.journal;

import io.bincard.application.receipts.Receipt;
import java.util.ArrayList;
import java.util.List;
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

  /** A point to which {@link #rollBackTo} can return. */
  public record Mark(int events, int receipts) {}

  public Mark mark() {
    return new Mark(events.size(), receipts.size());
  }

  /** Forgets everything added since {@code mark}. */
  public void rollBackTo(Mark mark) {
    events.subList(mark.events(), events.size()).clear();
    receipts.subList(mark.receipts(), receipts.size()).clear();
  }
}
