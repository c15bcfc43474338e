package io.bincard.application.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/**
 * One column of many rows, as the binary array that PostgreSQL reads: filled row by row, ready to
 * be sent at any time. Used by one thread.
 */
public final class ArrayColumn {

  /** What the elements are, and what an array of them is, to PostgreSQL. */
  enum Type {
    TEXT(Oid.TEXT, Oid.TEXT_ARRAY),
    BIGINT(Oid.INT8, Oid.INT8_ARRAY),
    SMALLINT(Oid.INT2, Oid.INT2_ARRAY),
    BYTEA(Oid.BYTEA, Oid.BYTEA_ARRAY);

    private final int element;
    private final int array;

    Type(int element, int array) {
      this.element = element;
      this.array = array;
    }
  }

  /** Dimensions, whether there are nulls, the elements' type; length and lower bound follow. */
  private static final int HEADER = 3 * Integer.BYTES;

  private static final int DIMENSION = 2 * Integer.BYTES;
  private static final int BEGIN = HEADER + DIMENSION;

  private static final int FIRST_ROWS = 64;
  private static final int FIRST_BYTES = 1_024;
  private static final int NULL = -1;

  private final Type type;
  private ByteBuffer elements = ByteBuffer.allocate(FIRST_BYTES).position(BEGIN);

  /** Where each row begins. */
  private int[] begins = new int[FIRST_ROWS];

  private int rows;
  private boolean anyNull;

  private ArrayColumn(Type type) {
    this.type = type;
  }

  /** An empty {@code text[]}, for {@link #addText}. */
  public static ArrayColumn ofTexts() {
    return new ArrayColumn(Type.TEXT);
  }

  /** An empty {@code bigint[]}, for {@link #addNumber}. */
  public static ArrayColumn ofNumbers() {
    return new ArrayColumn(Type.BIGINT);
  }

  /** An empty {@code smallint[]}, for {@link #addSmallNumber}. */
  public static ArrayColumn ofSmallNumbers() {
    return new ArrayColumn(Type.SMALLINT);
  }

  /** An empty {@code bytea[]}, for {@link #addBytes}. */
  public static ArrayColumn ofBytes() {
    return new ArrayColumn(Type.BYTEA);
  }

  public void addText(@Nullable String value) {
    require(Type.TEXT);
    if (value == null) {
      anyNull = true;
      begin(0).putInt(NULL);
    } else {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      begin(utf8.length).putInt(utf8.length).put(utf8);
    }
  }

  public void addNumber(long value) {
    require(Type.BIGINT);
    begin(Long.BYTES).putInt(Long.BYTES).putLong(value);
  }

  /**
   * Adds {@code value} as two bytes.
   *
   * @throws ArithmeticException if {@code value} is no smallint
   */
  public void addSmallNumber(int value) {
    require(Type.SMALLINT);
    short small = (short) value;
    if (small != value) {
      throw new ArithmeticException(value + " is no smallint");
    }
    begin(Short.BYTES).putInt(Short.BYTES).putShort(small);
  }

  public void addBytes(byte[] value) {
    require(Type.BYTEA);
    begin(value.length).putInt(value.length).put(value);
  }

  /** Forgets all rows but the first {@code kept}. */
  public void truncate(int kept) {
    if (kept < rows) {
      elements.position(begins[kept]);
      rows = kept;
    }
  }

  public int rows() {
    return rows;
  }

  /** The object id of the array's type. */
  int arrayType() {
    return type.array;
  }

  byte[] toBytes() {
    if (rows == 0) {
      return ByteBuffer.allocate(HEADER).putInt(0).putInt(0).putInt(type.element).array();
    }
    byte[] array = Arrays.copyOf(elements.array(), elements.position());
    ByteBuffer.wrap(array)
        .putInt(1)
        .putInt(anyNull ? 1 : 0)
        .putInt(type.element)
        .putInt(rows)
        .putInt(1);
    return array;
  }

  private void require(Type added) {
    if (added != type) {
      throw new IllegalStateException("a " + added + " is no element of a column of " + type);
    }
  }

  private ByteBuffer begin(int length) {
    if (rows == begins.length) {
      begins = Arrays.copyOf(begins, 2 * rows);
    }
    begins[rows++] = elements.position();
    int needed = Math.addExact(elements.position(), Integer.BYTES + length);
    if (needed > elements.capacity()) {
      byte[] larger = Arrays.copyOf(elements.array(), Math.max(needed, 2 * elements.capacity()));
      elements = ByteBuffer.wrap(larger).position(elements.position());
    }
    return elements;
  }
}
