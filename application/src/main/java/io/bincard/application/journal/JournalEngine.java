package io.bincard.application.journal;

import static java.util.Objects.requireNonNullElse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * The journal as Axon's storage engine.
 *
 * <p>Reads go to PostgreSQL and see what is committed. Appends go to the batch that the writer has
 * open. Positions have no gaps: a reader's token is one number.
 */
public final class JournalEngine extends BatchingEventStorageEngine {

  /** SQLSTATE of a duplicate key. */
  static final String UNIQUE_VIOLATION = "23505";

  private static final String COLUMNS =
      "event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at";

  private final DataSource dataSource;
  private final Appender appender;

  /** Where appended events go. */
  public interface Appender {

    /**
     * Takes {@code events} into the journal, at once or with its next commit.
     *
     * @throws SQLException if they could not be stored
     */
    void append(List<? extends EventMessage<?>> events) throws SQLException;
  }

  private JournalEngine(Builder builder) {
    super(builder);
    this.dataSource = builder.dataSource;
    this.appender = builder.appender;
  }

  public static Builder builder(DataSource dataSource, Appender appender) {
    return new Builder(dataSource, appender);
  }

  @Override
  protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
    if (events.isEmpty()) {
      return;
    }
    try {
      appender.append(events);
    } catch (SQLException e) {
      handlePersistenceException(e, events.getFirst());
    }
  }

  @Override
  protected List<? extends DomainEventData<?>> fetchDomainEvents(
      String stream, long firstSequence, int batchSize) {
    return query(
        "select "
            + COLUMNS
            + " from event_journal where stream = ? and sequence >= ? order by sequence limit ?",
        statement -> {
          statement.setString(1, stream);
          statement.setLong(2, firstSequence);
          statement.setInt(3, batchSize);
        },
        JournalEngine::entry);
  }

  @Override
  protected List<? extends TrackedEventData<?>> fetchTrackedEvents(
      @Nullable TrackingToken lastToken, int batchSize) {
    return query(
        "select position, "
            + COLUMNS
            + " from event_journal where position > ? order by position limit ?",
        statement -> {
          statement.setLong(1, positionOf(lastToken));
          statement.setInt(2, batchSize);
        },
        row -> new TrackedDomainEventData<>(token(row.getLong("position")), entry(row)));
  }

  /** The position that {@code token} stands for, 0 for the journal's begin. */
  static long positionOf(@Nullable TrackingToken token) {
    return switch (token) {
      case null -> 0;
      case GlobalSequenceTrackingToken at -> at.getGlobalIndex();
      default ->
          throw new IllegalArgumentException(
              "the journal's tokens are positions, not " + token.getClass().getSimpleName());
    };
  }

  private static GlobalSequenceTrackingToken token(long position) {
    return new GlobalSequenceTrackingToken(position);
  }

  @Override
  protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
    SerializedObject<String> payload = snapshot.serializePayload(serializer, String.class);
    String metadata = snapshot.serializeMetaData(serializer, String.class).getData();
    String upsert =
        """
        insert into stream_snapshot
          (stream, event_id, sequence, stream_type, type, revision, payload, metadata, created_at)
        values (?, ?, ?, ?, ?, ?, ?::json, ?::json, ?)
        on conflict (stream) do update set
          (event_id, sequence, stream_type, type, revision, payload, metadata, created_at) =
          (excluded.event_id, excluded.sequence, excluded.stream_type, excluded.type, excluded.revision,
           excluded.payload, excluded.metadata, excluded.created_at)
        where stream_snapshot.sequence < excluded.sequence
        """;
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(upsert)) {
      statement.setString(1, snapshot.getAggregateIdentifier());
      statement.setString(2, snapshot.getIdentifier());
      statement.setLong(3, snapshot.getSequenceNumber());
      statement.setString(4, snapshot.getType());
      statement.setString(5, payload.getType().getName());
      statement.setString(6, payload.getType().getRevision());
      statement.setString(7, payload.getData());
      statement.setString(8, metadata);
      statement.setObject(9, OffsetDateTime.ofInstant(snapshot.getTimestamp(), ZoneOffset.UTC));
      statement.executeUpdate();
    } catch (SQLException e) {
      handlePersistenceException(e, snapshot);
    }
  }

  @Override
  protected Stream<? extends DomainEventData<?>> readSnapshotData(String stream) {
    return query(
        "select " + COLUMNS + " from stream_snapshot where stream = ?",
        statement -> statement.setString(1, stream),
        JournalEngine::entry)
        .stream();
  }

  @Override
  public Optional<Long> lastSequenceNumberFor(String stream) {
    return query(
            "select sequence from stream_head where stream = ?",
            statement -> statement.setString(1, stream),
            row -> row.getLong("sequence"))
        .stream()
        .findFirst();
  }

  /** Takes one event of a stream. */
  public interface Reader {
    void read(String stream, Object payload);
  }

  /** Reads all committed events of {@code streams}, each stream in its order. */
  public void readStreams(Collection<String> streams, Reader reader) {
    query(
        "select " + COLUMNS + " from event_journal where stream = any(?) order by stream, sequence",
        statement ->
            statement.setArray(
                1, statement.getConnection().createArrayOf("text", streams.toArray())),
        row -> {
          reader.read(
              row.getString("stream"),
              getEventSerializer()
                  .deserialize(
                      new SimpleSerializedObject<>(
                          row.getString("payload"),
                          String.class,
                          row.getString("type"),
                          row.getString("revision"))));
          return row.getLong("sequence");
        });
  }

  @Override
  public TrackingToken createTailToken() {
    return token(0);
  }

  @Override
  public TrackingToken createHeadToken() {
    return token(headPosition());
  }

  /** Position of the last committed event. */
  public long headPosition() {
    return single("select position from ledger_head", statement -> {});
  }

  @Override
  public TrackingToken createTokenAt(Instant dateTime) {
    return token(
        single(
            """
            select coalesce(
              (select min(position) - 1 from event_journal where created_at >= ?), (select position from ledger_head))
              as position
            """,
            statement ->
                statement.setObject(1, OffsetDateTime.ofInstant(dateTime, ZoneOffset.UTC))));
  }

  /** An event without a stream type is of no stream; Axon knows it by its missing stream. */
  private static DomainEventData<String> entry(ResultSet row) throws SQLException {
    String streamType = row.getString("stream_type");
    return new GenericDomainEventEntry<>(
        streamType,
        streamType == null ? null : row.getString("stream"),
        row.getLong("sequence"),
        row.getString("event_id"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("type"),
        row.getString("revision"),
        row.getString("payload"),
        row.getString("metadata"));
  }

  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  private interface Rows<T> {
    T read(ResultSet row) throws SQLException;
  }

  private long single(String sql, Parameters parameters) {
    return query(sql, parameters, row -> row.getLong("position")).getFirst();
  }

  private <T> List<T> query(String sql, Parameters parameters, Rows<T> reader) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      parameters.set(statement);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(reader.read(rows));
        }
        return result;
      }
    } catch (SQLException e) {
      throw new EventStoreException(
          "the journal cannot be read: " + requireNonNullElse(e.getMessage(), ""), e);
    }
  }

  /** Builds an engine; Axon's own options keep their meaning. */
  public static final class Builder extends BatchingEventStorageEngine.Builder {

    private final DataSource dataSource;
    private final Appender appender;

    private Builder(DataSource dataSource, Appender appender) {
      this.dataSource = dataSource;
      this.appender = appender;
      persistenceExceptionResolver(
          exception ->
              exception instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState()));
    }

    /** Sets the serializer of events and of snapshots. */
    public Builder serializer(Serializer serializer) {
      eventSerializer(serializer);
      snapshotSerializer(serializer);
      return this;
    }

    public JournalEngine build() {
      return new JournalEngine(this);
    }
  }
}
