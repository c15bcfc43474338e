package io.bincard.reconciliation.repair;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.reconciliation.expected.ExpectedRow;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger itself says of an item, beside what reconciliation's fold does. Only stored
 * figures are asked for: nothing is folded here.
 */
final class LedgersWord {

  private static final String ITEM = "availability:";

  private final StockItems ledger;

  LedgersWord(StockItems ledger) {
    this.ledger = ledger;
  }

  /** What comes of asking. */
  enum Word {
    /** It says the same, or the row is of nothing that it is asked about. */
    AGREES,
    /** It says something else of the same version. */
    DISAGREES,
    /** It speaks of another version: ask again. */
    OF_ANOTHER_MOMENT
  }

  /** The item that the row {@code key} is about; empty if it is about something else. */
  static Optional<StockItemId> item(String key) {
    int at = key.lastIndexOf('@');
    if (!key.startsWith(ITEM) || at < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new StockItemId(
              new Sku(key.substring(ITEM.length(), at)), new LocationId(key.substring(at + 1))));
    } catch (InvalidValueException e) {
      return Optional.empty(); // no item can be called so
    }
  }

  /**
   * Whether the ledger agrees with {@code expected}.
   *
   * @param expected {@code null} if there must be no row
   * @throws io.bincard.domain.stock.LedgerUnavailableException if it cannot be asked
   */
  Word on(String key, @Nullable ExpectedRow expected) {
    Optional<StockItemId> item = item(key);
    if (item.isEmpty()) {
      return Word.AGREES;
    }
    if (expected != null && ledger.headPosition(expected.position()) < expected.position()) {
      return Word.OF_ANOTHER_MOMENT; // who has not heard of that commit yet would deny it
    }
    StockItem said = ledger.find(item.get()).orElse(StockItem.UNREGISTERED);
    if (expected == null) {
      return said.isRegistered() ? Word.DISAGREES : Word.AGREES;
    }
    if (said.version() != expected.version()) {
      return said.version() > expected.version() ? Word.OF_ANOTHER_MOMENT : Word.DISAGREES;
    }
    return expected.fields().entrySet().containsAll(figures(said).entrySet())
        ? Word.AGREES
        : Word.DISAGREES;
  }

  private static Map<String, String> figures(StockItem said) {
    long reserved = said.reservations().total();
    return Map.of(
        "onHand", Long.toString(said.onHand()),
        "reserved", Long.toString(reserved),
        "available", Long.toString(said.onHand() - reserved - said.safetyStock()),
        "safetyStock", Long.toString(said.safetyStock()),
        "backorderLimit", Long.toString(said.backorderLimit()),
        "frozen", Boolean.toString(said.frozen()));
  }
}
