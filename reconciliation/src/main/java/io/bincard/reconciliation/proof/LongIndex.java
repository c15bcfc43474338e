package io.bincard.reconciliation.proof;

import java.util.Arrays;

/**
 * Numbers different longs in the order in which they come, from 0 on, and finds the number of each
 * again; what belongs to a long stands in arrays under its number. Some 15 bytes a long.
 */
final class LongIndex {

  /** The number of a long that has none. */
  static final int NONE = -1;

  private static final int FIRST_SIZE = 64;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private long[] values = new long[FIRST_SIZE];

  /** A number and one; 0 where there is none. Twice as many as longs at least. */
  private int[] slots = new int[2 * FIRST_SIZE];

  private int size;

  int size() {
    return size;
  }

  /** How many numbers there may be until arrays have to grow. */
  int capacity() {
    return values.length;
  }

  long value(int number) {
    return values[number];
  }

  /** {@link #NONE} if it has none. */
  int find(long value) {
    return slots[slot(value)] - 1;
  }

  /** The number of {@code value}, a new one if it had none. */
  int add(long value) {
    int slot = slot(value);
    if (slots[slot] == 0) {
      if (size == values.length) {
        grow();
        slot = slot(value);
      }
      values[size] = value;
      slots[slot] = ++size;
    }
    return slots[slot] - 1;
  }

  /** Where it stands, or where it may. */
  private int slot(long value) {
    int slot = first(value);
    while (slots[slot] != 0 && values[slots[slot] - 1] != value) {
      slot = slot + 1 == slots.length ? 0 : slot + 1;
    }
    return slot;
  }

  private int first(long value) {
    long bits = (value * SPREAD) >>> Integer.SIZE;
    return (int) ((bits * slots.length) >>> Integer.SIZE);
  }

  private void grow() {
    values = Arrays.copyOf(values, values.length + values.length / 2);
    slots = new int[2 * values.length];
    for (int i = 0; i < size; i++) {
      slots[slot(values[i])] = i + 1;
    }
  }
}
