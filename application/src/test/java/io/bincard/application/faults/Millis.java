package io.bincard.application.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long something took, again and again. */
final class Millis {

  private final List<Long> all = new ArrayList<>();

  static long since(long beganNanos) {
    return Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
  }

  /** Adds {@code millis} and says so. */
  String add(long millis) {
    all.add(millis);
    return millis + " ms";
  }

  /** Those of {@code all}, so many that a hundredth of them means something. */
  static String ofMany(List<Long> all) {
    List<Long> sorted = all.stream().sorted().toList();
    return sorted.isEmpty()
        ? "none"
        : "%d, median %d ms, p99 %d ms, most %d ms"
            .formatted(
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.getLast());
  }

  @Override
  public String toString() {
    List<Long> sorted = all.stream().sorted().toList();
    return sorted.isEmpty()
        ? "none"
        : "median %d ms, most %d ms".formatted(sorted.get(sorted.size() / 2), Collections.max(all));
  }
}
