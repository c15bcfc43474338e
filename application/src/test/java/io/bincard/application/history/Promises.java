package io.bincard.application.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What an item or an account has promised to holds, each until a time. */
final class Promises {

  /** A decision is at most so much older than the time that its events have in the journal. */
  static final Duration SLACK = Duration.ofSeconds(1);

  private final TreeMap<Instant, Map<String, Sum>> byTime = new TreeMap<>();
  private Sum total = Sum.NOTHING;

  /** Units or minor units, and uses. */
  record Sum(long amount, long uses) {
    static final Sum NOTHING = new Sum(0, 0);

    Sum plus(Sum more) {
      return new Sum(amount + more.amount, uses + more.uses);
    }

    Sum negated() {
      return new Sum(-amount, -uses);
    }
  }

  Sum total() {
    return total;
  }

  void add(String hold, Instant until, Sum more) {
    if (!more.equals(Sum.NOTHING)) {
      byTime.computeIfAbsent(until, _ -> new HashMap<>()).merge(hold, more, Sum::plus);
      total = total.plus(more);
    }
  }

  /** Whether {@code less} was promised; nothing moves if not. */
  boolean take(String hold, Instant until, Sum less) {
    Map<String, Sum> then = byTime.getOrDefault(until, Map.of());
    Sum left = then.getOrDefault(hold, Sum.NOTHING).plus(less.negated());
    if (left.amount() < 0 || left.uses() < 0 || less.amount() < 0 || less.uses() < 0) {
      return false;
    }
    total = total.plus(less.negated());
    if (!left.equals(Sum.NOTHING)) {
      then.put(hold, left);
    } else if (then.remove(hold) != null && then.isEmpty()) {
      byTime.remove(until);
    }
    return true;
  }

  /** What has not lapsed at {@code at}. */
  Sum kept(Instant at) {
    return sums(byTime.headMap(at, true).values().stream()).negated().plus(total);
  }

  /** What may not have lapsed when a decision was taken whose events are of {@code at}. */
  List<Sum> keptAbout(Instant at) {
    return Stream.concat(
            Stream.of(kept(at.minus(SLACK))),
            byTime.subMap(at.minus(SLACK), false, at, true).keySet().stream().map(this::kept))
        .toList();
  }

  private static Sum sums(Stream<Map<String, Sum>> promises) {
    return promises.flatMap(holds -> holds.values().stream()).reduce(Sum.NOTHING, Sum::plus);
  }

  /** When how much lapses next, as the row of a view has it: of 32 times and some 256 promises. */
  String lapses() {
    StringBuilder lapses = new StringBuilder();
    int times = 0;
    int promises = 0;
    for (Map.Entry<Instant, Map<String, Sum>> entry : byTime.entrySet()) {
      if (times++ == 32 || promises >= 256) {
        break;
      }
      promises += entry.getValue().size();
      lapses
          .append(lapses.isEmpty() ? "" : " ")
          .append(entry.getKey().toEpochMilli())
          .append(':')
          .append(sums(Stream.of(entry.getValue())).amount());
    }
    return lapses.toString();
  }

  /** Each promise, by the hold and its time. */
  Map<String, Sum> each() {
    Map<String, Sum> each = new HashMap<>();
    byTime.forEach(
        (until, holds) -> holds.forEach((hold, sum) -> each.put(hold + " until " + until, sum)));
    return each;
  }
}
