package io.bincard.reconciliation.expected;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the views must say.
 *
 * <p>Every method throws {@code DataAccessException} if the tables cannot be read.
 */
public interface Expectations {

  /** Buckets that keys fall into; what a sweep compares and remembers at once. */
  int BUCKETS = 1_024;

  /** The position up to which every event is folded. */
  long position();

  /**
   * The rows of {@code keys} that there must be, each as of {@link #position()} at the time of the
   * call or later; a key that is not in the answer must have no row.
   */
  Map<String, ExpectedRow> find(Collection<String> keys);

  /** All rows as they must be at one position. To be closed. */
  Cut cut();

  /** All rows at one position. Used by one thread. */
  interface Cut extends AutoCloseable {

    long position();

    /** Gives the rows of the buckets from {@code from} up to but without {@code to}. */
    void each(int from, int to, Consumer<ExpectedRow> rows);

    @Override
    void close();
  }
}
