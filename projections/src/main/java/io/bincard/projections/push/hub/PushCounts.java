package io.bincard.projections.push.hub;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What was pushed since the process started, and who listens to single figures of it. */
public final class PushCounts {

  private final Map<ResyncReason, LongAdder> resyncs = new EnumMap<>(ResyncReason.class);
  private final Map<StreamEnd, LongAdder> ends = new EnumMap<>(StreamEnd.class);
  private final LongAdder frames = new LongAdder();
  private final LongAdder conflated = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder stalls = new LongAdder();
  private volatile LongConsumer flushes = _ -> {};
  private volatile LongConsumer health = _ -> {};

  public PushCounts() {
    for (ResyncReason reason : ResyncReason.values()) {
      resyncs.put(reason, new LongAdder());
    }
    for (StreamEnd end : StreamEnd.values()) {
      ends.put(end, new LongAdder());
    }
  }

  /** From now on {@code newFlushes} is told how long each flush took, in nanoseconds. */
  public void tellFlushes(LongConsumer newFlushes) {
    flushes = newFlushes;
  }

  /** From now on {@code newHealth} is told the score of each connection, 0 to 100, at intervals. */
  public void tellHealth(LongConsumer newHealth) {
    health = newHealth;
  }

  void resynced(ResyncReason reason) {
    of(resyncs, reason).increment();
  }

  void ended(StreamEnd end) {
    of(ends, end).increment();
  }

  void sent(long sentFrames, long sentBytes) {
    frames.add(sentFrames);
    bytes.add(sentBytes);
  }

  void conflated(long changes) {
    conflated.add(changes);
  }

  void stalled() {
    stalls.increment();
  }

  void flushed(long nanos) {
    flushes.accept(nanos);
  }

  void scored(int score) {
    health.accept(score);
  }

  public long resyncs(ResyncReason reason) {
    return of(resyncs, reason).sum();
  }

  public long ends(StreamEnd end) {
    return of(ends, end).sum();
  }

  /** Frames of every kind, heartbeats included. */
  public long frames() {
    return frames.sum();
  }

  /** Changes that were not sent, for the next one of the same item came before the flush. */
  public long conflated() {
    return conflated.sum();
  }

  public long bytes() {
    return bytes.sum();
  }

  /** Times that a client let a write wait for {@code slow-after}. */
  public long stalls() {
    return stalls.sum();
  }

  private static <K> LongAdder of(Map<K, LongAdder> adders, K key) {
    LongAdder adder = adders.get(key);
    if (adder == null) {
      throw new IllegalStateException("nothing counts " + key);
    }
    return adder;
  }
}
