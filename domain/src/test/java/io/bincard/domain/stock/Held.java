package io.bincard.domain.stock;

import static io.bincard.domain.stock.StockItemScenario.LOCATION;
import static io.bincard.domain.stock.StockItemScenario.ORDER;
import static io.bincard.domain.stock.StockItemScenario.SKU;

import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.reservation.Reservations.Reservation;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Units that are promised while a test runs. */
final class Held {

  /** When commands are decided on. */
  static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

  /** When what {@link #held} promises lapses. */
  static final Instant UNTIL = NOW.plus(Duration.ofMinutes(15));

  static final HoldId HOLD = new HoldId(new UUID(0, 1));

  /** Is kept for one more millisecond. */
  static final HoldId ENDING = new HoldId(new UUID(0, 2));

  /** Has lapsed this very millisecond. */
  static final HoldId ENDED = new HoldId(new UUID(0, 3));

  static final HoldId LONG_ENDED = new HoldId(new UUID(0, 4));

  private Held() {}

  /**
   * Units that are promised to two holds each.
   *
   * @param kept half of them to {@link #ENDING}, the rest to {@link #HOLD}
   * @param lapsed half of them to {@link #LONG_ENDED}, the rest to {@link #ENDED}
   */
  static Reservations held(long kept, long lapsed) {
    Reservations reservations = with(held(kept - kept / 2), ENDING, NOW.plusMillis(1), kept / 2);
    reservations = with(reservations, ENDED, NOW, lapsed - lapsed / 2);
    return with(reservations, LONG_ENDED, NOW.minus(Duration.ofHours(1)), lapsed / 2);
  }

  private static Reservations with(Reservations some, HoldId hold, Instant until, long units) {
    return units == 0 ? some : some.plus(hold, until, units);
  }

  /** What of {@code reservations} is promised beyond {@link #NOW}, one by one. */
  static long kept(Reservations reservations) {
    List<Reservation> all = new ArrayList<>();
    reservations.forEach(all::add);
    return all.stream().filter(it -> it.until().isAfter(NOW)).mapToLong(Reservation::amount).sum();
  }

  /**
   * What writes down that promises of {@code item} lapsed before {@code event} takes from it, as
   * the ledger does.
   */
  static List<StockEvent> expirations(StockItem item, StockEvent event) {
    List<HoldId> overdue = item.overdue(event, NOW);
    List<StockEvent> expired = new ArrayList<>();
    item.reservations()
        .forEach(
            it -> {
              if (overdue.contains(it.hold())) {
                expired.add(
                    new ReservationExpired(
                        SKU, LOCATION, new Quantity(it.amount()), it.hold(), ORDER, it.until()));
              }
            });
    return expired;
  }

  static Reservations held(long units) {
    return units == 0 ? Reservations.NONE : Reservations.NONE.plus(HOLD, UNTIL, units);
  }
}
