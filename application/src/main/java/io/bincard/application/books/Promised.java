package io.bincard.application.books;

import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is promised to one hold, in an opening balance. */
record Promised(HoldId hold, Instant until, long amount) {

  static List<Promised> of(Reservations reservations) {
    List<Promised> promised = new ArrayList<>(reservations.size());
    reservations.forEach(one -> promised.add(new Promised(one.hold(), one.until(), one.amount())));
    return promised;
  }

  static Reservations toReservations(List<Promised> promised) {
    Reservations reservations = Reservations.NONE;
    for (Promised one : promised) {
      reservations = reservations.plus(one.hold(), one.until(), one.amount());
    }
    return reservations;
  }
}
