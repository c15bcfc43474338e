package io.bincard.reconciliation.sweep;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of runs, which all nodes share: whoever works at a run says so, by PostgreSQL's clock.
 * Every method throws {@code DataAccessException} if PostgreSQL does not answer.
 */
public final class RunTable {

  private static final String COLUMNS =
      "id, asked_by, with_books, with_rows, apply, phase, step, books_millis, comparing_millis,"
          + " scanning_millis, repairing_millis, node, begun_at, ended_at, generation, position,"
          + " next_bucket, rows_compared, rows_unsettled, fuse_blown, attempts, why";

  private final JdbcClient sql;

  public RunTable(DataSource dataSource) {
    this.sql = JdbcClient.create(dataSource);
  }

  /**
   * Begins a run; empty if one is under way, or this one was begun before.
   *
   * @param dueAt of a run that comes by the clock
   */
  Optional<Run> begin(
      String askedBy, @Nullable Instant dueAt, Set<Run.Part> parts, boolean apply, String node) {
    boolean books = parts.contains(Run.Part.BOOKS);
    try {
      return sql.sql(
              "insert into reconciliation_run (id, asked_by, due_at, with_books, with_rows, apply,"
                  + " phase, node) values (?, ?, ?, ?, ?, ?, ?, ?) returning "
                  + COLUMNS)
          .param(UUID.randomUUID())
          .param(askedBy)
          .param(dueAt == null ? null : Timestamp.from(dueAt))
          .param(books)
          .param(parts.contains(Run.Part.ROWS))
          .param(apply)
          .param((books ? Run.Phase.BOOKS : Run.Phase.COMPARING).word())
          .param(node)
          .query(RunTable::run)
          .optional();
    } catch (DuplicateKeyException e) {
      return Optional.empty();
    }
  }

  /** Makes a run whose node was silent for longer than {@code silence} that of {@code node}. */
  Optional<Run> takeOver(String node, Duration silence) {
    return sql.sql(
            "update reconciliation_run set node = ?, beat_at = clock_timestamp(),"
                + " attempts = attempts + 1"
                + " where ended_at is null and beat_at < clock_timestamp() - ? * interval '1 ms'"
                + " returning "
                + COLUMNS)
        .params(node, silence.toMillis())
        .query(RunTable::run)
        .optional();
  }

  /**
   * Writes down how far {@code run} is; {@code false} if it is not its node's any more. Why it was
   * broken off last stays until another reason is told, or it is done.
   */
  boolean save(Run run) {
    return sql.sql(
                "update reconciliation_run set beat_at = clock_timestamp(), phase = ?,"
                    + " step = ?, books_millis = ?, comparing_millis = ?, scanning_millis = ?,"
                    + " repairing_millis = ?, generation = ?, position = ?, next_bucket = ?,"
                    + " rows_compared = ?, rows_unsettled = ?, fuse_blown = ?,"
                    + " why = case when ? then null else coalesce(?, why) end,"
                    + " ended_at = case when ? then clock_timestamp() end"
                    + " where id = ? and node = ? and ended_at is null")
            .param(run.phase().word())
            .param(run.step())
            .param(run.millis().getOrDefault(Run.Phase.BOOKS, 0L))
            .param(run.millis().getOrDefault(Run.Phase.COMPARING, 0L))
            .param(run.millis().getOrDefault(Run.Phase.SCANNING, 0L))
            .param(run.millis().getOrDefault(Run.Phase.REPAIRING, 0L))
            .param(run.generation())
            .param(run.position())
            .param(run.nextBucket())
            .param(run.compared())
            .param(run.unsettled())
            .param(run.fuseBlown())
            .param(run.phase() == Run.Phase.DONE)
            .param(run.why())
            .param(run.phase() == Run.Phase.DONE || run.phase() == Run.Phase.FAILED)
            .param(run.id())
            .param(run.node())
            .update()
        == 1;
  }

  /**
   * Says that {@code node} is at work at {@code run}; {@code false} if that is not its any more.
   */
  boolean beat(UUID run, String node) {
    return sql.sql(
                "update reconciliation_run set beat_at = clock_timestamp()"
                    + " where id = ? and node = ? and ended_at is null")
            .params(run, node)
            .update()
        == 1;
  }

  /** Lets another node go on at once. */
  void release(UUID run, String node) {
    sql.sql(
            "update reconciliation_run set beat_at = '-infinity'"
                + " where id = ? and node = ? and ended_at is null")
        .params(run, node)
        .update();
  }

  public Optional<Run> find(UUID id) {
    return sql.sql("select " + COLUMNS + " from reconciliation_run where id = ?")
        .param(id)
        .query(RunTable::run)
        .optional();
  }

  /** The last ones, the newest first. */
  public List<Run> last(int limit) {
    return sql.sql("select " + COLUMNS + " from reconciliation_run order by begun_at desc limit ?")
        .param(limit)
        .query(RunTable::run)
        .list();
  }

  private static Set<Run.Part> parts(ResultSet row) throws SQLException {
    Set<Run.Part> parts = EnumSet.noneOf(Run.Part.class);
    if (row.getBoolean("with_books")) {
      parts.add(Run.Part.BOOKS);
    }
    if (row.getBoolean("with_rows")) {
      parts.add(Run.Part.ROWS);
    }
    return parts;
  }

  private static Run run(ResultSet row, int number) throws SQLException {
    Timestamp endedAt = row.getTimestamp("ended_at");
    return new Run(
        row.getObject("id", UUID.class),
        row.getString("asked_by"),
        parts(row),
        row.getBoolean("apply"),
        Run.Phase.of(row.getString("phase")),
        row.getString("step"),
        Map.of(
            Run.Phase.BOOKS, row.getLong("books_millis"),
            Run.Phase.COMPARING, row.getLong("comparing_millis"),
            Run.Phase.SCANNING, row.getLong("scanning_millis"),
            Run.Phase.REPAIRING, row.getLong("repairing_millis")),
        row.getString("node"),
        row.getTimestamp("begun_at").toInstant(),
        endedAt == null ? null : endedAt.toInstant(),
        row.getLong("generation"),
        row.getLong("position"),
        row.getInt("next_bucket"),
        row.getLong("rows_compared"),
        row.getLong("rows_unsettled"),
        row.getBoolean("fuse_blown"),
        row.getInt("attempts"),
        row.getString("why"));
  }
}
