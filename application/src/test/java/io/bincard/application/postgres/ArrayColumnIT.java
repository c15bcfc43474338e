package io.bincard.application.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL reads of what a column wrote. */
class ArrayColumnIT {

  private EmptyLedger ledger;
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    ledger = new EmptyLedger();
    connection = ledger.dataSource().getConnection();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    ledger.close();
  }

  @Test
  void texts_come_out_as_they_went_in() throws SQLException {
    List<@Nullable String> texts =
        Arrays.asList("", "plain", null, "{a,\"b\"}", "ünï©ødé", "🛒", "x".repeat(5_000), "\t\n\\");
    ArrayColumn column = ArrayColumn.ofTexts();
    texts.forEach(column::addText);

    assertThat(read("text", column)).isEqualTo(texts);
  }

  @Test
  void numbers_keep_their_signs_and_their_limits() throws SQLException {
    ArrayColumn numbers = ArrayColumn.ofNumbers();
    List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE).forEach(numbers::addNumber);
    ArrayColumn small = ArrayColumn.ofSmallNumbers();
    List.of(0, -1, 32_767, -32_768).forEach(small::addSmallNumber);

    assertThat(read("bigint", numbers))
        .containsExactly("0", "-1", "9223372036854775807", "-9223372036854775808");
    assertThat(read("smallint", small)).containsExactly("0", "-1", "32767", "-32768");
    assertThatThrownBy(() -> small.addSmallNumber(32_768)).hasMessage("32768 is no smallint");
  }

  @Test
  void bytes_come_out_as_they_went_in() throws SQLException {
    ArrayColumn bytes = ArrayColumn.ofBytes();
    bytes.addBytes(new byte[] {0, -1, 127, -128});
    bytes.addBytes(new byte[0]);

    assertThat(read("bytea", bytes)).containsExactly("\\x00ff7f80", "\\x");
  }

  @Test
  void a_column_without_rows_is_an_empty_array() throws SQLException {
    assertThat(read("text", ArrayColumn.ofTexts())).isEmpty();
  }

  @Test
  void many_rows_grow_it_and_forgotten_ones_leave_no_trace() throws SQLException {
    ArrayColumn column = ArrayColumn.ofTexts();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      kept.add("row " + i);
      column.addText("row " + i);
    }
    column.addText(null);
    column.addText("forgotten");

    column.truncate(1_000);
    column.addText("last");
    kept.add("last");

    assertThat(column.rows()).isEqualTo(1_001);
    assertThat(read("text", column)).isEqualTo(kept);
  }

  @Test
  void a_value_of_another_type_is_refused() {
    assertThatThrownBy(() -> ArrayColumn.ofTexts().addNumber(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a BIGINT is no element of a column of TEXT");
  }

  /** Seven times, for the driver and PostgreSQL treat a statement that returns in other ways. */
  private List<@Nullable String> read(String type, ArrayColumn column) throws SQLException {
    List<@Nullable String> first = readOnce(type, column);
    for (int i = 0; i < 6; i++) {
      assertThat(readOnce(type, column)).isEqualTo(first);
    }
    return first;
  }

  private List<@Nullable String> readOnce(String type, ArrayColumn column) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select value::text from unnest(?::"
                + type
                + "[]) with ordinality as a (value, n) order by n")) {
      new Columns(statement).array(column);
      List<@Nullable String> values = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    }
  }
}
