package io.bincard.application.writer;

/**
 * A state that a command moved.
 *
 * @param states where such states come from
 */
public record Moved<K, S>(StreamStates<K, S> states, K key, S before, S after) {

  /** The move is committed. */
  public void committed() {
    states.committed(key, before, after);
  }
}
