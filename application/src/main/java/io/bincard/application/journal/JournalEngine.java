package io.bincard.application.journal;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bincard.application.journal.DayBeginnings.Begun;
import io.bincard.application.postgres.Columns;
import io.bincard.application.tiers.LedgerDay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.SerializedMetaData;
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

  private static final int FETCH_SIZE = 5_000;

  /** In place of the next sequence of a stream that is not read any further. */
  private static final long UNREADABLE = -1;

  private static final String COLUMNS =
      "event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at";

  private final DataSource dataSource;
  private final Appender appender;
  private final DayBeginnings days = new DayBeginnings(this::daysAfter);

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
    LedgerDay birth = birthOf(stream);
    return birth == null
        ? List.of()
        : query(
            eventsOfStreamFrom(birth),
            statement -> {
              statement.setString(1, stream);
              statement.setLong(2, firstSequence);
              statement.setInt(3, batchSize);
            },
            JournalEngine::entry);
  }

  /** A stream has no event before the day it was born on; an unknown stream has none at all. */
  private @Nullable LedgerDay birthOf(String stream) {
    return query(
            """
            select (select max(day) from journal_day where first_position <= born_position) as day
            from stream where stream = ?
            """,
            statement -> statement.setString(1, stream),
            JournalEngine::day)
        .stream()
        .findFirst()
        .orElse(null);
  }

  static String eventsOfStreamFrom(LedgerDay birth) {
    return "select "
        + COLUMNS
        + " from event_journal where stream = ? and sequence >= ? and "
        + birth.from("created_at")
        + " order by sequence limit ?";
  }

  /** One day at a time, so that one partition is asked, not every one there is. */
  @Override
  protected List<? extends TrackedEventData<?>> fetchTrackedEvents(
      @Nullable TrackingToken lastToken, int batchSize) {
    long position = positionOf(lastToken);
    for (Begun day = days.nearest(position + 1); day != null; day = days.nextAfter(day)) {
      List<TrackedDomainEventData<?>> events =
          query(
              eventsOfDay(day.day()),
              statement -> {
                statement.setLong(1, position);
                statement.setInt(2, batchSize);
              },
              row -> new TrackedDomainEventData<>(token(row.getLong("position")), entry(row)));
      if (!events.isEmpty()) {
        requireNext(position, positionOf(events.getFirst().trackingToken()));
        return events;
      }
    }
    return List.of();
  }

  static String eventsOfDay(LedgerDay day) {
    return "select position, "
        + COLUMNS
        + " from event_journal where position > ? and "
        + day.holds("created_at")
        + " order by position limit ?";
  }

  /**
   * Positions have no gaps: what is missing has left with its partition, and is not passed over.
   */
  private static void requireNext(long position, long found) {
    if (found != position + 1) {
      throw new EventStoreException(
          "the journal in PostgreSQL goes on at "
              + found
              + "; the events from "
              + (position + 1)
              + " on lie in the archive");
    }
  }

  /** The positions that the days begin with. */
  DayBeginnings days() {
    return days;
  }

  private Map<Long, LedgerDay> daysAfter(LedgerDay day) {
    return query(
            "select day, first_position from journal_day where day > ?",
            statement -> statement.setObject(1, day.date()),
            row -> Map.entry(row.getLong("first_position"), day(row)))
        .stream()
        .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static LedgerDay day(ResultSet row) throws SQLException {
    return new LedgerDay(row.getObject("day", LocalDate.class));
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

  /** Snapshots are not Axon's here; see {@code io.bincard.application.snapshots}. */
  @Override
  protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
    throw new UnsupportedOperationException("the journal keeps no snapshots of Axon's aggregates");
  }

  @Override
  protected Stream<? extends DomainEventData<?>> readSnapshotData(String stream) {
    return Stream.empty();
  }

  @Override
  public Optional<Long> lastSequenceNumberFor(String stream) {
    // Mostly on the last day, for what is asked for was mostly sold today.
    Begun last = days.last();
    LedgerDay birth = birthOf(stream);
    if (last == null || birth == null) {
      return Optional.empty();
    }
    Optional<Long> today = lastSequence(stream, last.day().holds("created_at"));
    return today.isPresent() ? today : lastSequence(stream, birth.from("created_at"));
  }

  private Optional<Long> lastSequence(String stream, String when) {
    return query(
            "select sequence from event_journal where stream = ? and "
                + when
                + " order by sequence desc limit 1",
            statement -> statement.setString(1, stream),
            row -> row.getLong("sequence"))
        .stream()
        .findFirst();
  }

  /** The event {@code sequence} of {@code stream}, read alone; empty if there is none. */
  public Optional<? extends DomainEventMessage<?>> event(String stream, long sequence) {
    return EventStreamUtils.upcastAndDeserializeDomainEvents(
            fetchDomainEvents(stream, sequence, 1).stream(), getEventSerializer(), upcasterChain)
        .asStream()
        .filter(event -> event.getSequenceNumber() == sequence)
        .findFirst();
  }

  /** Takes the events of streams, one after the other. */
  public interface Reader {

    /** What this throws makes the stream one that {@link #cannotRead}. */
    void read(String stream, Object payload);

    /** No more is read of {@code stream}; the others go on. */
    void cannotRead(String stream, UnreadableStreamException cause);
  }

  /**
   * Reads the committed events of {@code parts}, each stream in its order, however many there are:
   * they are not held together.
   *
   * @throws EventStoreException if the journal is out of reach
   */
  public void readStreams(Collection<StreamPart> parts, Reader reader) {
    if (parts.isEmpty()) {
      return;
    }
    Begun first = days.nearest(parts.stream().mapToLong(StreamPart::position).min().orElseThrow());
    if (first == null) {
      return;
    }
    List<StreamPart> all = List.copyOf(parts);
    long[] next = all.stream().mapToLong(StreamPart::firstSequence).toArray();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false); // or the driver would fetch everything at once
      try (PreparedStatement statement = connection.prepareStatement(eventsOfParts(first.day()))) {
        statement.setFetchSize(FETCH_SIZE);
        Columns columns = new Columns(statement);
        columns.texts(all, StreamPart::stream);
        columns.numbers(all, StreamPart::firstSequence);
        columns.texts(all, part -> startOfDay(part.position()));
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            int part = rows.getInt("part") - 1;
            if (next[part] != UNREADABLE) {
              next[part] = read(all.get(part).stream(), next[part], rows, reader);
            }
          }
        }
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /** Gives {@code row} to {@code reader}; returns the sequence that has to follow. */
  private long read(String stream, long expected, ResultSet row, Reader reader)
      throws SQLException {
    try {
      requireNextOfStream(expected, row.getLong("sequence"));
      reader.read(stream, payload(row));
      return expected + 1;
    } catch (RuntimeException e) {
      reader.cannotRead(stream, new UnreadableStreamException(stream, expected, e));
      return UNREADABLE;
    }
  }

  /**
   * Each stream is looked for alone, from its own day on, so that no plan reads whole days instead.
   */
  static String eventsOfParts(LedgerDay first) {
    return """
        select p.part, e.sequence, e.type, e.revision, e.payload
        from unnest(?::text[], ?::bigint[], ?::timestamptz[]) with ordinality
          as p (stream, sequence, since, part)
        cross join lateral (
          select sequence, type, revision, payload from event_journal
          where stream = p.stream and sequence >= p.sequence and created_at >= p.since and\s"""
        + first.from("created_at")
        + " offset 0) e order by p.part, e.sequence";
  }

  private String startOfDay(long position) {
    Begun day = days.nearest(position);
    return (day == null ? Instant.EPOCH : day.day().start()).toString();
  }

  private static void requireNextOfStream(long expected, long found) {
    if (found != expected) {
      throw new IllegalStateException(
          "the journal goes on at %d; %d is missing".formatted(found, expected));
    }
  }

  private Object payload(ResultSet row) throws SQLException {
    return getEventSerializer()
        .deserialize(
            new SimpleSerializedObject<>(
                row.getString("payload"),
                String.class,
                row.getString("type"),
                row.getString("revision")));
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
    Begun day = days.firstFrom(LedgerDay.of(dateTime));
    if (day == null) {
      return createHeadToken();
    }
    Begun next = days.nextAfter(day);
    return token(
        firstFrom(
                dateTime,
                day,
                day.firstPosition(),
                (next == null ? headPosition() : next.firstPosition() - 1) + 1)
            - 1);
  }

  /**
   * The first position of {@code day} that is not before {@code dateTime}, {@code end} if there is
   * none. created_at rises with the position, so halving finds it without an index on time.
   */
  private long firstFrom(Instant dateTime, Begun day, long begin, long end) {
    long low = begin;
    long high = end;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (createdAt(day.day(), middle).isBefore(dateTime)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Instant createdAt(LedgerDay day, long position) {
    return query(
            "select created_at from event_journal where position = ? and "
                + day.holds("created_at"),
            statement -> statement.setLong(1, position),
            row -> row.getObject("created_at", OffsetDateTime.class).toInstant())
        .stream()
        .findFirst()
        .orElseThrow(
            () -> new EventStoreException("position " + position + " lies in the archive"));
  }

  /** An event without a stream type is of no stream; Axon knows it by its missing stream. */
  private static DomainEventData<String> entry(ResultSet row) throws SQLException {
    String streamType = row.getString("stream_type");
    return new StoredEvent(
        row.getString("event_id"),
        streamType,
        streamType == null ? null : row.getString("stream"),
        row.getLong("sequence"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        new SimpleSerializedObject<>(
            row.getString("payload"),
            String.class,
            row.getString("type"),
            row.getString("revision")),
        new SerializedMetaData<>(row.getString("metadata"), String.class));
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
      throw unreadable(e);
    }
  }

  private static EventStoreException unreadable(SQLException e) {
    return new EventStoreException(
        "the journal cannot be read: " + requireNonNullElse(e.getMessage(), ""), e);
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

    /** Sets the serializer of events. */
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
