package io.bincard.reconciliation.stored;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.reconciliation.stored.SnapshotReader.UnknownFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A list of small texts and numbers in one piece, as Redis keeps small values: a header, then of
 * each entry its kind and length, itself, and its length again, to be read from the other end.
 */
final class PackedList {

  private static final int HEADER = 6;
  private static final int END = 0xff;
  private static final int BYTE = 0xff;

  private PackedList() {}

  /**
   * All entries of the list between {@code from} and {@code to}, numbers as text.
   *
   * @throws UnknownFormatException if it is none
   * @throws IndexOutOfBoundsException if it is longer than what is there
   */
  static List<String> entries(byte[] list, int from, int to) {
    List<String> entries = new ArrayList<>();
    int at = from + HEADER;
    for (int first = first(list, at, to); first != END; first = first(list, at, to)) {
      int begin = at + 1;
      int size = 0;
      Long number = null;
      if (first < 0x80) {
        number = (long) first;
      } else if (first < 0xc0) {
        size = first & 0x3f;
      } else if (first < 0xe0) {
        size = 1;
        number = (long) ((((first & 0x1f) << Byte.SIZE) | (list[begin] & BYTE)) << 19 >> 19);
      } else if (first < 0xf0) {
        begin = at + 2;
        size = ((first & 0xf) << Byte.SIZE) | (list[at + 1] & BYTE);
      } else if (first == 0xf0) {
        begin = at + 5;
        size = (int) number(list, at + 1, Integer.BYTES);
      } else if (first <= 0xf4) {
        size = first == 0xf4 ? Long.BYTES : first - 0xf1 + 2;
        number = number(list, begin, size);
      } else {
        throw new UnknownFormatException("a list with an entry of kind " + first);
      }
      entries.add(number == null ? new String(list, begin, size, UTF_8) : number.toString());
      at = begin + size + bytesOf(begin + size - at);
    }
    return entries;
  }

  private static int first(byte[] list, int at, int to) {
    return list[Objects.checkIndex(at, to)] & BYTE;
  }

  /** A number with a sign, its lowest byte first. */
  static long number(byte[] bytes, int from, int count) {
    long number = bytes[from + count - 1];
    for (int i = from + count - 2; i >= from; i--) {
      number = (number << Byte.SIZE) | (bytes[i] & BYTE);
    }
    return number;
  }

  /** How many bytes a length takes, 7 bits in each. */
  private static int bytesOf(int length) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(length);
    return (bits + 6) / 7;
  }
}
