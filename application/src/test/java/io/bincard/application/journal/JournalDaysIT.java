package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** The journal over several days: who reads what, who refuses what, and how a day may go. */
class JournalDaysIT {

  private static final Serializer SERIALIZER = Jackson3Serializer.builder().build();
  private static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant TUESDAY = Instant.parse("2026-03-03T12:00:00Z");
  private static final Instant THURSDAY = Instant.parse("2026-03-05T12:00:00Z");
  private static final Pattern PARTITION = Pattern.compile("on event_journal_(\\d{8})");

  private EmptyLedger ledger;
  private Connection connection;
  private Journal journal;
  private JournalEngine engine;

  /** Positions 1 to 4 on Monday, 5 and 6 on Tuesday, 7 to 9 on Thursday. */
  @BeforeEach
  void write() throws SQLException {
    ledger = new EmptyLedger();
    connection = ledger.dataSource().getConnection();
    LedgerDays.make(connection, LedgerDay.of(MONDAY), 40);
    journal = Journal.takeOver(connection);
    engine =
        JournalEngine.builder(ledger.dataSource(), new NeverAppends())
            .serializer(SERIALIZER)
            .build();
    commit(event("A", 0, MONDAY), event("B", 0, MONDAY), event("A", 1, MONDAY));
    commit(event("C", 0, MONDAY.plusSeconds(60)), event("A", 2, TUESDAY));
    commit(event("B", 1, TUESDAY.plusSeconds(60)));
    commit(event("A", 3, THURSDAY), event("D", 0, THURSDAY), event("C", 1, THURSDAY));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    ledger.close();
  }

  @Test
  void a_day_is_written_down_with_its_first_event() {
    assertThat(ledger.texts("select day || ' ' || first_position from journal_day order by day"))
        .containsExactly("2026-03-02 1", "2026-03-03 5", "2026-03-05 7");
    assertThat(
            ledger.texts(
                "select distinct tableoid::regclass::text || ' ' || (created_at at time zone 'UTC')::date"
                    + " from event_journal order by 1"))
        .containsExactly(
            "event_journal_20260302 2026-03-02",
            "event_journal_20260303 2026-03-03",
            "event_journal_20260305 2026-03-05");
  }

  @Test
  void a_partition_has_no_more_than_two_indexes() {
    assertThat(
            ledger.numbers(
                "select count(*) from pg_index where indrelid = 'event_journal_20260302'::regclass"))
        .containsExactly(2L);
  }

  // Reading

  @Test
  void a_reader_follows_the_positions_from_day_to_day() {
    assertThat(positionsAfter(0)).containsExactlyElementsOf(upTo(1));
    assertThat(positionsAfter(4)).containsExactlyElementsOf(upTo(5));
    assertThat(positionsAfter(5)).containsExactlyElementsOf(upTo(6));
    assertThat(positionsAfter(9)).isEmpty();
  }

  @Test
  void a_reader_at_the_end_sees_the_events_of_a_day_that_begins_later() throws SQLException {
    assertThat(positionsAfter(9)).isEmpty();

    commit(event("A", 4, THURSDAY.plusSeconds(86_400)));

    assertThat(positionsAfter(9)).containsExactly(10L);
  }

  @Test
  void a_reader_asks_one_partition_however_many_there_are() {
    assertThat(partitionsIn(JournalEngine.eventsOfDay(LedgerDay.of(TUESDAY)), "4", "100"))
        .containsExactly("20260303");
  }

  @Test
  void a_stream_is_read_in_order_from_the_day_it_was_born_on() {
    assertThat(engine.readEvents("A").asStream().map(DomainEventMessage::getSequenceNumber))
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(engine.readEvents("A", 2).asStream().map(DomainEventMessage::getSequenceNumber))
        .containsExactly(2L, 3L);
    assertThat(engine.readEvents("unknown").asStream()).isEmpty();
    assertThat(
            partitionsIn(
                JournalEngine.eventsOfStreamFrom(LedgerDay.of(THURSDAY)), "'D'", "0", "100"))
        .startsWith("20260305");
  }

  @Test
  void the_last_sequence_is_that_of_the_newest_day_that_has_the_stream() {
    assertThat(engine.lastSequenceNumberFor("A")).contains(3L);
    assertThat(engine.lastSequenceNumberFor("B")).contains(1L);
    assertThat(engine.lastSequenceNumberFor("D")).contains(0L);
    assertThat(engine.lastSequenceNumberFor("unknown")).isEmpty();
  }

  @Test
  void a_token_at_a_time_stands_before_the_first_event_that_is_not_older() {
    assertThat(positionAt(MONDAY.minusSeconds(86_400))).isZero();
    assertThat(positionAt(MONDAY)).isZero();
    assertThat(positionAt(MONDAY.plusNanos(1_000))).isEqualTo(3);
    assertThat(positionAt(MONDAY.plusSeconds(61))).isEqualTo(4);
    assertThat(positionAt(TUESDAY)).isEqualTo(4);
    assertThat(positionAt(TUESDAY.plusSeconds(86_400))).isEqualTo(6);
    assertThat(positionAt(THURSDAY)).isEqualTo(6);
    assertThat(positionAt(THURSDAY.plusSeconds(1))).isEqualTo(9);
    assertThat(positionAt(THURSDAY.plusSeconds(86_400 * 2))).isEqualTo(9);
  }

  // Sequences

