package io.bincard.application.journal;

import io.bincard.application.receipts.Receipts;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of the journal on one connection: takes the ledger over, then appends batches,
 * one transaction each. Used by one thread at a time.
 */
public final class Journal {

  private static final String TAKE_OVER =
      "update ledger_head set epoch = epoch + 1 returning position, epoch, created_at";

  private static final String MOVE_HEAD =
      "update ledger_head set position = ?, created_at = ?::timestamptz where position = ? and epoch = ?";

  private static final String BEGIN_STREAMS =
      """
      insert into stream_head (stream, sequence, position)
      select * from unnest(?::text[], ?::bigint[], ?::bigint[])
      """;

  private static final String ADVANCE_STREAMS =
      """
      update stream_head h set sequence = b.sequence, position = b.position
      from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[]) as b (stream, before, sequence, position)
      where h.stream = b.stream and h.sequence = b.before
      """;

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
  private long head;
  private Instant lastCreatedAt;

  private Journal(
      Connection connection, Serializer serializer, long epoch, long head, Instant lastCreatedAt) {
    this.connection = connection;
    this.serializer = serializer;
    this.epoch = epoch;
    this.head = head;
    this.lastCreatedAt = lastCreatedAt;
  }

  /** Takes the ledger over from whoever wrote it before; their next append is fenced off. */
  public static Journal takeOver(Connection connection, Serializer serializer) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table ledger_head has lost its row");
      }
      Journal journal =
          new Journal(
              connection,
              serializer,
              row.getLong("epoch"),
              row.getLong("position"),
              row.getTimestamp("created_at").toInstant());
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
      write(batch);
      if (!batch.receipts().isEmpty()) {
        Receipts.insert(connection, batch.receipts(), recordedAt().toString());
      }
      connection.commit();
      head = batch.lastPosition();
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void write(JournalBatch batch) throws SQLException {
    List<Row> rows = rowsOf(batch);
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
    if (!rows.isEmpty()) {
      moveStreamHeads(rows);
      append(rows);
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
      String createdAt) {}

  private List<Row> rowsOf(JournalBatch batch) {
    long position = batch.headBefore();
    List<Row> rows = new ArrayList<>(batch.events().size());
    for (EventMessage<?> event : batch.events()) {
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
              createdAt(event).toString()));
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

  private record Advance(String stream, long before, long sequence, long position) {}

  private void moveStreamHeads(List<Row> rows) throws SQLException {
    Map<String, Advance> advances = new LinkedHashMap<>();
    for (Row row : rows) {
      Advance begun = advances.get(row.stream());
      if (begun != null && row.sequence() != begun.sequence() + 1) {
        throw notInSequence();
      }
      advances.put(
          row.stream(),
          new Advance(
              row.stream(),
              begun == null ? row.sequence() - 1 : begun.before(),
              row.sequence(),
              row.position()));
    }
    List<Advance> begun = advances.values().stream().filter(a -> a.before() < 0).toList();
    List<Advance> advanced = advances.values().stream().filter(a -> a.before() >= 0).toList();
    if (!begun.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(BEGIN_STREAMS)) {
        statement.setArray(1, text(begun, Advance::stream));
        statement.setArray(2, numbers(begun, Advance::sequence));
        statement.setArray(3, numbers(begun, Advance::position));
        statement.executeUpdate();
      }
    }
    if (!advanced.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(ADVANCE_STREAMS)) {
        statement.setArray(1, text(advanced, Advance::stream));
        statement.setArray(2, numbers(advanced, Advance::before));
        statement.setArray(3, numbers(advanced, Advance::sequence));
        statement.setArray(4, numbers(advanced, Advance::position));
        if (statement.executeUpdate() != advanced.size()) {
          throw notInSequence();
        }
      }
    }
  }

  private static SQLException notInSequence() {
    return new SQLException(
        "a stream is not at the sequence that this batch goes on from",
        JournalEngine.UNIQUE_VIOLATION);
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
          10, connection.createArrayOf("timestamptz", rows.stream().map(Row::createdAt).toArray()));
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
