package io.bincard.application.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Binds the parameters of one statement from left to right. Many rows go as one array a column,
 * which the driver sends in binary: one statement for any number of rows.
 */
public final class Columns {

  private final PreparedStatement statement;
  private final PGConnection connection;
  private int next = 1;

  public Columns(PreparedStatement statement) throws SQLException {
    this.statement = statement;
    this.connection = statement.getConnection().unwrap(PGConnection.class);
  }

  public void number(long value) throws SQLException {
    statement.setLong(next++, value);
  }

  public void text(String value) throws SQLException {
    statement.setString(next++, value);
  }

  /** A {@code text[]}. */
  public <T> void texts(List<T> rows, Function<T, @Nullable String> column) throws SQLException {
    @Nullable String[] values = new String[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    array("text", values);
  }

  /** A {@code bigint[]}. */
  public <T> void numbers(List<T> rows, ToLongFunction<T> column) throws SQLException {
    long[] values = new long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsLong(rows.get(i));
    }
    array("int8", values);
  }

  /** A {@code smallint[]}. */
  public <T> void smallNumbers(List<T> rows, ToIntFunction<T> column) throws SQLException {
    short[] values = new short[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) column.applyAsInt(rows.get(i));
    }
    array("int2", values);
  }

  /** A {@code bytea[]}. */
  public <T> void bytes(List<T> rows, Function<T, byte[]> column) throws SQLException {
    byte[][] values = new byte[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    array("bytea", values);
  }

  private void array(String type, Object values) throws SQLException {
    statement.setArray(next++, connection.createArrayOf(type, values));
  }
}
