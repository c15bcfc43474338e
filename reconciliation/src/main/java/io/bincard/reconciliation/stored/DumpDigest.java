package io.bincard.reconciliation.stored;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The checksum that Redis puts at the end of a {@code DUMP}: CRC-64 with the polynomial of Jones,
 * reflected, from 0; eight bytes at a time.
 */
final class DumpDigest {

  private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L;
  private static final int BYTES = 8;
  private static final int VALUES = 256;
  private static final int LOW = VALUES - 1;
  private static final long[][] TABLES = new long[BYTES][VALUES];
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static {
    for (int i = 0; i < VALUES; i++) {
      long crc = i;
      for (int bit = 0; bit < BYTES; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
      }
      TABLES[0][i] = crc;
    }
    for (int table = 1; table < BYTES; table++) {
      for (int i = 0; i < VALUES; i++) {
        TABLES[table][i] = with(TABLES[table - 1][i], 0);
      }
    }
  }

  private DumpDigest() {}

  /** The checksum of what {@code crc} is the checksum of and a byte behind it. */
  static long with(long crc, int next) {
    return TABLES[0][(int) (crc ^ next) & LOW] ^ (crc >>> BYTES);
  }

  /** The checksum of what {@code crc} is the checksum of and some bytes behind it. */
  static long with(long crc, byte[] bytes, int from, int to) {
    long sum = crc;
    int at = from;
    for (; at <= to - BYTES; at += BYTES) {
      long word = sum ^ (long) LONGS.get(bytes, at);
      sum = 0;
      for (int table = BYTES - 1; table >= 0; table--) {
        sum ^= TABLES[table][(int) word & LOW];
        word >>>= BYTES;
      }
    }
    for (; at < to; at++) {
      sum = with(sum, bytes[at]);
    }
    return sum;
  }
}
