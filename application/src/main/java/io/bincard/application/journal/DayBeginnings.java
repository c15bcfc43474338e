package io.bincard.application.journal;

import io.bincard.application.tiers.LedgerDay;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The position that each day of the journal begins with, as far as this process has had to know. A
 * day that has begun never changes, so what is known stays true.
 */
final class DayBeginnings {

  private static final LedgerDay BEFORE_ALL = LedgerDay.of(Instant.EPOCH.minusSeconds(1));

  private final NavigableMap<Long, LedgerDay> known = new ConcurrentSkipListMap<>();
  private final Function<LedgerDay, Map<Long, LedgerDay>> after;

  /**
   * @param after reads the days behind a given one from PostgreSQL
   */
  DayBeginnings(Function<LedgerDay, Map<Long, LedgerDay>> after) {
    this.after = after;
  }

  /** A day that has begun, and its first position. */
  record Begun(LedgerDay day, long firstPosition) {}

  /**
   * The last known day that begins at {@code position} or before, else the first day there is;
   * {@code null} in an empty journal. A day that is not known yet may be nearer: who finds nothing
   * there goes on with {@link #nextAfter}.
   */
  @Nullable Begun nearest(long position) {
    if (known.isEmpty()) {
      refresh();
    }
    Map.Entry<Long, LedgerDay> entry = known.floorEntry(position);
    return begun(entry == null ? known.firstEntry() : entry);
  }

  /** The day behind {@code day} that has events, {@code null} if there is none. */
  @Nullable Begun nextAfter(Begun day) {
    Map.Entry<Long, LedgerDay> next = known.higherEntry(day.firstPosition());
    if (next == null) {
      refresh();
      next = known.higherEntry(day.firstPosition());
    }
    return begun(next);
  }

  /**
   * The first day with events that is {@code day} or a later one, {@code null} if there is none.
   */
  @Nullable Begun firstFrom(LedgerDay day) {
    refresh();
    return known.entrySet().stream()
        .filter(entry -> entry.getValue().compareTo(day) >= 0)
        .findFirst()
        .map(DayBeginnings::begun)
        .orElse(null);
  }

  /** The last day with events, {@code null} in an empty journal. */
  @Nullable Begun last() {
    refresh();
    return begun(known.lastEntry());
  }

  private void refresh() {
    Map.Entry<Long, LedgerDay> last = known.lastEntry();
    known.putAll(after.apply(last == null ? BEFORE_ALL : last.getValue()));
  }

  private static @Nullable Begun begun(Map.@Nullable Entry<Long, LedgerDay> entry) {
    return entry == null
        ? null
        : new Begun(Objects.requireNonNull(entry.getValue()), entry.getKey());
  }
}
