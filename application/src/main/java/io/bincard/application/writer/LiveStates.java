package io.bincard.application.writer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The states that the writer decides on, in memory; the longest unused leave first. Used by the
 * writer's thread alone.
 *
 * <p>A state that is not committed yet never leaves: the journal could not give it back. So the
 * limits may be passed by what two batches need.
 */
public final class LiveStates<K, S> {

  private static final String KIND = "kind";

  private final Limits limits;
  private final Loader<K, S> loader;
  private final OpenBatch batch;
  private final Counter loads;
  private final Counter evictions;
  private final Map<K, S> states = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** What {@link #states} and {@link #bytes} were a batch ago, for other threads to see. */
  private volatile Shown shown = new Shown(0, 0);

  /** Keys that the open batch changed, and those that the batch under commit did. */
  private Set<K> changed = new HashSet<>();

  private Set<K> underCommit = new HashSet<>();

  private record Shown(int states, long bytes) {}

  /**
   * How much stays in memory.
   *
   * @param states at most
   * @param bytes that they may take, as {@link Loader#bytes} estimates them
   */
  public record Limits(int states, long bytes) {

    /** One part of {@code of}, but at least one state. */
    public Limits part(int of) {
      return new Limits(Math.max(1, states / of), bytes / of);
    }
  }

  /** Reads states from the journal, and knows them. */
  public interface Loader<K, S> {

    /**
     * The committed state of each of {@code keys}, also of those that the journal does not know,
     * but for those that it cannot read.
     */
    Map<K, S> load(Collection<K> keys);

    /**
     * The committed state of {@code key}.
     *
     * @throws io.bincard.application.journal.UnreadableStreamException if the journal cannot read
     *     it
     */
    S load(K key);

    /** What {@code key} and {@code state} take of the heap, with their place in a map. */
    long bytes(K key, S state);
  }

  /**
   * @param kind what the states are of, as metrics tell it
   */
  LiveStates(
      String kind, Limits limits, Loader<K, S> loader, OpenBatch batch, MeterRegistry meters) {
    this.limits = limits;
    this.loader = loader;
    this.batch = batch;
    this.loads =
        Counter.builder("bincard.writer.live.loads")
            .description("States that the writer read from the journal")
            .tag(KIND, kind)
            .register(meters);
    this.evictions =
        Counter.builder("bincard.writer.live.evictions")
            .description("States that left the writer's memory")
            .tag(KIND, kind)
            .register(meters);
    Gauge.builder("bincard.writer.live.states", () -> shown.states())
        .description("States in the writer's memory")
        .tag(KIND, kind)
        .register(meters);
    Gauge.builder("bincard.writer.live.bytes", () -> shown.bytes())
        .description("What they take of the heap, as the writer estimates it")
        .tag(KIND, kind)
        .register(meters);
  }

  /** Reads all of {@code keys} that are not here and can be read, at once. */
  public void require(Collection<K> keys) {
    List<K> missing = keys.stream().filter(key -> !states.containsKey(key)).distinct().toList();
    if (!missing.isEmpty()) {
      loader.load(missing).forEach(this::set);
      loads.increment(missing.size());
    }
  }

  /**
   * The state of {@code key}, what the open batch did to it included.
   *
   * @throws io.bincard.application.journal.UnreadableStreamException if it cannot be read
   */
  public S get(K key) {
    S state = states.get(key);
    if (state == null) {
      state = loader.load(key);
      set(key, state);
      loads.increment();
    }
    return state;
  }

  /** The state of {@code key} from now on, unless the batch takes it back. */
  public void put(K key, S state) {
    S before = set(key, state);
    changed.add(key);
    batch.onUndo(() -> set(key, before));
  }

  /** Puts {@code state} in the place of the one before, which it returns; {@code null} is none. */
  private @Nullable S set(K key, @Nullable S state) {
    S before = state == null ? states.remove(key) : states.put(key, state);
    bytes += bytes(key, state) - bytes(key, before);
    return before;
  }

  private long bytes(K key, @Nullable S state) {
    return state == null ? 0 : loader.bytes(key, state);
  }

  /** Whether the state of {@code key} is here. */
  public boolean has(K key) {
    return states.containsKey(key);
  }

  /** The open batch goes to be committed, and the one before it is. */
  void handOver() {
    Set<K> committed = underCommit;
    underCommit = changed;
    committed.clear();
    changed = committed;
    evict();
  }

  /** Nothing is under commit any more. */
  void settle() {
    underCommit.clear();
    evict();
  }

  private void evict() {
    Iterator<Map.Entry<K, S>> eldest = states.entrySet().iterator();
    int evicted = 0;
    while ((states.size() > limits.states() || bytes > limits.bytes()) && eldest.hasNext()) {
      Map.Entry<K, S> entry = eldest.next();
      if (!underCommit.contains(entry.getKey()) && !changed.contains(entry.getKey())) {
        bytes -= bytes(entry.getKey(), entry.getValue());
        eldest.remove();
        evicted++;
      }
    }
    if (evicted > 0) {
      evictions.increment(evicted);
    }
    shown = new Shown(states.size(), bytes);
  }

  /** Forgets everything: what PostgreSQL holds is the truth. */
  void forget() {
    states.clear();
    bytes = 0;
    changed.clear();
    underCommit.clear();
    shown = new Shown(0, 0);
  }
}
