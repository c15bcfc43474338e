package io.bincard.application.reconciliation;

import io.bincard.reconciliation.expected.Buckets;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Expectations that are as they were given. */
final class GivenRows implements Expectations {

  private final Map<String, ExpectedRow> rows = new TreeMap<>();
  private long position;

  /** Called before a bucket is handed out. */
  private volatile IntConsumer beforeBucket = _ -> {};

  synchronized void give(ExpectedRow row) {
    rows.put(row.key(), row);
    position = Math.max(position, row.position());
  }

  synchronized void moveTo(long newPosition) {
    position = newPosition;
  }

  synchronized void take(String key) {
    rows.remove(key);
  }

  synchronized Map<String, ExpectedRow> all() {
    return new TreeMap<>(rows);
  }

  void setBeforeBucket(IntConsumer newBeforeBucket) {
    beforeBucket = newBeforeBucket;
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public synchronized Map<String, ExpectedRow> find(Collection<String> keys) {
    Map<String, ExpectedRow> found = new HashMap<>();
    for (String key : keys) {
      ExpectedRow row = rows.get(key);
      if (row != null) {
        found.put(key, row);
      }
    }
    return found;
  }

  @Override
  public Cut cut() {
    long at = position();
    Map<String, ExpectedRow> snapshot = all();
    return new Cut() {
      @Override
      public long position() {
        return at;
      }

      @Override
      public void each(int from, int to, Consumer<ExpectedRow> taker) {
        for (int i = from; i < to; i++) {
          beforeBucket.accept(i);
        }
        snapshot.values().stream()
            .filter(row -> Buckets.of(row.key()) >= from && Buckets.of(row.key()) < to)
            .forEach(taker);
      }

      @Override
      public void close() {}
    };
  }
}
