package io.bincard.application.discount;

import io.bincard.application.writer.StreamStates;

/** A state that moved. */
record Moved<K, S>(StreamStates<K, S> states, K key, S before, S after) {
  void committed() {
    states.committed(key, before, after);
  }
}
