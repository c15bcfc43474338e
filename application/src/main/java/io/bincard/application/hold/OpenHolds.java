package io.bincard.application.hold;

import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.reservation.HoldId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** The holds whose end is not written down yet, out of the journal. */
public final class OpenHolds {

  /**
   * What was open at the last commit was placed no longer before it; a day more, for clocks of
   * leaders differ.
   */
  private static final Duration LOOK_BACK = HoldCommand.MAX_LIFETIME.plusDays(1);

  private static final int FETCH_SIZE = 10_000;

  /** In a database of the collation C, as ours are, the index of streams has these side by side. */
  private static final String EVENTS =
      """
      select stream, type, payload ->> 'expiresAt' as expires_at, payload ->> 'rest' as rest
      from event_journal
      where stream like 'hold:%'
        and created_at >= (select least(created_at, clock_timestamp()) from ledger_head)
          - make_interval(secs => ?)
      order by stream, sequence
      """;

  private static final String STREAM_PREFIX = "hold:";

  private final DataSource dataSource;

  public OpenHolds(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Those of this moment, each with the time at which it is over. */
  public Map<HoldId, Instant> find() throws SQLException {
    Map<HoldId, Instant> open = new HashMap<>();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false); // or all rows would come at once
      try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
        statement.setFetchSize(FETCH_SIZE);
        statement.setLong(1, LOOK_BACK.toSeconds());
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            read(row, open);
          }
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
    return open;
  }

  private static void read(ResultSet row, Map<HoldId, Instant> open) throws SQLException {
    HoldId hold = HoldId.of(row.getString("stream").substring(STREAM_PREFIX.length()));
    String type = row.getString("type");
    switch (type) {
      case "hold-placed", "hold-extended" ->
          open.put(hold, Instant.parse(row.getString("expires_at")));
      case "hold-confirmed" -> {
        if (!"keep".equals(row.getString("rest"))) {
          open.remove(hold);
        }
      }
      case "hold-released", "hold-expired" -> open.remove(hold);
      default -> throw new SQLException("the journal holds an event of holds named " + type);
    }
  }
}
