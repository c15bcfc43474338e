package io.bincard.domain.stock;

import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Units that are promised while a test runs. */
final class Held {

  /** When commands are decided on. */
  static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

  /** When what {@link #held} promises lapses. */
  static final Instant UNTIL = NOW.plus(Duration.ofMinutes(15));

  static final HoldId HOLD = new HoldId(new UUID(0, 1));

  private Held() {}

  static Reservations held(long units) {
    return units == 0 ? Reservations.NONE : Reservations.NONE.plus(HOLD, UNTIL, units);
  }
}
