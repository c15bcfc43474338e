package io.bincard.projections.filling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states that a fold remembers, so that it need not read a row to fold the next event. Between
 * two turns it keeps a given number, the ones not used for longest leaving first; within a turn all
 * that it touched.
 */
public final class Remembered<K, S> {

  private final int limit;
  private final Map<K, Known<K, S>> states;
  private final List<Known<K, S>> touched = new ArrayList<>();

  /**
   * @param limit states that are kept between two turns; {@link View#EVERYTHING} for no limit
   */
  public Remembered(int limit) {
    this.limit = limit;
    // Without a limit nobody asks which was used last, and each use is told at the price of three.
    this.states = limit == View.EVERYTHING ? new HashMap<>() : new LinkedHashMap<>(16, 0.75f, true);
  }

  /** A state and a position up to which no event of it is missing. */
  public static final class Known<K, S> {
    private final K key;
    private S state;
    private long position;
    private boolean isTouched;

    private Known(K key, S state, long position) {
      this.key = key;
      this.state = state;
      this.position = position;
    }

    public S state() {
      return state;
    }

    public long position() {
      return position;
    }
  }

  /** Takes rows that are to be written. */
  public interface Rows<K, S> {
    void row(K key, S state, long position);
  }

  public @Nullable Known<K, S> get(K key) {
    return states.get(key);
  }

  /** Remembers what was stored before. */
  public Known<K, S> recall(K key, S state, long position) {
    Known<K, S> known = new Known<>(key, state, position);
    states.put(key, known);
    return known;
  }

  /** {@code known} has become {@code state}, which lacks nothing up to {@code position}. */
  public void touch(Known<K, S> known, S state, long position) {
    known.state = state;
    known.position = Math.max(known.position, position);
    if (!known.isTouched) {
      known.isTouched = true;
      touched.add(known);
    }
  }

  /** Gives what was touched to {@code rows} and ends the turn. */
  public void drain(Rows<K, S> rows) {
    for (Known<K, S> known : touched) {
      known.isTouched = false;
      rows.row(known.key, known.state, known.position);
    }
    touched.clear();
    Iterator<K> eldest = states.keySet().iterator();
    for (int left = states.size() - limit; left > 0; left--) {
      eldest.next();
      eldest.remove();
    }
  }

  public int size() {
    return states.size();
  }

  public void clear() {
    states.clear();
    touched.clear();
  }
}
