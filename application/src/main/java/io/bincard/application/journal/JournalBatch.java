package io.bincard.application.journal;

import io.bincard.application.receipts.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

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
  private @Nullable JournalPage page;

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
    return new Mark(events.size(), receipts.size());
  }

  /** Forgets everything added since {@code mark}. */
  public void rollBackTo(Mark mark) {
    events.subList(mark.events(), events.size()).clear();
    receipts.subList(mark.receipts(), receipts.size()).clear();
  }
}
