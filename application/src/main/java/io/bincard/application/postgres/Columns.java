package io.bincard.application.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;

/**
 * Binds the parameters of one statement from left to right. Many rows go as one array a column, in
 * binary: one statement for any number of rows.
 */
public final class Columns {

  private final PreparedStatement statement;
  private final BaseConnection connection;
  private int next = 1;

  public Columns(PreparedStatement statement) throws SQLException {
    this.statement = statement;
    this.connection = statement.getConnection().unwrap(BaseConnection.class);
  }

  public void number(long value) throws SQLException {
    statement.setLong(next++, value);
  }

  public void text(String value) throws SQLException {
    statement.setString(next++, value);
  }

  public void array(ArrayColumn column) throws SQLException {
    statement.setArray(next++, new PgArray(connection, column.arrayType(), column.toBytes()));
  }

  /** A {@code text[]}. */
  public <T> void texts(List<T> rows, Function<T, @Nullable String> column) throws SQLException {
    ArrayColumn texts = ArrayColumn.ofTexts();
    rows.forEach(row -> texts.addText(column.apply(row)));
    array(texts);
  }

  /** A {@code bigint[]}. */
  public <T> void numbers(List<T> rows, ToLongFunction<T> column) throws SQLException {
    ArrayColumn numbers = ArrayColumn.ofNumbers();
    rows.forEach(row -> numbers.addNumber(column.applyAsLong(row)));
    array(numbers);
  }
}
