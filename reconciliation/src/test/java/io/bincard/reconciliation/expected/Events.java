package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockReserved;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events of a small shop, and what comes of them. */
final class Events {

  static final Sku SKU = new Sku("A");
  static final OrderId ORDER = new OrderId("o-1");
  static final HoldId HOLD = hold(1);
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00.250Z");

  private Events() {}

  static HoldId hold(long number) {
    return new HoldId(new UUID(number, number));
  }

  static Quantity units(long units) {
    return new Quantity(units);
  }

  static StockItemRegistered registered(long units) {
    return new StockItemRegistered(SKU, LocationId.MAIN, units(units), units(0), units(0));
  }

  static StockDeducted deducted(long units) {
    return new StockDeducted(SKU, LocationId.MAIN, units(units), ORDER);
  }

  static StockReserved reserved(HoldId hold, Instant until, long units) {
    return new StockReserved(SKU, LocationId.MAIN, units(units), hold, ORDER, until);
  }

  static ReservationReleased released(HoldId hold, Instant until, long units) {
    return new ReservationReleased(SKU, LocationId.MAIN, units(units), hold, ORDER, until);
  }

  /** {@code event} at position 10 more than {@code sequence}. */
  static CommittedEvent at(long sequence, LedgerEvent event) {
    return new CommittedEvent(Expected.key(event), sequence, sequence + 10, NOON, event);
  }

  /** What comes of {@code events}, from the first one on. */
  static Expected after(LedgerEvent... events) {
    return after(null, 0, events);
  }

  static Expected after(@Nullable Expected before, long sequence, LedgerEvent... events) {
    Expected state = before;
    for (LedgerEvent event : events) {
      state = Expected.after(state, at(sequence++, event));
    }
    if (state == null) {
      throw new IllegalArgumentException("no events");
    }
    return state;
  }
}
