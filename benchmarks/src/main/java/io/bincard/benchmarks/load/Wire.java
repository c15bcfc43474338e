package io.bincard.benchmarks.load;

import java.nio.ByteBuffer;

/** What goes over a connection, one request and its response after the other. */
public interface Wire {

  /** {@link #read} when the response is not complete. */
  int INCOMPLETE = -1;

  /** Pieces of work in one request. */
  default int pieces() {
    return 1;
  }

  /** Puts request {@code number} into {@code out}. */
  void write(long number, ByteBuffer out);

  /**
   * How many pieces of work the response in the first {@code length} bytes of {@code in} says were
   * done, or {@link #INCOMPLETE}.
   */
  int read(byte[] in, int length);

  /** Whether that response refuses, at once and for now, because there is too much to do. */
  default boolean refuses(byte[] in, int length) {
    return false;
  }

  /** Whether the server said in that response that it closes the connection. */
  default boolean closes(byte[] in, int length) {
    return false;
  }
}
