package io.bincard.reconciliation.watch;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Rows that events touched and that are to be compared, each once. Safe for many threads. */
final class ChangedRows {

  private final int most;

  // Guarded by this
  private final Map<String, Long> rows = new LinkedHashMap<>();

  /**
   * @param most rows that may wait
   */
  ChangedRows(int most) {
    this.most = most;
  }

  /**
   * Some rows.
   *
   * @param upTo the position that the views must have reached for all of them
   */
  record Batch(Set<String> keys, long upTo) {}

  synchronized void add(Collection<String> keys, long upTo) {
    for (String key : keys) {
      rows.put(key, upTo);
    }
    Iterator<String> eldest = rows.keySet().iterator();
    while (rows.size() > most) {
      eldest.next();
      eldest.remove();
    }
    notifyAll();
  }

  synchronized void clear() {
    rows.clear();
  }

  /** Those that have waited longest; waits until there are any. */
  synchronized Batch take(int atMost) throws InterruptedException {
    while (rows.isEmpty()) {
      wait();
    }
    Set<String> keys = new LinkedHashSet<>();
    long upTo = 0;
    Iterator<Map.Entry<String, Long>> eldest = rows.entrySet().iterator();
    while (eldest.hasNext() && keys.size() < atMost) {
      Map.Entry<String, Long> row = eldest.next();
      keys.add(row.getKey());
      upTo = Math.max(upTo, row.getValue());
      eldest.remove();
    }
    return new Batch(keys, upTo);
  }
}
