package io.bincard.domain.policy;

import io.bincard.domain.InvalidValueException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;

/**
 * Hours that come back every week, in the policy's zone.
 *
 * @param days on which they begin; a daily one has all seven
 * @param from inclusive
 * @param until exclusive; at or before {@code from} means of the next day, so that {@code 22:00} to
 *     {@code 02:00} is four hours and {@code 00:00} to {@code 00:00} a whole day
 */
public record WeeklyHours(Set<DayOfWeek> days, LocalTime from, LocalTime until) {

  /**
   * @throws InvalidValueException if there is no day
   */
  public WeeklyHours {
    days = Set.copyOf(days);
    if (days.isEmpty()) {
      throw new InvalidValueException("recurring hours must have a day");
    }
  }

  /** Whether {@code time}, by the clocks of the policy's zone, is within them. */
  public boolean contain(LocalDateTime time) {
    boolean overnight = !until.isAfter(from);
    LocalTime clock = time.toLocalTime();
    boolean begunToday =
        days.contains(time.getDayOfWeek())
            && !clock.isBefore(from)
            && (overnight || clock.isBefore(until));
    boolean begunYesterday =
        overnight && days.contains(time.getDayOfWeek().minus(1)) && clock.isBefore(until);
    return begunToday || begunYesterday;
  }
}
