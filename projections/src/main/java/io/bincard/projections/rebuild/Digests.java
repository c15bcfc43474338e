package io.bincard.projections.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.projections.viewstore.ViewRow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Of every row that was written, 64 bits of its key and 64 of its content: what is read back is
 * held against them. Some 27 bytes a row, in an open hash table without objects.
 */
final class Digests {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EPOCH_HASH = hash("epoch".getBytes(UTF_8));
  private static final long VERSION_HASH = hash("version".getBytes(UTF_8));
  private static final int FIRST_CAPACITY = 1 << 12;

  private long[] keys = new long[FIRST_CAPACITY];
  private long[] contents = new long[FIRST_CAPACITY];
  private boolean[] seen = new boolean[FIRST_CAPACITY];
  private int size;

  /** How a row that was read back stands to the one that was written. */
  enum Finding {
    SAME,
    /** Read before; such a look finds nothing new. */
    AGAIN,
    OTHER,
    /** None was written under that key. */
    UNKNOWN
  }

  /** Of the content of {@code row}. */
  static long of(ViewRow row) {
    long[] sum = {field(VERSION_HASH, Long.toString(row.version()).getBytes(UTF_8))};
    row.each((field, value) -> sum[0] += field(hash(field.getBytes(UTF_8)), value));
    return sum[0];
  }

  /** Of the content of a row as it is stored, field and value in turn. */
  static long of(List<byte[]> stored) {
    long sum = 0;
    for (int i = 0; i < stored.size(); i += 2) {
      long name = hash(stored.get(i));
      if (name != EPOCH_HASH) {
        sum += field(name, stored.get(i + 1));
      }
    }
    return sum;
  }

  /** A field counts wherever it stands; so the sum of them is the row's. */
  private static long field(long name, byte[] value) {
    return mixed(name ^ Long.rotateLeft(hash(value), 17));
  }

  private static long hash(byte[] bytes) {
    long hash = 0x9e3779b97f4a7c15L ^ bytes.length;
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      hash = mixed(hash ^ (long) WORD.get(bytes, at));
    }
    long rest = 0;
    for (; at < bytes.length; at++) {
      rest = rest << Byte.SIZE | (bytes[at] & 0xff);
    }
    return mixed(hash ^ rest);
  }

  /** As by SplitMix64. */
  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** Notes a row; says whether there was none of its key. */
  boolean put(String key, long content) {
    if (size > keys.length / 5 * 3) {
      grow();
    }
    int slot = slot(keyOf(key));
    boolean isNew = keys[slot] == 0;
    if (isNew) {
      keys[slot] = keyOf(key);
      size++;
    }
    contents[slot] = content;
    return isNew;
  }

  Finding find(String key, long content) {
    int slot = slot(keyOf(key));
    if (keys[slot] == 0) {
      return Finding.UNKNOWN;
    }
    if (seen[slot]) {
      return Finding.AGAIN;
    }
    seen[slot] = true;
    return contents[slot] == content ? Finding.SAME : Finding.OTHER;
  }

  /** Whether the row of {@code key} is as it was written. */
  boolean has(String key, long content) {
    int slot = slot(keyOf(key));
    return keys[slot] != 0 && contents[slot] == content;
  }

  int size() {
    return size;
  }

  private static long keyOf(String key) {
    long hash = hash(key.getBytes(UTF_8));
    return hash == 0 ? 1 : hash;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key >>> Integer.SIZE) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldContents = contents;
    keys = new long[oldKeys.length * 2];
    contents = new long[oldKeys.length * 2];
    seen = new boolean[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        contents[slot] = oldContents[i];
      }
    }
  }
}
