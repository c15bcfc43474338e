package io.bincard.reconciliation.decoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PgOutputTest {

  private static final int JOURNAL = 16_400;

  private final List<String> told = new ArrayList<>();
  private final PgOutput output =
      new PgOutput(
          "main",
          new PgOutput.Reader() {
            @Override
            public void event(long position, String stream, long sequence) {
              told.add(position + " " + stream + " " + sequence);
            }

            @Override
            public void committed(long end) {
              told.add("committed " + end);
            }
          });

  /** Writes a message. */
  private interface Content {
    void write(DataOutputStream to) throws IOException;
  }

  /** As the driver gives it: not from the beginning of an array. */
  private void take(Content content) throws SQLException, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream to = new DataOutputStream(bytes);
    to.writeLong(7); // the driver's own
    content.write(to);
    ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
    whole.getLong();
    output.take(whole.slice());
  }

  private static void string(DataOutputStream to, String text) throws IOException {
    to.write(text.getBytes(UTF_8));
    to.write(0);
  }

  private void relation(int id, String schema, String table, String... columns)
      throws SQLException, IOException {
    take(
        to -> {
          to.write('R');
          to.writeInt(id);
          string(to, schema);
          string(to, table);
          to.write('d');
          to.writeShort(columns.length);
          for (String column : columns) {
            to.write(0);
            string(to, column);
            to.writeInt(20);
            to.writeInt(-1);
          }
        });
  }

  private void insert(int id, String... values) throws SQLException, IOException {
    take(
        to -> {
          to.write('I');
          to.writeInt(id);
          to.write('N');
          to.writeShort(values.length);
          for (String value : values) {
            if (value.isEmpty()) {
              to.write('n');
            } else {
              byte[] text = value.getBytes(UTF_8);
              to.write('t');
              to.writeInt(text.length);
              to.write(text);
            }
          }
        });
  }

  @Test
  void inserts_and_commits_are_told_in_their_order() throws Exception {
    take(
        to -> {
          to.write('B');
          to.writeLong(1);
          to.writeLong(2);
          to.writeInt(3);
        });
    relation(JOURNAL, "main", "event_journal", "position", "stream", "sequence");
    insert(JOURNAL, "12345678901", "stock:TASSE-Ä@MAIN", "0");
    insert(JOURNAL, "12345678902", "hold:1", "17");
    take(
        to -> {
          to.write('C');
          to.write(0);
          to.writeLong(100);
          to.writeLong(108);
          to.writeLong(3);
        });

    assertThat(told)
        .containsExactly(
            "12345678901 stock:TASSE-Ä@MAIN 0", "12345678902 hold:1 17", "committed 108");
  }

  @Test
  void columns_are_known_by_their_names() throws Exception {
    relation(
        JOURNAL, "main", "event_journal", "sequence", "type", "revision", "stream", "position");
    insert(JOURNAL, "4", "stock-deducted", "", "stock:A@MAIN", "9");

    assertThat(told).containsExactly("9 stock:A@MAIN 4");
  }

  @Test
  void other_tables_and_other_ledgers_are_passed_over() throws Exception {
    relation(JOURNAL + 1, "other", "event_journal", "position", "stream", "sequence");
    insert(JOURNAL + 1, "1", "stock:A@MAIN", "0");
    relation(JOURNAL + 2, "main", "stream", "stream", "born_position");
    insert(JOURNAL + 2, "stock:A@MAIN", "1");
    relation(JOURNAL, "main", "event_journal", "position", "stream", "sequence");
    insert(JOURNAL + 1, "1", "stock:A@MAIN", "0");
    insert(JOURNAL, "1", "stock:A@MAIN", "0");

    assertThat(told).containsExactly("1 stock:A@MAIN 0");
  }

  @Test
  void what_cannot_be_read_is_refused() throws Exception {
    assertThatThrownBy(() -> relation(JOURNAL, "main", "event_journal", "position", "stream"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("lacks a column");
    relation(JOURNAL, "main", "event_journal", "position", "stream", "sequence");
    assertThatThrownBy(() -> insert(JOURNAL, "1x", "stock:A@MAIN", "0"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("other characters than digits");
    assertThat(told).isEmpty();
  }
}
