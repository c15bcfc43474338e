package io.bincard.application.writer;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The states that the writer decides on, in memory; the longest unused leave first. Used by the
 * writer's thread alone.
 *
 * <p>A state that is not committed yet never leaves: the journal could not give it back.
 */
public final class LiveStates<K, S> {

  private final int maxStates;
  private final Loader<K, S> loader;
  private final OpenBatch batch;
  private final Map<K, S> states = new LinkedHashMap<>(16, 0.75f, true);

  /** Keys that the open batch changed, and those that the batch under commit did. */
  private Set<K> changed = new HashSet<>();

  private Set<K> underCommit = new HashSet<>();

  /** Reads states from the journal. */
  public interface Loader<K, S> {

    /**
     * The committed state of each of {@code keys}, also of those that the journal does not know.
     */
    Map<K, S> load(Collection<K> keys);
  }

  LiveStates(int maxStates, Loader<K, S> loader, OpenBatch batch) {
    this.maxStates = maxStates;
    this.loader = loader;
    this.batch = batch;
  }

  /** Reads all of {@code keys} that are not here, at once. */
  public void require(Collection<K> keys) {
    List<K> missing = keys.stream().filter(key -> !states.containsKey(key)).distinct().toList();
    if (!missing.isEmpty()) {
      states.putAll(loader.load(missing));
    }
  }

  /** The state of {@code key}, what the open batch did to it included. */
  public S get(K key) {
    S state = states.get(key);
    if (state == null) {
      require(List.of(key));
      state = states.get(key);
      if (state == null) {
        throw new IllegalStateException("the loader gave no state for " + key);
      }
    }
    return state;
  }

  /** The state of {@code key} from now on, unless the batch takes it back. */
  public void put(K key, S state) {
    S before = states.put(key, state);
    changed.add(key);
    batch.onUndo(
        () -> {
          if (before == null) {
            states.remove(key);
          } else {
            states.put(key, before);
          }
        });
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
    int tooMany = states.size() - maxStates;
    Iterator<K> eldest = states.keySet().iterator();
    while (tooMany > 0 && eldest.hasNext()) {
      K key = eldest.next();
      if (!underCommit.contains(key) && !changed.contains(key)) {
        eldest.remove();
        tooMany--;
      }
    }
  }

  /** Forgets everything: what PostgreSQL holds is the truth. */
  void forget() {
    states.clear();
    changed.clear();
    underCommit.clear();
  }
}
