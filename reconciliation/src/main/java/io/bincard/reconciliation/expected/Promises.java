package io.bincard.reconciliation.expected;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Units of one item that are promised to holds, by the time at which they lapse. */
final class Promises {

  /** Times that a row lists at most. */
  private static final int MOST_TIMES = 32;

  /** Promises after which a row lists no further time. */
  private static final int MOST_PROMISES = 256;

  private final TreeMap<Long, Lapse> lapses = new TreeMap<>();
  private final Map<Promise, Long> before = new HashMap<>();
  private long total;
  private int count;

  /** What lapses at one time. */
  private static final class Lapse {
    private final Map<UUID, Long> units = new HashMap<>();
    private long total;
  }

  /**
   * Whom something is promised to, until when.
   *
   * @param untilMillis of the epoch
   */
  record Promise(UUID hold, long untilMillis) {}

  /** Takes promises that are to be stored. */
  interface Changes {

    /** Of {@code promise} there are {@code units} now; 0 if it is over. */
    void changed(Promise promise, long units);
  }

  /** A promise that was stored before. */
  void recall(Promise promise, long units) {
    put(promise, units);
  }

  /** Adds to what {@code hold} is promised; says whether that makes sense. */
  boolean add(UUID hold, Instant until, long units) {
    return change(new Promise(hold, until.toEpochMilli()), units, units > 0);
  }

  /** Takes from what {@code hold} is promised; says whether there was that much. */
  boolean take(UUID hold, Instant until, long units) {
    return change(new Promise(hold, until.toEpochMilli()), -units, units > 0);
  }

  private boolean change(Promise promise, long units, boolean makesSense) {
    long had = units(promise);
    if (!makesSense || had + units < 0) {
      return false;
    }
    before.putIfAbsent(promise, had);
    put(promise, had + units);
    return true;
  }

  private long units(Promise promise) {
    Lapse lapse = lapses.get(promise.untilMillis());
    return lapse == null ? 0 : lapse.units.getOrDefault(promise.hold(), 0L);
  }

  private void put(Promise promise, long units) {
    Lapse lapse = lapses.computeIfAbsent(promise.untilMillis(), _ -> new Lapse());
    Long had =
        units == 0 ? lapse.units.remove(promise.hold()) : lapse.units.put(promise.hold(), units);
    long more = units - (had == null ? 0 : had);
    lapse.total = Math.addExact(lapse.total, more);
    total = Math.addExact(total, more);
    count += (units == 0 ? 0 : 1) - (had == null ? 0 : 1);
    if (lapse.units.isEmpty()) {
      lapses.remove(promise.untilMillis());
    }
  }

  /** All units that are promised. */
  long total() {
    return total;
  }

  /** How many promises there are. */
  int count() {
    return count;
  }

  /** Gives every promise that is not as it was when this was last asked. */
  void drain(Changes changes) {
    before.forEach(
        (promise, had) -> {
          long units = units(promise);
          if (units != had) {
            changes.changed(promise, units);
          }
        });
    before.clear();
  }

  /**
   * The first times at which promises lapse, with the units of each: {@code 1764590400000:5
   * 1764590400250:1}.
   */
  String lapses() {
    StringBuilder text = new StringBuilder();
    int times = 0;
    int promises = 0;
    for (Map.Entry<Long, Lapse> each : lapses.entrySet()) {
      if (times == MOST_TIMES || promises >= MOST_PROMISES) {
        break;
      }
      if (times > 0) {
        text.append(' ');
      }
      text.append(each.getKey()).append(':').append(each.getValue().total);
      times++;
      promises += each.getValue().units.size();
    }
    return text.toString();
  }
}
