package io.bincard.reconciliation.expected;

import java.sql.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcUtils;

/** What the views must say, out of the tables {@code expected_…}. May be asked by any thread. */
public final class PostgresExpectations implements Expectations {

  /** Rows that a cut has in memory at once. */
  private static final int FETCHED = 2_000;

  private static final String OF_BUCKETS = "where bucket >= ? and bucket < ?";

  private final DataSource dataSource;
  private final JdbcTemplate jdbc;

  public PostgresExpectations(DataSource dataSource) {
    this.dataSource = dataSource;
    this.jdbc = new JdbcTemplate(dataSource);
  }

  @Override
  public long position() {
    return position(jdbc);
  }

  private static long position(JdbcTemplate jdbc) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select position from expected_head", Long.class));
  }

  @Override
  public Map<String, ExpectedRow> find(Collection<String> keys) {
    Map<String, ExpectedRow> found = HashMap.newHashMap(keys.size());
    List<String> items = keys.stream().filter(TableRows::isItem).toList();
    List<String> others = keys.stream().filter(key -> !TableRows.isItem(key)).toList();
    if (!items.isEmpty()) {
      jdbc.query(
          TableRows.ITEMS + TableRows.OF_KEYS,
          TableRows.keys(items),
          item(row -> found.put(row.key(), row)));
    }
    if (!others.isEmpty()) {
      jdbc.query(
          TableRows.OTHERS + TableRows.OF_KEYS,
          TableRows.keys(others),
          other(row -> found.put(row.key(), row)));
    }
    return found;
  }

  private static RowCallbackHandler item(Consumer<ExpectedRow> rows) {
    return row -> rows.accept(TableRows.item(row).expected());
  }

  private static RowCallbackHandler other(Consumer<ExpectedRow> rows) {
    return row -> rows.accept(TableRows.other(row).expected());
  }

  @Override
  public Cut cut() {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    JdbcTemplate snapshot = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    snapshot.setFetchSize(FETCHED);
    try {
      snapshot.execute(
          (Connection one) -> {
            one.setAutoCommit(false);
            one.setReadOnly(true);
            one.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return one;
          });
      return new Snapshot(connection, snapshot, position(snapshot));
    } catch (RuntimeException e) {
      JdbcUtils.closeConnection(connection);
      throw e;
    }
  }

  /**
   * All rows as one transaction sees them. While it is open PostgreSQL keeps every version of a row
   * that it may still ask for.
   */
  private record Snapshot(Connection connection, JdbcTemplate jdbc, long position) implements Cut {

    @Override
    public void each(int from, int to, Consumer<ExpectedRow> rows) {
      jdbc.query(TableRows.ITEMS + OF_BUCKETS, item(rows), from, to);
      jdbc.query(TableRows.OTHERS + OF_BUCKETS, other(rows), from, to);
    }

    @Override
    public void close() {
      // The pool ends the transaction and sets the connection back.
      JdbcUtils.closeConnection(connection);
    }
  }
}
