package io.bincard.projections.push.wire;

import java.util.Arrays;

/** Where the frames of one flush of one connection are put together; one for all connections. */
public final class Scratch {

  /** What is given to the network at once; a client that takes less is not ready. */
  private static final int FULL = 16 * 1_024;

  private byte[] bytes = new byte[2 * FULL];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size >= FULL;
  }

  void add(byte[] more) {
    if (size + more.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (size + more.length));
    }
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  void clear() {
    size = 0;
  }
}
