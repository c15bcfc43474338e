package io.bincard.application.journal;

import io.bincard.application.failpoint.FailPoint;
import io.bincard.application.postgres.ArrayColumn;
import io.bincard.application.postgres.Columns;
import io.bincard.application.receipts.Receipts;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing side of the journal on one connection: takes the ledger over, then appends batches,
 * one transaction each. Used by one thread at a time.
 */
public final class Journal {

  private static final Logger logger = LoggerFactory.getLogger(Journal.class);

  private static final String TAKE_OVER =
      """
      update ledger_head set epoch = epoch + 1
      returning position, epoch, created_at, (select max(day) from journal_day) as last_day
      """;

  /** Locks the head before anything else is written, where more than the batch is to be written. */
  private static final String LOCK_HEAD =
      "select 1 from ledger_head where position = ? and epoch = ? for update";

  /**
   * Everything that a batch writes, and the commit, in one round trip. Nothing is written unless
   * the head could be moved: each part takes its rows from there.
   */
  private static final String WRITE =
      """
      with head as (
        update ledger_head set position = ?, created_at = ?::timestamptz where position = ? and epoch = ?
        returning 1
      ), begun as (
        insert into stream (stream, born_position)
        select s.stream, s.position from head, unnest(?::text[], ?::bigint[]) as s (stream, position)
      ), appended as (
        insert into event_journal
          (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
        select p, i, s, n, st, t, r, d::json, m::json, timestamptz 'epoch' + c * interval '1 microsecond'
        from head, unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
          ?::text[], ?::bigint[]) as e (p, i, s, n, st, t, r, d, m, c)
      ), told as (
      """
          + Receipts.INSERT
          + ") select count(*) from head; commit";

  private static final String BEGIN_DAY =
      "insert into journal_day (day, first_position) values (?, ?)";

  private final Connection connection;
  private final long epoch;
  private final StreamEnds streamEnds;
  private long head;

  /** The ledger's clock: no event and no receipt is newer, and none will be older. */
  private Instant lastCreatedAt;

  /** The newest day that has an event. */
  private @Nullable LedgerDay lastDay;

  /** The newest day whose partitions are known to be there. */
  private @Nullable LedgerDay madeDay;

  private Journal(
      Connection connection,
      long epoch,
      long head,
      Instant lastCreatedAt,
      @Nullable LedgerDay lastDay) {
    this.connection = connection;
    this.epoch = epoch;
    this.head = head;
    this.lastCreatedAt = lastCreatedAt;
    this.lastDay = lastDay;
    this.streamEnds = new StreamEnds(connection);
  }

