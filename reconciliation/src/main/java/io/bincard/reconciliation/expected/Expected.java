package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.stock.StockEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a row must say and what the next event has to know beyond that. */
sealed interface Expected permits ExpectedItem, ExpectedHold, ExpectedSku {

  /** The version of what never was. */
  long NO_VERSION = -1;

  /** The events that any row is made of. */
  Set<Class<? extends LedgerEvent>> KINDS =
      Set.of(StockEvent.class, HoldEvent.class, CatalogEvent.class);

  /** As in {@link ExpectedRow#key}. */
  String key();

  /** Sequence of the last event that is in here. */
  long version();

  /** Where that one stands in the journal. */
  long position();

  ExpectedRow row();

  /** The key of the row that {@code event} is about. */
  static String key(LedgerEvent event) {
    return switch (event) {
      case StockEvent e -> ExpectedItem.key(e.item());
      case HoldEvent e -> ExpectedHold.key(e.hold());
      case CatalogEvent e -> ExpectedSku.key(e.sku());
      default -> throw new IllegalArgumentException("no row is made of a " + event.getClass());
    };
  }

  /**
   * What follows from {@code committed}; {@code before} itself if that was seen before. An item is
   * changed in place.
   *
   * @param before {@code null} if there was nothing
   * @throws BrokenStreamException if it is not the next event of its stream, or cannot follow
   */
  static Expected after(@Nullable Expected before, CommittedEvent committed) {
    long version = before == null ? NO_VERSION : before.version();
    if (before != null
        && committed.sequence() <= version
        && committed.position() <= before.position()) {
      return before;
    }
    if (committed.sequence() != version + 1) {
      throw new BrokenStreamException(committed, "its sequence does not follow " + version);
    }
    return switch (committed.event()) {
      case StockEvent event -> {
        ExpectedItem item = before == null ? new ExpectedItem(event.item()) : (ExpectedItem) before;
        item.take(event, committed);
        yield item;
      }
      case HoldEvent event -> ExpectedHold.after((ExpectedHold) before, event, committed);
      case CatalogEvent event ->
          switch (event) {
            case SkuDescribed said -> ExpectedSku.of(said, committed);
          };
      default ->
          throw new IllegalArgumentException(
              "no row is made of a " + committed.event().getClass().getSimpleName());
    };
  }
}
