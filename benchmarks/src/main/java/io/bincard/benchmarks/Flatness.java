package io.bincard.benchmarks;

import io.bincard.benchmarks.ledger.LedgerProcess.Memory;
import io.bincard.benchmarks.load.Overload.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** An overload window by window, and whether memory stayed flat under it. */
final class Flatness {

  /** What the last third may have more than the first one after the warm-up. */
  private static final double SLACK = 1.1;

  private static final double MIB = 1 << 20;

  private record Seen(Window window, Memory memory) {}

  private final String name;
  private final double peak;
  private final List<Seen> windows = new ArrayList<>();

  Flatness(String name, double peak) {
    this.name = name;
    this.peak = peak;
  }

  /** Takes a window down and describes it in a line of a table. */
  String add(Window window, Memory memory) {
    windows.add(new Seen(window, memory));
    return String.format(
        Locale.ROOT,
        "| %s | %d | %,.0f (%.1f × peak) | %,.0f | %,.0f | %d | %.2f | %.3f | %.1f | %.0f | %.0f |",
        name,
        windows.size(),
        window.offered() / window.seconds(),
        window.offered() / window.seconds() / peak,
        window.done() / window.seconds(),
        window.refused() / window.seconds(),
        window.failed(),
        window.p99(),
        window.refusedP99(),
        window.refusedMax(),
        memory.heapBytes() / MIB,
        memory.residentBytes() / MIB);
  }

  static String head() {
    return """
        | overload | window | offered /s | done /s | 503 /s | failed | done p99 ms | 503 p99 ms | 503 max ms | heap MiB | resident MiB |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|""";
  }

  long done() {
    return windows.stream().mapToLong(seen -> seen.window().done()).sum();
  }

  /** In words; the first window warms up. */
  String verdict() {
    double heap = growth(Memory::heapBytes);
    double resident = growth(Memory::residentBytes);
    long failed = windows.stream().mapToLong(seen -> seen.window().failed()).sum();
    return String.format(
        Locale.ROOT,
        "%s: heap %.2f ×, resident %.2f × from the first third to the last: %s; %d failed; the books add up",
        name,
        heap,
        resident,
        heap <= SLACK && resident <= SLACK ? "flat" : "NOT flat",
        failed);
  }

  private double growth(ToLongFunction<Memory> of) {
    List<Seen> warm = windows.size() > 1 ? windows.subList(1, windows.size()) : windows;
    int third = Math.max(1, warm.size() / 3);
    return average(warm.subList(warm.size() - third, warm.size()), of)
        / average(warm.subList(0, third), of);
  }

  private static double average(List<Seen> some, ToLongFunction<Memory> of) {
    return some.stream().mapToLong(seen -> of.applyAsLong(seen.memory())).average().orElse(0);
  }
}
