package io.bincard.projections.storefront;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.availability.AvailabilityRows;
import io.bincard.projections.availability.AvailabilityView;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.viewstore.ViewReading;
import io.bincard.projections.viewstore.ViewReads;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from the views in Redis, and from the ledger wherever they cannot: Redis away, views
 * being built, no row, or one that does not know what has lapsed by now. A missing row means
 * unknown, never none.
 */
final class RedisAvailabilities implements Availabilities {

  private static final Logger LOG = LoggerFactory.getLogger(RedisAvailabilities.class);

  private final ViewReads views;
  private final ViewStatus status;
  private final StockItems ledger;
  private final Availabilities fallback;
  private final ReadCounts counts;
  private final InstantSource clock;
  private final Duration patience;
  private final Duration pollInterval;

  /**
   * @param fallback who answers where the views cannot
   * @param patience how long a read waits for the position it asks for
   * @param pollInterval how often a waiting read looks for itself, for views that another node
   *     fills
   */
  RedisAvailabilities(
      ViewReads views,
      ViewStatus status,
      StockItems ledger,
      Availabilities fallback,
      ReadCounts counts,
      InstantSource clock,
      Duration patience,
      Duration pollInterval) {
    this.views = views;
    this.status = status;
    this.ledger = ledger;
    this.fallback = fallback;
    this.counts = counts;
    this.clock = clock;
    this.patience = patience;
    this.pollInterval = pollInterval;
  }

  @Override
  public Optional<Availability> find(StockItemId item, long minPosition) {
    AvailabilityView known = null;
    long asOf = 0;
    Instant asOfTime = Instant.EPOCH;
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long advances = status.advances();
      Optional<Look> look = look(List.of(item));
      if (look.isEmpty()) {
        break;
      }
      known = look.get().views().getFirst().orElse(null);
      asOf = look.get().asOf(known);
      asOfTime = look.get().mark().positionTime();
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (asOf >= minPosition || !left.isPositive()) {
        break;
      }
      if (!await(advances, minPosition, left.compareTo(pollInterval) < 0 ? left : pollInterval)) {
        break;
      }
    }
    if (known != null && (asOf >= minPosition || !ledgerHas(minPosition))) {
      Optional<Availability> answer = answer(known, asOf, asOfTime, asOf < minPosition);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return fallback.find(item, minPosition);
  }

  @Override
  public List<Optional<Availability>> findEach(List<StockItemId> items) {
    Optional<Look> look = look(items);
    if (look.isEmpty()) {
      return fallback.findEach(items);
    }
    List<Optional<Availability>> answers = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      StockItemId item = items.get(i);
      answers.add(
          look.get()
              .views()
              .get(i)
              .flatMap(
                  known ->
                      answer(
                          known, look.get().asOf(known), look.get().mark().positionTime(), false))
              .or(() -> fallback.find(item, ANY_POSITION)));
    }
    return answers;
  }

  /** Rows that may be answered from, and the mark that was read before them. */
  private record Look(ViewStoreMark mark, List<Optional<AvailabilityView>> views) {

    long asOf(@Nullable AvailabilityView view) {
      return view == null ? mark.position() : Math.max(mark.position(), view.position());
    }
  }

  /** Looks at the rows of {@code items}; empty if the views must not be read now. */
  private Optional<Look> look(List<StockItemId> items) {
    if (!(status.state() instanceof Serving)) {
      return Optional.empty();
    }
    try {
      ViewReading reading = views.read(items.stream().map(AvailabilityView::key).toList());
      ViewStoreMark mark = reading.mark();
      return mark == null || !status.isReadable(mark.epoch())
          ? Optional.empty()
          : Optional.of(
              new Look(
                  mark,
                  reading.rows().stream()
                      .map(row -> AvailabilityRows.view(row, mark.epoch()))
                      .toList()));
    } catch (ViewStoreUnavailableException e) {
      // The watcher tells of the outage; a line for every read would only bury it.
      LOG.atDebug().setCause(e).log("The views cannot be read; the ledger is asked");
      return Optional.empty();
    }
  }

  private boolean await(long advances, long minPosition, Duration limit) {
    try {
      status.awaitAdvance(advances, minPosition, limit);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean ledgerHas(long position) {
    try {
      return ledger.headPosition(position) >= position;
    } catch (LedgerUnavailableException e) {
      LOG.atDebug().setCause(e).log("The ledger cannot be read; the view answers, stale");
      return false;
    }
  }

  /** What {@code view} says; empty if it cannot say what has lapsed by now. */
  private Optional<Availability> answer(
      AvailabilityView view, long asOf, Instant asOfTime, boolean stale) {
    OptionalLong lapsed = view.lapsed(clock.instant());
    if (lapsed.isEmpty()) {
      return Optional.empty();
    }
    counts.read(Source.VIEW);
    return Optional.of(
        Availability.of(view, lapsed.getAsLong(), asOf, ageMillis(asOf, asOfTime), stale));
  }

  /** 0 if nothing is newer, else the time since the views were last known to hold everything. */
  private long ageMillis(long asOf, Instant asOfTime) {
    Instant now = clock.instant();
    if (ledgerIsAt(asOf)) {
      status.seenAtHead(now);
      return 0;
    }
    Instant whole = status.lastSeenAtHead();
    Instant since = asOfTime.isAfter(whole) ? asOfTime : whole;
    return Math.max(0, Duration.between(since, now).toMillis());
  }

  private boolean ledgerIsAt(long asOf) {
    try {
      return asOf >= Math.max(ledger.headPosition(), status.head());
    } catch (LedgerUnavailableException e) {
      LOG.atDebug()
          .setCause(e)
          .log("The ledger cannot be read; the age is counted from when it could");
      return false;
    }
  }
}
