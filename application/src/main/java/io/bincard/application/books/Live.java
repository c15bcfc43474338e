package io.bincard.application.books;

import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.StreamStates;

/**
 * States of one kind.
 *
 * @param states in the writer's memory, for its thread alone
 * @param stored as the journal has them, for any thread
 * @param streamType what their streams are called in the journal
 */
public record Live<K, S>(LiveStates<K, S> states, StreamStates<K, S> stored, String streamType) {

  /** The state of {@code key}, what the open batch did to it included; for the writer's thread. */
  public S get(K key) {
    return states.get(key);
  }
}
