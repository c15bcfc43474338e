package io.bincard.application.discount;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.books.Books;
import io.bincard.application.journal.JournalEngine;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.stock.OrderId;
import java.util.Optional;

/** The prices that orders have, out of the journal. */
public final class AppliedDiscounts {

  private final JournalEngine journal;

  public AppliedDiscounts(JournalEngine journal) {
    this.journal = journal;
  }

  /** A price that stands, and the version of the order's discounts that it is of. */
  @JsonPropertyOrder({"stream", "version", "order"})
  public record Applied(String stream, long version, PricedOrderView order) {}

  /** The price of {@code order}; empty if it has none. */
  public Optional<Applied> find(OrderId order) {
    String stream = Books.stream(order);
    return journal
        .lastSequenceNumberFor(stream)
        .flatMap(last -> journal.event(stream, last))
        .flatMap(
            last ->
                last.getPayload() instanceof DiscountApplied applied
                    ? Optional.of(
                        new Applied(stream, last.getSequenceNumber(), PricedOrderView.of(applied)))
                    : Optional.empty());
  }
}
