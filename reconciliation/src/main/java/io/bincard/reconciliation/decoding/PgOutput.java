package io.bincard.reconciliation.decoding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of PostgreSQL's own output plugin, {@code pgoutput}, version 1 of its
 * protocol, as far as they tell of inserts into the journal.
 */
final class PgOutput {

  private static final String TABLE = "event_journal";
  private static final String PROTOCOL_VIOLATION = "08P01";
  private static final int FLAG = 1;
  private static final int OID_AND_MODIFIER = 8;

  private final String schema;
  private final Reader reader;
  private @Nullable Columns journal;

  /** Takes what the messages say. */
  interface Reader {

    /** An event that was committed. */
    void event(long position, String stream, long sequence);

    /**
     * The end of a transaction.
     *
     * @param end where it ends in the write-ahead log
     */
    void committed(long end);
  }

  /** Where in a row of the relation {@code id} each column stands. */
  private record Columns(int id, int position, int stream, int sequence) {}

  /**
   * @param schema of the ledger; another one's events are passed over
   */
  PgOutput(String schema, Reader reader) {
    this.schema = schema;
    this.reader = reader;
  }

  /**
   * Takes one message.
   *
   * @throws SQLException if it is none
   */
  void take(ByteBuffer message) throws SQLException {
    char type = (char) message.get();
    switch (type) {
      case 'R' -> relation(message);
      case 'I' -> insert(message);
      case 'C' -> {
        message.position(message.position() + FLAG + Long.BYTES);
        reader.committed(message.getLong());
      }
      default -> {
        // the beginning of a transaction, a type, an origin
      }
    }
  }

  private void relation(ByteBuffer message) throws SQLException {
    int id = message.getInt();
    if (!string(message).equals(schema) || !string(message).equals(TABLE)) {
      return;
    }
    message.get(); // its replica identity
    int count = message.getShort();
    int position = -1;
    int stream = -1;
    int sequence = -1;
    for (int i = 0; i < count; i++) {
      message.get(); // flags
      String name = string(message);
      message.position(message.position() + OID_AND_MODIFIER);
      switch (name) {
        case "position" -> position = i;
        case "stream" -> stream = i;
        case "sequence" -> sequence = i;
        default -> {
          // published by hand
        }
      }
    }
    if (position < 0 || stream < 0 || sequence < 0) {
      throw violation("the publication lacks a column of position, stream, sequence");
    }
    journal = new Columns(id, position, stream, sequence);
  }

  private void insert(ByteBuffer message) throws SQLException {
    Columns columns = journal;
    if (columns == null || message.getInt() != columns.id()) {
      return;
    }
    message.get(); // N, for a new row
    int count = message.getShort();
    long position = 0;
    long sequence = 0;
    String stream = "";
    for (int i = 0; i < count; i++) {
      byte kind = message.get();
      if (kind == 'n' || kind == 'u') {
        continue;
      }
      if (kind != 't') {
        throw violation("a column is of kind " + (char) kind);
      }
      int length = message.getInt();
      if (i == columns.position()) {
        position = number(message, length);
      } else if (i == columns.sequence()) {
        sequence = number(message, length);
      } else if (i == columns.stream()) {
        stream =
            new String(
                message.array(),
                message.arrayOffset() + message.position(),
                length,
                StandardCharsets.UTF_8);
      }
      message.position(message.position() + (isNumber(columns, i) ? 0 : length));
    }
    reader.event(position, stream, sequence);
  }

  private static boolean isNumber(Columns columns, int column) {
    return column == columns.position() || column == columns.sequence();
  }

  /** Reads {@code length} digits. */
  private static long number(ByteBuffer message, int length) throws SQLException {
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = message.get() - '0';
      if (digit < 0 || digit > 9) {
        throw violation("a number has other characters than digits");
      }
      number = 10 * number + digit;
    }
    return number;
  }

  /** Reads up to a zero. */
  private static String string(ByteBuffer message) {
    int start = message.position();
    int length = 0;
    while (message.get() != 0) {
      length++;
    }
    return new String(
        message.array(), message.arrayOffset() + start, length, StandardCharsets.UTF_8);
  }

  private static SQLException violation(String what) {
    return new SQLException(
        "what logical decoding tells cannot be read: " + what, PROTOCOL_VIOLATION);
  }
}