  @Test
  void a_writer_that_has_just_begun_refuses_a_sequence_that_goes_back_skips_or_is_taken()
      throws SQLException {
    for (DomainEventMessage<?> wrong :
        List.of(
            event("B", 1, THURSDAY),
            event("B", 0, THURSDAY),
            event("B", 3, THURSDAY),
            event("A", 2, THURSDAY),
            event("A", 5, THURSDAY),
            event("unknown", 1, THURSDAY))) {
      journal = Journal.takeOver(connection);
      assertThatThrownBy(() -> commit(wrong))
          .as(wrong.getAggregateIdentifier() + wrong.getSequenceNumber())
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> assertThat(e.getSQLState()).isEqualTo(JournalEngine.UNIQUE_VIOLATION));
    }
    commit(event("B", 2, THURSDAY), event("A", 4, THURSDAY), event("D", 1, THURSDAY));

    assertThat(ledger.count("event_journal")).isEqualTo(12);
  }

  // Letting go

  @Test
  void a_day_goes_only_if_it_is_archived_whole_and_verified_and_every_stream_has_a_balance() {
    assertKept("2026-03-02", "2026-03-02 is not in the archive");

    archive("2026-03-02", 4, 1, 4, "null");
    assertKept("2026-03-02", "2026-03-02 is not in the archive, whole and verified");

    ledger.asOwner().sql("delete from journal_archive").update();
    archive("2026-03-02", 3, 1, 4, "now()");
    assertKept("2026-03-02", "2026-03-02 is not in the archive, whole and verified");

    ledger.asOwner().sql("delete from journal_archive").update();
    archive("2026-03-02", 4, 1, 4, "now()");
    assertKept("2026-03-02", "has no opening balance");

    balance("A", 1);
    balance("B", 0);
    assertKept("2026-03-02", "C of 2026-03-02 has no opening balance");

    balance("C", 1);
    ledger.asOwner().sql("update stream_snapshot set sequence = 0 where stream = 'A'").update();
    assertKept("2026-03-02", "A of 2026-03-02 has no opening balance");

    ledger.asOwner().sql("update stream_snapshot set sequence = 1 where stream = 'A'").update();
    drop("2026-03-02");
    assertThat(positionsOf("event_journal")).containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(ledger.numbers("select count(*) from journal_archive where dropped_at is not null"))
        .containsExactly(1L);
  }

  @Test
  void the_day_that_is_written_never_goes_whatever_the_archive_says() {
    archive("2026-03-05", 3, 7, 9, "now()");
    List.of("A", "C", "D").forEach(stream -> balance(stream, 3));

    assertKept("2026-03-05", "2026-03-05 is not over");
  }

  @Test
  void what_lies_in_the_archive_alone_is_not_passed_over_by_a_reader() {
    archive("2026-03-02", 4, 1, 4, "now()");
    List.of("A", "B", "C").forEach(stream -> balance(stream, 1));
    drop("2026-03-02");

    assertThatThrownBy(() -> positionsAfter(0))
        .isInstanceOf(EventStoreException.class)
        .hasMessageContaining("goes on at 5; the events from 1 on lie in the archive");
    assertThatThrownBy(() -> positionAt(MONDAY)).isInstanceOf(EventStoreException.class);
    assertThat(positionsAfter(4)).containsExactlyElementsOf(upTo(5));
  }

  private void assertKept(String day, String reason) {
    assertThatThrownBy(() -> drop(day))
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining(reason);
    assertThat(positionsOf("event_journal")).hasSize(9);
  }

  private void drop(String day) {
    ledger.sql().sql("select drop_journal_day(?::date)").param(day).query().listOfRows();
  }

  private void archive(String day, long events, long first, long last, String verified) {
    ledger
        .asOwner()
        .sql(
            "insert into journal_archive values (?::date, ?, ?, ?, sha256('manifest'), now(), "
                + verified
                + ")")
        .params(day, events, first, last)
        .update();
  }

  private void balance(String stream, long sequence) {
    ledger
        .sql()
        .sql("insert into stream_snapshot values (?, ?, 1, 'stock-item/1', '{}', 0)")
        .params(stream, sequence)
        .update();
  }

  private List<Long> positionsOf(String table) {
    return ledger.numbers("select position from " + table + " order by position");
  }

  private List<Long> positionsAfter(long position) {
    return engine
        .readEvents(position == 0 ? null : new GlobalSequenceTrackingToken(position), false)
        .map(event -> JournalEngine.positionOf(event.trackingToken()))
        .toList();
  }

  private static List<Long> upTo(long first) {
    return LongStream.rangeClosed(first, 9).boxed().toList();
  }

  private long positionAt(Instant time) {
    return JournalEngine.positionOf(engine.createTokenAt(time));
  }

  private List<String> partitionsIn(String sql, String... parameters) {
    String explained = "explain (costs off) " + sql;
    for (String parameter : parameters) {
      explained = explained.replaceFirst("\\?", parameter);
    }
    Stream<MatchResult> found =
        PARTITION.matcher(String.join("\n", ledger.texts(explained))).results();
    return found.map(partition -> partition.group(1)).distinct().toList();
  }

  private void commit(EventMessage<?>... events) throws SQLException {
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(Arrays.asList(events));
    journal.commit(batch);
  }

  private static DomainEventMessage<?> event(String stream, long sequence, Instant at) {
    return new GenericDomainEventMessage<>(
        "stock-item",
        stream,
        sequence,
        "payload",
        MetaData.emptyInstance(),
        stream + sequence + at,
        at);
  }

  private static final class NeverAppends implements JournalEngine.Appender {

    @Override
    public void append(List<? extends EventMessage<?>> events) {
      throw new UnsupportedOperationException();
    }
  }
}
