package io.bincard.reconciliation.expected;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.springframework.jdbc.core.PreparedStatementSetter;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How the rows of the tables {@code expected_…} are asked for and read. */
final class TableRows {

  static final String ITEMS =
      "select key, version, position, on_hand, reserved, lapses, safety_stock, backorder_limit,"
          + " frozen from expected_item ";

  static final String OTHERS = "select key, version, position, fields from expected_row ";

  /** To go on {@link #ITEMS} or {@link #OTHERS}, with {@link #keys}. */
  static final String OF_KEYS =
      "join unnest(?::smallint[], ?::text[]) as wanted(bucket, key) using (bucket, key)";

  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

  private TableRows() {}

  /** A row of {@link #OTHERS}. */
  record Other(String key, long version, long position, Map<String, String> fields) {

    ExpectedRow expected() {
      return new ExpectedRow(
          key,
          version,
          position,
          fields,
          isHold() ? ExpectedHold.sets(fields) : ExpectedSku.sets(fields));
    }

    Expected state() {
      return isHold()
          ? ExpectedHold.of(fields, version, position)
          : new ExpectedSku(key, fields, version, position);
    }

    private boolean isHold() {
      return key.startsWith(ExpectedHold.PREFIX);
    }
  }

  /** Whether the row of {@code key} is in {@link #ITEMS}. */
  static boolean isItem(String key) {
    return key.startsWith(ItemRow.PREFIX);
  }

  static ItemRow item(ResultSet row) throws SQLException {
    return new ItemRow(
        row.getString(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getString(6),
        row.getLong(7),
        row.getLong(8),
        row.getBoolean(9));
  }

  static Other other(ResultSet row) throws SQLException {
    return new Other(
        row.getString(1), row.getLong(2), row.getLong(3), JSON.readValue(row.getString(4), FIELDS));
  }

  static String json(Map<String, String> fields) {
    return JSON.writeValueAsString(fields);
  }

  static PreparedStatementSetter keys(Collection<String> keys) {
    return arrays(buckets(keys), keys.toArray(String[]::new));
  }

  static short[] buckets(Collection<String> keys) {
    short[] buckets = new short[keys.size()];
    int i = 0;
    for (String key : keys) {
      buckets[i++] = (short) Buckets.of(key);
    }
    return buckets;
  }

  /**
   * The parameters of a statement, an array each.
   *
   * @param columns of a kind that PostgreSQL's driver makes an array of
   */
  static PreparedStatementSetter arrays(Object... columns) {
    return statement -> {
      for (int i = 0; i < columns.length; i++) {
        statement.setObject(i + 1, columns[i]);
      }
    };
  }
}
