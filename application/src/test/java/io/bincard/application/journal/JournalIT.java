package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.receipts.Receipt;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockItemId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalIT {

  private static final Serializer SERIALIZER = new JournalSerializer();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private EmptyLedger ledger;
  private Connection connection;
  private Journal journal;

  @BeforeEach
  void takeOver() throws SQLException {
    ledger = new EmptyLedger();
    connection = ledger.dataSource().getConnection();
    journal = Journal.takeOver(connection);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    ledger.close();
  }

  @Test
  void positions_and_sequences_are_dense_over_several_batches() throws SQLException {
    commit(deduction("A", 0, NOON), deduction("B", 0, NOON), deduction("A", 1, NOON));
    commit(deduction("B", 1, NOON));
    commit(deduction("A", 2, NOON), deduction("C", 0, NOON), deduction("B", 2, NOON));

    assertThat(numbers("select position from event_journal order by position"))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 7).boxed().toList());
    assertThat(sequencesOf("A")).containsExactly(0L, 1L, 2L);
    assertThat(sequencesOf("B")).containsExactly(0L, 1L, 2L);
    assertThat(numbers("select born_position from stream order by stream"))
        .containsExactly(1L, 2L, 6L);
    assertThat(numbers("select position from ledger_head")).containsExactly(7L);
    assertThat(journal.head()).isEqualTo(7);
  }

  @Test
  void created_at_never_runs_backwards_when_the_clock_jumps() throws SQLException {
    commit(deduction("A", 0, NOON), deduction("A", 1, NOON.minusSeconds(3_600)));
    commit(deduction("A", 2, NOON.minusSeconds(86_400)));
    try (Connection next = ledger.dataSource().getConnection()) {
      journal = Journal.takeOver(next);
      commit(deduction("A", 3, NOON.minusSeconds(60)), deduction("A", 4, NOON.plusSeconds(1)));
    }

    assertThat(
            ledger
                .sql()
                .sql("select created_at from event_journal order by position")
                .query(Instant.class)
                .list())
        .containsExactly(NOON, NOON, NOON, NOON, NOON.plusSeconds(1));
  }

  @Test
  void a_receipt_is_dated_by_the_clock_even_if_no_event_goes_with_it() throws SQLException {
    Instant before = Instant.now().minusSeconds(1);
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addReceipt(receipt("refused", "{}"));
    journal.commit(batch);

    assertThat(
            ledger
                .sql()
                .sql("select recorded_at from command_receipt")
                .query(Instant.class)
                .single())
        .isAfter(before)
        .isBefore(Instant.now().plusSeconds(1));
  }

  @Test
  void a_deposed_journal_cannot_commit_and_writes_nothing() throws SQLException {
    commit(deduction("A", 0, NOON));
    try (Connection other = ledger.dataSource().getConnection()) {
      Journal successor = Journal.takeOver(other);

      assertThatThrownBy(() -> commit(deduction("A", 1, NOON)))
          .isInstanceOf(JournalFencedException.class)
          .hasMessageContaining("epoch " + journal.epoch());

      assertThat(successor.epoch()).isGreaterThan(journal.epoch());
      assertThat(successor.head()).isEqualTo(1);
    }
    assertThat(ledger.count("event_journal")).isEqualTo(1);
    assertThat(ledger.count("command_receipt")).isZero();
    assertThat(numbers("select position from ledger_head")).containsExactly(1L);
  }

  @Test
  void a_deposed_journal_cannot_commit_even_at_the_same_head() throws SQLException {
    try (Connection other = ledger.dataSource().getConnection()) {
      Journal.takeOver(other);
      JournalBatch onlyReceipts = new JournalBatch(journal.head(), SERIALIZER);
      onlyReceipts.addReceipt(receipt("k", "{}"));

      assertThatThrownBy(() -> journal.commit(onlyReceipts))
          .isInstanceOf(JournalFencedException.class);
    }
    assertThat(ledger.count("command_receipt")).isZero();
  }

  @Test
  void a_second_event_at_a_sequence_is_refused() throws SQLException {
    commit(deduction("A", 0, NOON), deduction("A", 1, NOON));

    assertRefused(deduction("A", 1, NOON));
    assertRefused(deduction("A", 0, NOON));
    assertRefused(deduction("B", 0, NOON), deduction("B", 0, NOON));
  }

  @Test
  void a_gap_in_a_stream_is_refused() throws SQLException {
    commit(deduction("A", 0, NOON));

    assertRefused(deduction("A", 2, NOON));
    assertRefused(deduction("A", 1, NOON), deduction("A", 3, NOON));
    assertRefused(deduction("B", 1, NOON));
  }

  @Test
  void the_same_key_gives_the_same_ids_and_another_key_gives_others() throws SQLException {
    commit(deduction("A", 0, NOON, "key-1"), deduction("A", 1, NOON, "key-1", 1));
    List<String> first = eventIds();
    ledger.empty();
    journal = Journal.takeOver(connection);
    commit(deduction("Z", 0, NOON, "key-0"));
    commit(deduction("A", 0, NOON, "key-1"), deduction("A", 1, NOON, "key-1", 1));

    assertThat(first).doesNotHaveDuplicates();
    assertThat(eventIds())
        .hasSize(3)
        .endsWith(first.toArray(String[]::new))
        .doesNotHaveDuplicates();
    assertThat(first)
        .containsExactly(
            "20e17113-0e80-8f59-88bb-2b33e2b68394", "b5b4ea08-084f-8560-a848-18b4429fcb3c");
  }

  @Test
  void events_heads_and_receipts_are_one_transaction() throws SQLException {
    commit(deduction("A", 0, NOON));
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(List.of(deduction("A", 1, NOON), deduction("B", 0, NOON)));
    batch.addReceipt(receipt("good", "{}"));
    // Receipts are written last, and PostgreSQL takes no outcome that is not JSON.
    batch.addReceipt(receipt("bad", "no json"));

    assertThatThrownBy(() -> journal.commit(batch))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("invalid input syntax for type json");

    assertThat(ledger.count("event_journal")).isEqualTo(1);
    assertThat(numbers("select born_position from stream")).containsExactly(1L);
    assertThat(ledger.count("command_receipt")).isZero();
    assertThat(numbers("select position from ledger_head")).containsExactly(1L);
    assertThat(journal.head()).isEqualTo(1);
  }

  @Test
  void payload_and_metadata_can_be_read_as_json_in_sql() throws SQLException {
    commit(deduction("A", 0, NOON, "key-1"));

    assertThat(
            ledger
                .sql()
                .sql(
                    """
                    select payload->>'sku' sku, (payload->>'quantity')::bigint quantity,
                      payload->>'orderId' order_id, metadata->>'key' key, type, revision, stream_type
                    from event_journal
                    """)
                .query()
                .singleRow())
        .isEqualTo(
            Map.of(
                "sku", "A",
                "quantity", 3L,
                "order_id", "order-1",
                "key", "key-1",
                "type", "stock-deducted",
                "revision", "1",
                "stream_type", "stock-item"));
  }

  private void commit(DomainEventMessage<?>... events) throws SQLException {
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(List.of(events));
    journal.commit(batch);
  }

  private void assertRefused(DomainEventMessage<?>... events) {
    List<Long> before = allPositions();
    assertThatThrownBy(() -> commit(events))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).isEqualTo(JournalEngine.UNIQUE_VIOLATION));
    assertThat(allPositions()).isEqualTo(before);
  }

  private List<Long> allPositions() {
    List<Long> all = new ArrayList<>(numbers("select position from event_journal order by 1"));
    all.addAll(numbers("select position from ledger_head"));
    all.addAll(numbers("select born_position from stream order by 1"));
    return all;
  }

  private List<Long> numbers(String query) {
    return ledger.numbers(query);
  }

  private List<Long> sequencesOf(String sku) {
    return ledger.numbers(
        "select sequence from event_journal where stream = ? order by position", stream(sku));
  }

  private List<String> eventIds() {
    return ledger.texts("select event_id from event_journal order by position");
  }

  private static String stream(String sku) {
    return new StockItemId(new Sku(sku), LocationId.MAIN).stream();
  }

  private static DomainEventMessage<?> deduction(String sku, long sequence, Instant at) {
    return deduction(sku, sequence, at, "key of " + sku + sequence + at);
  }

  private static DomainEventMessage<?> deduction(
      String sku, long sequence, Instant at, String key) {
    return deduction(sku, sequence, at, key, 0);
  }

  private static DomainEventMessage<?> deduction(
      String sku, long sequence, Instant at, String key, int ordinal) {
    StockEvent event =
        new StockDeducted(new Sku(sku), LocationId.MAIN, new Quantity(3), new OrderId("order-1"));
    return new GenericDomainEventMessage<>(
        "stock-item",
        event.item().stream(),
        sequence,
        event,
        MetaData.with(EventIds.TENANT, "default")
            .and(EventIds.CLIENT, "default")
            .and(EventIds.KEY, key.replace(' ', '-')),
        EventIds.derive(CommandKey.of(key.replace(' ', '-')), ordinal).toString(),
        at);
  }

  private static Receipt receipt(String key, String body) {
    return new Receipt(CommandKey.of(key), Fingerprint.of("t", "{}"), new Outcome(409, body), null);
  }
}
