package io.bincard.application.snapshots;

import io.bincard.application.postgres.Columns;
import io.bincard.application.snapshots.Snapshot.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The stored snapshots, the newest of each stream. */
public final class Snapshots {

  private static final String FIND =
      """
      select s.stream, s.born_position, n.sequence, n.position, n.revision, n.state, n.checksum
      from stream s left join stream_snapshot n using (stream)
      where s.stream = any(?::text[])
      """;

  private static final String DISCARD =
      """
      delete from stream_snapshot n
      using unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[]) as bad (stream, sequence, revision, checksum)
      where (n.stream, n.sequence, n.revision, n.checksum) = (bad.stream, bad.sequence, bad.revision, bad.checksum)
      """;

  /** Where events lie. Each is looked for alone, so that no plan reads whole days instead. */
  private static final String LOCATE =
      """
      select s.stream, e.position
      from unnest(?::text[], ?::bigint[]) as s (stream, sequence)
      cross join lateral (
        select position from event_journal where stream = s.stream and sequence = s.sequence offset 0
      ) e
      """;

  /** A newer one stays: the events between the two may lie in the archive by now. */
  private static final String STORE =
      """
      insert into stream_snapshot (stream, sequence, position, revision, state, checksum)
      select stream, sequence, position, revision, state::json, checksum
      from unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
        as s (stream, sequence, position, revision, state, checksum)
      on conflict (stream) do update set (sequence, position, revision, state, checksum) =
        (excluded.sequence, excluded.position, excluded.revision, excluded.state, excluded.checksum)
      where stream_snapshot.sequence < excluded.sequence
      """;

  private final DataSource dataSource;

  public Snapshots(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * A stream that has events.
   *
   * @param bornPosition of its first event
   * @param stored {@code null} if it has no snapshot
   */
  record Known(String stream, long bornPosition, @Nullable Stored stored) {}

  /** Those of {@code streams} that have events. */
  List<Known> find(Collection<String> streams) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(FIND)) {
      new Columns(statement).texts(List.copyOf(streams), stream -> stream);
      try (ResultSet rows = statement.executeQuery()) {
        List<Known> known = new ArrayList<>(streams.size());
        while (rows.next()) {
          known.add(
              new Known(rows.getString("stream"), rows.getLong("born_position"), stored(rows)));
        }
        return known;
      }
    }
  }

  private static @Nullable Stored stored(ResultSet row) throws SQLException {
    String state = row.getString("state");
    return state == null
        ? null
        : new Stored(
            new Snapshot(
                row.getString("stream"), row.getLong("sequence"), row.getString("revision"), state),
            row.getLong("position"),
            row.getLong("checksum"));
  }

  /**
   * Puts {@code made} in the place of older ones, and of {@code discarded} in any case. Stores only
   * what stands behind an event that is in the journal; says how many do.
   */
  int store(List<Snapshot> made, List<Stored> discarded) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        List<Stored> stored = locate(connection, made);
        discard(connection, discarded);
        store(connection, stored);
        connection.commit();
        return stored.size();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static List<Stored> locate(Connection connection, List<Snapshot> made)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCATE)) {
      Columns columns = new Columns(statement);
      columns.texts(made, Snapshot::stream);
      columns.numbers(made, Snapshot::sequence);
      try (ResultSet rows = statement.executeQuery()) {
        Map<String, Long> positions = HashMap.newHashMap(made.size());
        while (rows.next()) {
          positions.put(rows.getString("stream"), rows.getLong("position"));
        }
        List<Stored> located = new ArrayList<>(made.size());
        for (Snapshot snapshot : made) {
          Long position = positions.get(snapshot.stream());
          if (position != null) {
            located.add(snapshot.at(position));
          }
        }
        return located;
      }
    }
  }

  private static void discard(Connection connection, List<Stored> bad) throws SQLException {
    if (bad.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(DISCARD)) {
      Columns columns = new Columns(statement);
      columns.texts(bad, each -> each.snapshot().stream());
      columns.numbers(bad, each -> each.snapshot().sequence());
      columns.texts(bad, each -> each.snapshot().revision());
      columns.numbers(bad, Stored::checksum);
      statement.executeUpdate();
    }
  }

  private static void store(Connection connection, List<Stored> stored) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STORE)) {
      Columns columns = new Columns(statement);
      columns.texts(stored, each -> each.snapshot().stream());
      columns.numbers(stored, each -> each.snapshot().sequence());
      columns.numbers(stored, Stored::position);
      columns.texts(stored, each -> each.snapshot().revision());
      columns.texts(stored, each -> each.snapshot().state());
      columns.numbers(stored, Stored::checksum);
      statement.executeUpdate();
    }
  }
}
