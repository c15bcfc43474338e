package io.bincard.benchmarks.push;

import java.util.concurrent.atomic.AtomicLongArray;

/** When each version of each item was told to who made it, by {@link System#nanoTime}. */
final class Commits {

  private final int versions;
  private final AtomicLongArray toldAt;
  private final AtomicLongArray newest;

  /**
   * @param versions of one item at most
   */
  Commits(int items, int versions) {
    this.versions = versions;
    this.toldAt = new AtomicLongArray(items * versions);
    this.newest = new AtomicLongArray(items);
  }

  void told(int item, long version, long nanos) {
    if (version < versions) {
      toldAt.set(item * versions + (int) version, nanos);
    }
    newest.accumulateAndGet(item, version, Math::max);
  }

  /** When {@code version} was told; 0 if it was not, so far. */
  long toldAt(int item, long version) {
    return version < versions ? toldAt.get(item * versions + (int) version) : 0;
  }

  long newest(int item) {
    return newest.get(item);
  }
}
