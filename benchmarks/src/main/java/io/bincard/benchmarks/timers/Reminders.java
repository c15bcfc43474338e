package io.bincard.benchmarks.timers;

import java.util.function.IntConsumer;

/** One way to be told of keys, each at its instant. */
interface Reminders extends AutoCloseable {

  /** Made with what is told, by a thread of the reminders. */
  interface Make {
    Reminders of(IntConsumer told) throws Exception;
  }

  /** Tells of {@code key} when {@link System#nanoTime} is {@code at}; once for each key. */
  void set(int key, long at);

  /** The same for many keys, in the way that is best for many. */
  default void setAll(int first, long[] at) {
    for (int i = 0; i < at.length; i++) {
      set(first + i, at[i]);
    }
  }

  /** Does not tell of {@code key} any more. */
  void cancel(int key);

  @Override
  void close();
}
