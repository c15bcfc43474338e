package io.bincard.reconciliation.stored;

/** The compression of strings in snapshots: runs of bytes, and repetitions of what was before. */
final class Lzf {

  private static final int LONGEST_RUN = 1 << 5;
  private static final int LONG_REPETITION = 7;
  private static final int SHORTEST_REPETITION = 2;
  private static final int BYTE = 0xff;

  private Lzf() {}

  /**
   * Fills {@code whole} with what is packed between {@code from} and {@code to}.
   *
   * @throws IndexOutOfBoundsException if that is something else
   */
  static void unpack(byte[] packed, int from, int to, byte[] whole) {
    int at = from;
    int out = 0;
    while (at < to) {
      int control = packed[at++] & BYTE;
      if (control < LONGEST_RUN) {
        System.arraycopy(packed, at, whole, out, control + 1);
        at += control + 1;
        out += control + 1;
      } else {
        int length = control >> 5;
        if (length == LONG_REPETITION) {
          length += packed[at++] & BYTE;
        }
        int back = out - (((control & 0x1f) << Byte.SIZE) | (packed[at++] & BYTE)) - 1;
        for (int left = length + SHORTEST_REPETITION; left > 0; left--) {
          whole[out++] = whole[back++];
        }
      }
    }
  }
}
