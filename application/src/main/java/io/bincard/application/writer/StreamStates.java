package io.bincard.application.writer;

import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.application.snapshots.StreamFold.Folded;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/** States of one kind as the journal has them, many at once. */
public final class StreamStates<K, S> implements LiveStates.Loader<K, S> {

  private final StreamFold<S> fold;
  private final Function<K, String> stream;
  private final S unborn;
  private final ToLongBiFunction<K, S> bytes;

  /**
   * The states that {@code fold} makes of the streams of keys.
   *
   * @param unborn the state of a key whose stream has no event
   * @param bytes what a key and a state take of the heap
   */
  public StreamStates(
      StreamFold<S> fold, Function<K, String> stream, S unborn, ToLongBiFunction<K, S> bytes) {
    this.fold = fold;
    this.stream = stream;
    this.unborn = unborn;
    this.bytes = bytes;
  }

  @Override
  public Map<K, S> load(Collection<K> keys) {
    Folded<S> folded = fold.load(keys.stream().map(stream).toList());
    Map<K, S> states = HashMap.newHashMap(keys.size());
    for (K key : keys) {
      if (!folded.unreadable().containsKey(stream.apply(key))) {
        states.put(key, stateOf(key, folded));
      }
    }
    return states;
  }

  @Override
  public S load(K key) {
    Folded<S> folded = fold.load(List.of(stream.apply(key)));
    UnreadableStreamException unreadable = folded.unreadable().get(stream.apply(key));
    if (unreadable != null) {
      throw unreadable;
    }
    return stateOf(key, folded);
  }

  private S stateOf(K key, Folded<S> folded) {
    return folded.states().getOrDefault(stream.apply(key), unborn);
  }

  @Override
  public long bytes(K key, S state) {
    return bytes.applyAsLong(key, state);
  }

  /** {@code key} has moved from {@code before} to {@code after}, and that is committed. */
  public void committed(K key, S before, S after) {
    fold.committed(stream.apply(key), before, after);
  }
}
