package io.bincard.projections.rebuild;

import io.bincard.projections.rebuild.Digests.Finding;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.ViewStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Reads back every row of a generation, several at once. */
final class RowCheck {

  private static final int ROWS_AT_ONCE = 500;

  /** Keys that Redis walks past before it answers somebody else: half a millisecond. */
  private static final int KEYS_AT_ONCE = 2_000;

  private static final int BATCHES_AT_ONCE = 8;
  private static final int NAMED = 5;

  private final ViewStore store;
  private final Filling filling;
  private final Lanes lanes;
  private final Runnable step;
  private final Map<String, Long> counted = new HashMap<>();

  /**
   * @param step called after each batch
   */
  RowCheck(ViewStore store, Filling filling, Lanes lanes, Runnable step) {
    this.store = store;
    this.filling = filling;
    this.lanes = lanes;
    this.step = step;
  }

  /** What of a row that was read back matters. */
  private record Read(String key, long content) {

    /** Whether there is a row, and of this filling. */
    boolean isOurs() {
      return content != 0;
    }
  }

  private interface Rows {
    void row(Read row);
  }

  /** Notes the rows as they are stored. */
  void load(Digests digests, List<String> views) {
    each(
        views,
        row -> {
          if (row.isOurs()) {
            digests.put(row.key(), row.content());
          }
        });
  }

  /**
   * Holds the rows as they are stored against {@code digests}.
   *
   * @throws RebuildFailedException if any differs, or is missing, or is one too many
   */
  void compare(Digests digests, List<String> views) {
    List<String> named = new ArrayList<>();
    Map<Finding, LongAdder> counts = new EnumMap<>(Finding.class);
    for (Finding finding : Finding.values()) {
      counts.put(finding, new LongAdder());
    }
    each(
        views,
        row -> {
          Finding finding = digests.find(row.key(), row.content());
          if (finding == Finding.UNKNOWN && !row.isOurs()) {
            return;
          }
          counted(counts, finding).increment();
          if (finding != Finding.AGAIN) {
            counted.merge(viewOf(row.key()), 1L, Long::sum);
          }
          if (finding.compareTo(Finding.OTHER) >= 0 && named.size() < NAMED) {
            named.add(row.key());
          }
        });
    long other = counted(counts, Finding.OTHER).sum();
    long unknown = counted(counts, Finding.UNKNOWN).sum();
    long missing = digests.size() - counted(counts, Finding.SAME).sum() - other;
    if (other + unknown + missing > 0) {
      throw new RebuildFailedException(
          "of %d rows that were written %d are different, %d are missing, and %d were not written%s"
              .formatted(
                  digests.size(), other, missing, unknown, named.isEmpty() ? "" : ": " + named));
    }
  }

  /**
   * Holds the rows of {@code keys} as they are stored against {@code digests}.
   *
   * @throws RebuildFailedException if any differs or is missing
   */
  void compare(Digests digests, Collection<String> keys, String when) {
    List<String> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += ROWS_AT_ONCE) {
      List<String> some = all.subList(from, Math.min(all.size(), from + ROWS_AT_ONCE));
      for (Read row : Lanes.joined(read(some))) {
        if (!digests.has(row.key(), row.content())) {
          throw new RebuildFailedException(
              "a row that was written " + when + " is different: [" + row.key() + "]");
        }
      }
      step.run();
    }
  }

  private static LongAdder counted(Map<Finding, LongAdder> counts, Finding finding) {
    return Objects.requireNonNull(counts.get(finding));
  }

  /** How many rows of {@code view} the comparison read. */
  long count(String view) {
    return counted.getOrDefault(view, 0L);
  }

  private static String viewOf(String key) {
    return key.substring(0, Math.max(0, key.indexOf(':')));
  }

  /** One walk for all views, for it goes past every key that Redis has. */
  private void each(List<String> views, Rows rows) {
    Deque<CompletableFuture<List<Read>>> underWay = new ArrayDeque<>();
    List<String> keys = new ArrayList<>();
    int prefix = ViewStore.key(filling.generation(), "").length();
    store.scan(
        filling.generation() + ":*",
        KEYS_AT_ONCE,
        found -> {
          String key = found.substring(prefix);
          if (views.contains(viewOf(key))) {
            keys.add(key);
          }
          if (keys.size() == ROWS_AT_ONCE) {
            underWay.add(read(keys));
            keys.clear();
            if (underWay.size() > BATCHES_AT_ONCE) {
              give(underWay.remove(), rows);
            }
          }
          return true;
        });
    underWay.add(read(keys));
    underWay.forEach(batch -> give(batch, rows));
  }

  private CompletableFuture<List<Read>> read(List<String> some) {
    List<String> keys = List.copyOf(some);
    return lanes.run(
        () -> {
          List<List<byte[]>> stored = store.contents(filling, keys);
          List<Read> read = new ArrayList<>(keys.size());
          for (int i = 0; i < keys.size(); i++) {
            read.add(new Read(keys.get(i), Digests.of(stored.get(i))));
          }
          return read;
        });
  }

  private void give(CompletableFuture<List<Read>> batch, Rows rows) {
    Lanes.joined(batch).forEach(rows::row);
    step.run();
  }
}
