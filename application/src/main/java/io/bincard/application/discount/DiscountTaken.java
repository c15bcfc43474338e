package io.bincard.application.discount;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.books.Books;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.stock.OrderId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command was taken.
 *
 * @param version of the order after it
 * @param applied the price, {@code null} if one was taken back
 * @param canary what the version in force would have made otherwise, {@code null} if no other one
 *     was tried out
 */
record DiscountTaken(
    OrderId orderId,
    long version,
    @Nullable DiscountApplied applied,
    @Nullable PriceDifference canary,
    List<Moved<?, ?>> moved)
    implements Verdict {

  private static final int CREATED = 201;
  private static final int OK = 200;

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(
        applied == null ? OK : CREATED,
        LedgerJson.write(
            new Body(
                key.key(),
                "done",
                Books.stream(orderId),
                version,
                position,
                applied == null ? null : PricedOrderView.of(applied))));
  }

  @JsonPropertyOrder({"key", "status", "stream", "version", "position", "order"})
  private record Body(
      String key,
      String status,
      String stream,
      long version,
      long position,
      @Nullable PricedOrderView order) {}
}
