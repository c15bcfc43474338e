package io.bincard.projections.storefront;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.availability.AvailabilityRows;
import io.bincard.projections.availability.AvailabilityView;
import io.bincard.projections.reading.Look;
import io.bincard.projections.reading.ViewLooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from the views in Redis, and from the ledger wherever they cannot: Redis away, views
 * being built, no row, or one that does not know what has lapsed by now. A missing row means
 * unknown, never none.
 */
final class RedisAvailabilities implements Availabilities {

  private static final Logger LOG = LoggerFactory.getLogger(RedisAvailabilities.class);

  private final ViewLooks looks;
  private final StockItems ledger;
  private final Availabilities fallback;
  private final ReadCounts counts;

  /**
   * @param fallback who answers where the views cannot
   */
  RedisAvailabilities(
      ViewLooks looks, StockItems ledger, Availabilities fallback, ReadCounts counts) {
    this.looks = looks;
    this.ledger = ledger;
    this.fallback = fallback;
    this.counts = counts;
  }

  @Override
  public Optional<Availability> find(StockItemId item, long minPosition) {
    return looks
        .look(List.of(AvailabilityView.key(item)), List.of(), minPosition)
        .flatMap(look -> answer(look, 0, minPosition))
        .or(() -> fallback.find(item, minPosition));
  }

  @Override
  public List<Optional<Availability>> findEach(List<StockItemId> items) {
    Optional<Look> look = looks.look(items.stream().map(AvailabilityView::key).toList(), List.of());
    if (look.isEmpty()) {
      return fallback.findEach(items);
    }
    List<Optional<Availability>> answers = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      StockItemId item = items.get(i);
      answers.add(answer(look.get(), i, ANY_POSITION).or(() -> fallback.find(item, ANY_POSITION)));
    }
    return answers;
  }

  /**
   * What row {@code i} of {@code look} says; empty if it is not there, cannot say what has lapsed
   * by now, or is older than {@code minPosition} and the ledger is not.
   */
  private Optional<Availability> answer(Look look, int i, long minPosition) {
    AvailabilityView view =
        AvailabilityRows.view(look.reading().rows().get(i), look.mark().epoch()).orElse(null);
    if (view == null) {
      return Optional.empty();
    }
    long asOf = Math.max(look.asOf(), view.position());
    boolean stale = asOf < minPosition;
    OptionalLong lapsed = view.lapsed(looks.now());
    if (lapsed.isEmpty() || (stale && ledgerHas(minPosition))) {
      return Optional.empty();
    }
    counts.read(Source.VIEW);
    return Optional.of(
        Availability.of(
            view,
            lapsed.getAsLong(),
            asOf,
            looks.ageMillis(look, asOf),
            look.mark().verifiedAt(view.position()).orElse(null),
            stale));
  }

  private boolean ledgerHas(long position) {
    try {
      return ledger.headPosition(position) >= position;
    } catch (LedgerUnavailableException e) {
      LOG.atDebug().setCause(e).log("The ledger cannot be read; the view answers, stale");
      return false;
    }
  }
}
