package io.bincard.projections.availability;

import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.reservation.Reservations.Reservation;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The next times at which promises to holds lapse, and how many units at each, as a row keeps them:
 * {@code 1764590400000:5 1764590400250:1}, milliseconds of the epoch and units, earliest first.
 *
 * <p>A row cannot keep every promise: one that keeps fewer units than are reserved knows nothing of
 * what comes after its last time. Times that are over are listed like others, for who writes a row
 * looks at no clock.
 */
final class Lapses {

  /** Times in a row at most. */
  static final int MOST = 32;

  /** Promises that are looked at for one row at most, for many may lapse at one time. */
  private static final int PROMISES = 8 * MOST;

  private static final char UNITS = ':';
  private static final char NEXT = ' ';

  private Lapses() {}

  /** What a row keeps of {@code reservations}; empty if nothing is promised. */
  static String of(Reservations reservations) {
    StringBuilder lapses = new StringBuilder();
    long lapsed = 0;
    int times = 0;
    Instant last = Instant.MIN;
    for (Reservation promise : reservations.first(PROMISES)) {
      if (promise.until().equals(last)) {
        continue;
      }
      if (times++ == MOST) {
        break;
      }
      last = promise.until();
      long before = lapsed;
      lapsed = reservations.lapsed(last); // also of the promises that were not looked at
      lapses.append(before == 0 ? "" : NEXT).append(last.toEpochMilli());
      lapses.append(UNITS).append(lapsed - before);
    }
    return lapses.toString();
  }

  /**
   * Units whose promise has lapsed at {@code now}; empty if {@code lapses} cannot say, because it
   * ends before or is not what {@link #of} wrote.
   *
   * @param reserved units that are promised in all, lapsed or not
   */
  static OptionalLong lapsed(String lapses, long reserved, Instant now) {
    long millis = now.toEpochMilli();
    long listed = 0;
    long lapsed = 0;
    long last = Long.MIN_VALUE;
    try {
      for (int at = 0; at < lapses.length(); ) {
        int units = lapses.indexOf(UNITS, at);
        int next = lapses.indexOf(NEXT, at);
        int end = next < 0 ? lapses.length() : next;
        if (units < 0 || units > end) {
          return OptionalLong.empty();
        }
        long until = Long.parseLong(lapses, at, units, 10);
        long amount = Long.parseLong(lapses, units + 1, end, 10);
        if (until <= last || amount <= 0 || amount > reserved - listed) {
          return OptionalLong.empty();
        }
        last = until;
        listed += amount;
        lapsed = until <= millis ? listed : lapsed;
        at = end + 1;
      }
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
    return listed == reserved || millis <= last ? OptionalLong.of(lapsed) : OptionalLong.empty();
  }
}
