package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.expected.Buckets;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Which rows are expected and in which sets, 64 bits each, and which of those sets' members were
 * found. Two keys or lines of one bucket with the same bits would hide an orphan: among ten million
 * the chance of any is one in three hundred million.
 *
 * <p>Each bucket is added to by one thread; once all is added and {@link #seal}ed, used by one.
 */
final class SeenRows {

  private static final int FIRST_SIZE = 16;

  private final int most;
  private final AtomicInteger count = new AtomicInteger();
  private final Hashes[] keys = hashes();
  private final Hashes[] lines = hashes();
  private final BitSet[] found = new BitSet[Expectations.BUCKETS];

  /** Grows as it is added to. */
  private static final class Hashes {
    private long[] values = new long[FIRST_SIZE];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size + size / 2);
      }
      values[size++] = value;
    }

    void seal() {
      Arrays.sort(values, 0, size);
    }

    int find(long value) {
      return Arrays.binarySearch(values, 0, size, value);
    }
  }

  /**
   * @param most rows at most
   */
  SeenRows(int most) {
    this.most = most;
  }

  private static Hashes[] hashes() {
    return IntStream.range(0, Expectations.BUCKETS)
        .mapToObj(_ -> new Hashes())
        .toArray(Hashes[]::new);
  }

  /**
   * @throws SweepFailedException if there are too many
   */
  void add(ExpectedRow row) {
    if (count.incrementAndGet() > most) {
      throw new SweepFailedException(
          "there are more rows than bincard.reconciliation.max-keys allows for, " + most);
    }
    int bucket = Buckets.of(row.key());
    keys[bucket].add(hash(row.key()));
    for (String line : row.sets()) {
      lines[bucket].add(hash(line));
    }
  }

  void seal() {
    for (int i = 0; i < Expectations.BUCKETS; i++) {
      keys[i].seal();
      lines[i].seal();
      found[i] = new BitSet();
    }
  }

  boolean hasRow(String key) {
    return keys[Buckets.of(key)].find(hash(key)) >= 0;
  }

  /** Remembers that a line of the row {@code key} was found; {@code false} if none is expected. */
  boolean find(String key, String line) {
    int bucket = Buckets.of(key);
    int at = lines[bucket].find(hash(line));
    if (at >= 0) {
      found[bucket].set(at);
    }
    return at >= 0;
  }

  /** Whether some expected line of {@code bucket} was not found. */
  boolean lacks(int bucket) {
    return found[bucket].cardinality() < lines[bucket].size;
  }

  /** Whether some line of {@code row} was not found. */
  boolean lacks(ExpectedRow row) {
    int bucket = Buckets.of(row.key());
    return row.sets().stream()
        .mapToInt(line -> lines[bucket].find(hash(line)))
        .anyMatch(at -> at < 0 || !found[bucket].get(at));
  }

  /** FNV-1a, with its bits mixed once more at the end. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
