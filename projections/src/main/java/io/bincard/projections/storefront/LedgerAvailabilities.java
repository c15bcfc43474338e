package io.bincard.projections.storefront;

import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Answers from the ledger itself: always right, never old, and dearer than a view. */
final class LedgerAvailabilities implements Availabilities {

  private final StockItems ledger;
  private final ReadCounts counts;
  private final InstantSource clock;

  LedgerAvailabilities(StockItems ledger, ReadCounts counts, InstantSource clock) {
    this.ledger = ledger;
    this.counts = counts;
    this.clock = clock;
  }

  @Override
  public Optional<Availability> find(StockItemId item, long minPosition) {
    // The head first: the item is as of at least then.
    long head = ledger.headPosition(minPosition);
    counts.read(Source.LEDGER);
    return ledger
        .find(item)
        .map(state -> Availability.of(item, state, clock.instant(), head, head < minPosition));
  }

  @Override
  public List<Optional<Availability>> findEach(List<StockItemId> items) {
    return items.stream().map(item -> find(item, ANY_POSITION)).toList();
  }
}
