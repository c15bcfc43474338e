package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.sweep.Run.Phase;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long a run was at each of its phases, in all nodes together. Safe for many threads. */
final class PhaseClock {

  private final LongSupplier nanoTime;
  private final Map<Phase, Long> millis = new EnumMap<>(Phase.class);
  private @Nullable Phase phase;
  private long since;

  /**
   * @param before what other nodes have taken
   * @param nanoTime like {@link System#nanoTime}
   */
  PhaseClock(Map<Phase, Long> before, LongSupplier nanoTime) {
    millis.putAll(before);
    this.nanoTime = nanoTime;
  }

  /** From now on it is at {@code next}. */
  synchronized void enter(Phase next) {
    long now = nanoTime.getAsLong();
    add(millis, now);
    phase = next;
    since = now;
  }

  /** The time up to now. */
  synchronized Map<Phase, Long> millis() {
    Map<Phase, Long> all = new EnumMap<>(Phase.class);
    all.putAll(millis);
    add(all, nanoTime.getAsLong());
    return all;
  }

  private void add(Map<Phase, Long> to, long now) {
    Phase at = phase;
    if (at != null) {
      to.merge(at, TimeUnit.NANOSECONDS.toMillis(now - since), Long::sum);
    }
  }
}
