package io.bincard.domain.pricing;

import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.pricing.LostRule.Reason;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** When a cart is priced. */
final class Moment {

  private final Instant instant;
  private final LocalDateTime local;
  private final long second;

  Moment(OffsetDateTime at) {
    instant = at.toInstant();
    local = at.toLocalDateTime();
    second = instant.getEpochSecond();
  }

  /** Why it is not the time for {@code rule}; {@code null} if it is. */
  @Nullable Reason obstacle(ReadyRule rule) {
    if (second < rule.firstSecond()) {
      return Reason.NOT_YET_VALID;
    }
    if (second > rule.lastSecond()) {
      return Reason.EXPIRED;
    }
    if (second == rule.firstSecond() || second == rule.lastSecond() || rule.isConditional()) {
      return obstacle(rule.conditions());
    }
    return null;
  }

  private @Nullable Reason obstacle(Conditions conditions) {
    Instant from = conditions.from();
    Instant until = conditions.until();
    if (from != null && instant.isBefore(from)) {
      return Reason.NOT_YET_VALID;
    }
    if (until != null && !instant.isBefore(until)) {
      return Reason.EXPIRED;
    }
    return conditions.hours().isEmpty() || isWithinOneOf(conditions) ? null : Reason.OUTSIDE_HOURS;
  }

  private boolean isWithinOneOf(Conditions conditions) {
    for (WeeklyHours hours : conditions.hours()) {
      if (hours.contain(local)) {
        return true;
      }
    }
    return false;
  }
}
