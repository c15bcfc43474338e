package io.bincard.application.journal;

import io.bincard.application.receipts.Receipts;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import java.sql.Array;
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
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
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

  private static final String MOVE_HEAD =
      "update ledger_head set position = ?, created_at = ?::timestamptz where position = ? and epoch = ?";

  private static final String BEGIN_STREAMS =
      "insert into stream (stream, born_position) select * from unnest(?::text[], ?::bigint[])";

  private static final String BEGIN_DAY =
      "insert into journal_day (day, first_position) values (?, ?)";

  private static final String APPEND =
      """
      insert into event_journal
        (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
      select p, i, s, n, st, t, r, d::json, m::json, c
      from unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
        ?::timestamptz[]) as e (p, i, s, n, st, t, r, d, m, c)
      """;

  private final Connection connection;
  private final Serializer serializer;
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
      Serializer serializer,
      long epoch,
      long head,
      Instant lastCreatedAt,
      @Nullable LedgerDay lastDay) {
    this.connection = connection;
    this.serializer = serializer;
    this.epoch = epoch;
    this.head = head;
    this.lastCreatedAt = lastCreatedAt;
    this.lastDay = lastDay;
    this.streamEnds = new StreamEnds(connection);
  }

  /** Takes the ledger over from whoever wrote it before; their next append is fenced off. */
  public static Journal takeOver(Connection connection, Serializer serializer) throws SQLException {
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
              serializer,
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

  /** The journal's connection, for reads that belong between two batches. */
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
      List<Row> rows = rowsOf(batch);
      if (!batch.receipts().isEmpty()) {
        lastCreatedAt = recordedAt();
      }
      moveHead(batch);
      LedgerDay day = LedgerDay.of(lastCreatedAt);
      LedgerDay lastDayAfter = beginDays(rows);
      requirePartitions(day);
      if (!rows.isEmpty()) {
        moveStreams(rows);
        append(rows);
      }
      if (!batch.receipts().isEmpty()) {
        Receipts.insert(connection, batch.receipts(), lastCreatedAt.toString());
      }
      connection.commit();
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

  private void moveHead(JournalBatch batch) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVE_HEAD)) {
      statement.setLong(1, batch.lastPosition());
      statement.setString(2, lastCreatedAt.toString());
      statement.setLong(3, batch.headBefore());
      statement.setLong(4, epoch);
      if (statement.executeUpdate() != 1) {
        throw new JournalFencedException(
            "another writer has taken the ledger over from epoch " + epoch);
      }
    }
  }

  /** Writes down every day that begins in {@code rows}, and returns the last day then. */
  private @Nullable LedgerDay beginDays(List<Row> rows) throws SQLException {
    LedgerDay last = lastDay;
    for (Row row : rows) {
      if (last == null || !row.createdAt().isBefore(last.next().start())) {
        last = LedgerDay.of(row.createdAt());
        requirePartitions(last);
        try (PreparedStatement statement = connection.prepareStatement(BEGIN_DAY)) {
          statement.setObject(1, last.date());
          statement.setLong(2, row.position());
          statement.executeUpdate();
        }
      }
    }
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

  private record Row(
      long position,
      String eventId,
      String stream,
      long sequence,
      @Nullable String streamType,
      SerializedObject<String> payload,
      String metadata,
      Instant createdAt) {}

  private List<Row> rowsOf(JournalBatch batch) throws SQLException {
    long position = batch.headBefore();
    Set<String> ids = HashSet.newHashSet(batch.events().size());
    List<Row> rows = new ArrayList<>(batch.events().size());
    for (EventMessage<?> event : batch.events()) {
      if (!ids.add(event.getIdentifier())) {
        throw new SQLException("two events of a batch have one id", JournalEngine.UNIQUE_VIOLATION);
      }
      DomainEventMessage<?> inStream =
          event instanceof DomainEventMessage<?> domainEvent ? domainEvent : null;
      rows.add(
          new Row(
              ++position,
              event.getIdentifier(),
              inStream == null ? event.getIdentifier() : inStream.getAggregateIdentifier(),
              inStream == null ? 0 : inStream.getSequenceNumber(),
              inStream == null ? null : inStream.getType(),
              event.serializePayload(serializer, String.class),
              event.serializeMetaData(serializer, String.class).getData(),
              createdAt(event)));
    }
    return rows;
  }

  /** Time never runs backwards in the journal, whatever the clock does. */
  private Instant createdAt(EventMessage<?> event) {
    Instant at = event.getTimestamp().truncatedTo(ChronoUnit.MICROS);
    if (at.isAfter(lastCreatedAt)) {
      lastCreatedAt = at;
    }
    return lastCreatedAt;
  }

  /** Holds every stream to its dense sequences, and writes down those that begin. */
  private void moveStreams(List<Row> rows) throws SQLException {
    List<Row> begun = new ArrayList<>();
    for (Row row : rows) {
      streamEnds.goOn(row.stream(), row.sequence());
      if (row.sequence() == 0) {
        begun.add(row);
      }
    }
    streamEnds.requireWhereTheyWereTold(LedgerDay.of(rows.getFirst().createdAt()));
    if (!begun.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(BEGIN_STREAMS)) {
        statement.setArray(1, text(begun, Row::stream));
        statement.setArray(2, numbers(begun, Row::position));
        statement.executeUpdate();
      }
    }
  }

  private void append(List<Row> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
      statement.setArray(1, numbers(rows, Row::position));
      statement.setArray(2, text(rows, Row::eventId));
      statement.setArray(3, text(rows, Row::stream));
      statement.setArray(4, numbers(rows, Row::sequence));
      statement.setArray(5, text(rows, Row::streamType));
      statement.setArray(6, text(rows, row -> row.payload().getType().getName()));
      statement.setArray(7, text(rows, row -> row.payload().getType().getRevision()));
      statement.setArray(8, text(rows, row -> row.payload().getData()));
      statement.setArray(9, text(rows, Row::metadata));
      statement.setArray(
          10,
          connection.createArrayOf(
              "timestamptz", rows.stream().map(row -> row.createdAt().toString()).toArray()));
      statement.executeUpdate();
    }
  }

  private <T> Array text(List<T> rows, Function<T, @Nullable String> column) throws SQLException {
    return connection.createArrayOf("text", rows.stream().map(column).toArray(String[]::new));
  }

  private <T> Array numbers(List<T> rows, Function<T, Long> column) throws SQLException {
    return connection.createArrayOf("bigint", rows.stream().map(column).toArray(Long[]::new));
  }
}
