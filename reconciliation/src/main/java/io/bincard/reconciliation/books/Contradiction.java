package io.bincard.reconciliation.books;

import io.bincard.domain.stock.StockItemId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That the journal says two things.
 *
 * @param place where, for a person
 * @param stream that it is about, {@code null} if it is about none
 * @param hold that it is about, {@code null} if it is about none
 * @param orderId of that hold
 * @param words what is there and what it contradicts
 */
public record Contradiction(
    Rule rule,
    String place,
    @Nullable String stream,
    @Nullable String hold,
    @Nullable String orderId,
    String words) {

  private static final String ITEM = "availability:";

  /** The key of the view's row of the stock item that it is about; empty if it is about none. */
  public Optional<String> item() {
    return stream != null && StockItemId.isStream(stream)
        ? Optional.of(ITEM + stream.substring(StockItemId.STREAM_PREFIX.length()))
        : Optional.empty();
  }

  /** The keys of all rows of views whose content it leaves in doubt. */
  Set<String> rows() {
    Set<String> rows = new HashSet<>();
    if (stream != null) {
      rows.add(item().orElse(stream)); // rows of holds and SKUs are called as their streams
    }
    if (hold != null) {
      rows.add("hold:" + hold);
    }
    return rows;
  }
}
