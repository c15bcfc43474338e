package io.bincard.application.journal;

import io.bincard.application.tiers.LedgerDay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last sequence of every stream, as far as one writer remembers it, so that a sequence which
 * skips or goes back is refused before it is written. Used by the writer's thread alone.
 *
 * <p>What is not remembered is looked up, one statement a batch. Nothing is written: of the streams
 * that go on, PostgreSQL keeps no more than their events.
 */
final class StreamEnds {

  /** Some 25 MB of streams and numbers; a stream that is forgotten costs one look-up. */
  private static final int REMEMBERED = 250_000;

  private static final String LOOK_UP =
      """
      select e.stream, max(e.sequence) as sequence
      from unnest(?::text[], ?::bigint[]) as told (stream, sequence)
      join event_journal e on e.stream = told.stream and e.sequence between told.sequence and told.sequence + 1
      """;

  private final Connection connection;
  private final Map<String, Long> ends =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Where the streams of the batch under way end with it. */
  private final Map<String, Long> moved = new HashMap<>();

  /** Where streams that are not remembered must end before the batch under way. */
  private final Map<String, Long> told = new HashMap<>();

  StreamEnds(Connection connection) {
    this.connection = connection;
  }

  /**
   * The batch under way adds an event of {@code sequence} to {@code stream}.
   *
   * @throws SQLException as of a duplicate key, if the stream is known to end elsewhere
   */
  void goOn(String stream, long sequence) throws SQLException {
    Long end = moved.put(stream, sequence);
    if (end == null) {
      end = ends.get(stream);
    }
    if (end != null && end != sequence - 1) {
      throw notInSequence();
    }
    if (end == null && sequence > 0) {
      told.put(stream, sequence - 1);
    }
  }

  /**
   * Looks up the streams that are not remembered, the days just before {@code day} first: what is
   * sold today was mostly sold yesterday.
   *
   * @throws SQLException as of a duplicate key, if one of them ends elsewhere
   */
  void requireWhereTheyWereTold(LedgerDay day) throws SQLException {
    if (!told.isEmpty()) {
      LedgerDay recent = new LedgerDay(day.date().minusDays(1));
      lookUp(" where " + recent.from("e.created_at"));
    }
    if (!told.isEmpty()) {
      lookUp("");
    }
    if (!told.isEmpty()) {
      throw notInSequence();
    }
  }

  /** Takes off {@link #told} what ends where it must. */
  private void lookUp(String where) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(LOOK_UP + where + " group by e.stream")) {
      statement.setArray(1, connection.createArrayOf("text", told.keySet().toArray(String[]::new)));
      statement.setArray(2, connection.createArrayOf("bigint", told.values().toArray(Long[]::new)));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String stream = rows.getString("stream");
          if (!told.remove(stream, rows.getLong("sequence"))) {
            throw notInSequence();
          }
        }
      }
    }
  }

  void committed() {
    ends.putAll(moved);
    rolledBack();
  }

  void rolledBack() {
    moved.clear();
    told.clear();
  }

  private static SQLException notInSequence() {
    return new SQLException(
        "a stream is not at the sequence that this batch goes on from",
        JournalEngine.UNIQUE_VIOLATION);
  }
}