  /** Takes the ledger over from whoever wrote it before; their next append is fenced off. */
  public static Journal takeOver(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table ledger_head has lost its row");
      }
      Date lastDay = row.getDate("last_day");
      Journal journal =
          new Journal(
              connection,
              row.getLong("epoch"),
              row.getLong("position"),
              row.getTimestamp("created_at").toInstant(),
              lastDay == null ? null : new LedgerDay(lastDay.toLocalDate()));
      connection.commit();
      return journal;
    }
  }

  /** Position of the last committed event. */
  public long head() {
    return head;
  }

  public long epoch() {
    return epoch;
  }

  /** The journal's connection, for whoever gives the ledger up or drops it. */
  public Connection connection() {
    return connection;
  }

  /**
   * Commits {@code batch}: when this returns, its events and receipts are in PostgreSQL and
   * flushed.
   *
   * @throws JournalFencedException if another writer took over; nothing was written
   * @throws SQLException if the batch could not be committed; after an error of the commit itself
   *     the outcome is unknown
   */
  public void commit(JournalBatch batch) throws SQLException {
    try {
      List<Instant> times = timesOf(batch);
      if (batch.hasReceipts()) {
        lastCreatedAt = recordedAt();
      }
      LedgerDay day = LedgerDay.of(lastCreatedAt);
      LedgerDay lastDayAfter = beginDays(batch, times, day);
      write(batch, times);
      batch.isCommitted(times);
      FailPoint.AFTER_COMMIT.pass();
      head = batch.lastPosition();
      lastDay = lastDayAfter;
      madeDay = day;
      streamEnds.committed();
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Exception cause) {
    streamEnds.rolledBack();
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void lockHead(JournalBatch batch) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK_HEAD)) {
      statement.setLong(1, batch.headBefore());
      statement.setLong(2, epoch);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw fenced();
        }
      }
    }
  }

  private JournalFencedException fenced() {
    return new JournalFencedException(
        "another writer has taken the ledger over from epoch " + epoch);
  }

  /**
   * Makes what is missing for {@code today} and for the days that begin in {@code batch}, and
   * returns the last day that has an event then.
   */
  private @Nullable LedgerDay beginDays(JournalBatch batch, List<Instant> times, LedgerDay today)
      throws SQLException {
    boolean newDay =
        !times.isEmpty() && (lastDay == null || !times.getLast().isBefore(lastDay.next().start()));
    if (!newDay && today.equals(madeDay)) {
      return lastDay;
    }
    lockHead(batch);
    LedgerDay last = lastDay;
    for (int i = 0; i < times.size(); i++) {
      if (last == null || !times.get(i).isBefore(last.next().start())) {
        last = LedgerDay.of(times.get(i));
        requirePartitions(last);
        try (PreparedStatement statement = connection.prepareStatement(BEGIN_DAY)) {
          statement.setObject(1, last.date());
          statement.setLong(2, batch.headBefore() + 1 + i);
          statement.executeUpdate();
        }
      }
    }
    requirePartitions(today);
    return last;
  }

  /** Makes the partitions of {@code day} if nobody has made them ahead of time. */
  private void requirePartitions(LedgerDay day) throws SQLException {
    if (!day.equals(madeDay) && LedgerDays.make(connection, day, 1) > 0) {
      logger
          .atWarn()
          .addKeyValue("day", day.date())
          .log("The day had no partitions; the writer makes them in the middle of a batch");
    }
  }

  /** Now, by the clock of the events, and never before one of them. */
  private Instant recordedAt() {
    Instant now = GenericEventMessage.clock.instant().truncatedTo(ChronoUnit.MICROS);
    return now.isAfter(lastCreatedAt) ? now : lastCreatedAt;
  }

  /** The stored times of the events of {@code batch}, none of which may have another's id. */
  private List<Instant> timesOf(JournalBatch batch) throws SQLException {
    Set<String> ids = HashSet.newHashSet(batch.events().size());
    List<Instant> times = new ArrayList<>(batch.events().size());
    for (EventMessage<?> event : batch.events()) {
      if (!ids.add(event.getIdentifier())) {
        throw new SQLException("two events of a batch have one id", JournalEngine.UNIQUE_VIOLATION);
      }
      times.add(createdAt(event));
    }
    return times;
  }

  /** Time never runs backwards in the journal, whatever the clock does. */
  private Instant createdAt(EventMessage<?> event) {
    Instant at = event.getTimestamp().truncatedTo(ChronoUnit.MICROS);
    if (at.isAfter(lastCreatedAt)) {
      lastCreatedAt = at;
    }
    return lastCreatedAt;
  }

  /** Holds every stream to its dense sequences; binds those that begin, which are to be stored. */
  private void goOnWithStreams(JournalBatch batch, List<Instant> times, Begun begun)
      throws SQLException {
    long position = batch.headBefore();
    for (EventMessage<?> event : batch.events()) {
      position++;
      String stream = EventColumns.streamOf(event);
      long sequence = EventColumns.sequenceOf(event);
      streamEnds.goOn(stream, sequence);
      if (sequence == 0) {
        begun.streams().addText(stream);
        begun.positions().addNumber(position);
      }
    }
    if (!times.isEmpty()) {
      streamEnds.requireWhereTheyWereTold(LedgerDay.of(times.getFirst()));
    }
  }

  /** Streams that a batch begins, and where. */
  private record Begun(ArrayColumn streams, ArrayColumn positions) {}

  private void write(JournalBatch batch, List<Instant> times) throws SQLException {
    Begun begun = new Begun(ArrayColumn.ofTexts(), ArrayColumn.ofNumbers());
    goOnWithStreams(batch, times, begun);
    try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
      Columns columns = new Columns(statement);
      columns.number(batch.lastPosition());
      columns.text(lastCreatedAt.toString());
      columns.number(batch.headBefore());
      columns.number(epoch);
      columns.array(begun.streams());
      columns.array(begun.positions());
      batch.eventColumns().bind(columns);
      columns.numbers(times, at -> ChronoUnit.MICROS.between(Instant.EPOCH, at));
      batch.receiptColumns().bind(columns, lastCreatedAt.toString());
      FailPoint.BEFORE_COMMIT.pass();
      statement.execute();
      try (ResultSet moved = statement.getResultSet()) {
        if (!moved.next() || moved.getInt(1) != 1) {
          throw fenced();
        }
      }
    }
  }
}
