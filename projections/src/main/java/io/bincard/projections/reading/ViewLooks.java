package io.bincard.projections.reading;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.viewstore.MemberRange;
import io.bincard.projections.viewstore.ViewReading;
import io.bincard.projections.viewstore.ViewReads;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at views, if they may be answered from now. Safe for use by many threads. */
public final class ViewLooks {

  private static final Logger LOG = LoggerFactory.getLogger(ViewLooks.class);

  private final ViewReads views;
  private final ViewStatus status;
  private final StockItems ledger;
  private final InstantSource clock;
  private final Duration patience;
  private final Duration pollInterval;

  /**
   * @param ledger asked for nothing but its last position
   * @param patience how long a look waits for the position it is to be of
   * @param pollInterval how often a waiting look looks for itself, for views that another node
   *     fills
   */
  public ViewLooks(
      ViewReads views,
      ViewStatus status,
      StockItems ledger,
      InstantSource clock,
      Duration patience,
      Duration pollInterval) {
    this.views = views;
    this.status = status;
    this.ledger = ledger;
    this.clock = clock;
    this.patience = patience;
    this.pollInterval = pollInterval;
  }

  /** When it is now, for what views say of times. */
  public Instant now() {
    return clock.instant();
  }

  /**
   * The rows of {@code keys} and the members of {@code ranges}, in one round trip; empty if the
   * views must not be read now: Redis away, or views being built.
   */
  public Optional<Look> look(List<String> keys, List<MemberRange> ranges) {
    if (!(status.state() instanceof Serving)) {
      return Optional.empty();
    }
    try {
      ViewReading reading = views.read(keys, ranges);
      ViewStoreMark mark = reading.mark();
      return mark == null || !status.isReadable(mark.epoch())
          ? Optional.empty()
          : Optional.of(new Look(mark, reading));
    } catch (ViewStoreUnavailableException e) {
      // The watcher tells of the outage; a line for every read would only bury it.
      LOG.atDebug().setCause(e).log("The views cannot be read");
      return Optional.empty();
    }
  }

  /**
   * The same, as of {@code minPosition} or later if the views get there within the patience; else
   * as of when they were looked at last.
   */
  public Optional<Look> look(List<String> keys, List<MemberRange> ranges, long minPosition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long advances = status.advances();
      Optional<Look> look = look(keys, ranges);
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (look.isEmpty() || look.get().asOf() >= minPosition || !left.isPositive()) {
        return look;
      }
      try {
        status.awaitAdvance(
            advances, minPosition, left.compareTo(pollInterval) < 0 ? left : pollInterval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return look;
      }
    }
  }

  /** For how long at most {@code look} may have been out of date; 0 if nothing is newer. */
  public long ageMillis(Look look) {
    return ageMillis(look, look.asOf());
  }

  /** The same of a row in {@code look} that lacks nothing up to {@code asOf}. */
  public long ageMillis(Look look, long asOf) {
    Instant now = clock.instant();
    if (ledgerIsAt(asOf)) {
      status.seenAtHead(now);
      return 0;
    }
    Instant whole = status.lastSeenAtHead();
    Instant made = look.mark().positionTime();
    return Math.max(0, Duration.between(made.isAfter(whole) ? made : whole, now).toMillis());
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
