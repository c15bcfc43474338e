package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalHistory;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.reconciliation.expected.BrokenStreamException;
import io.bincard.reconciliation.expected.Buckets;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.expected.JournalFold;
import io.bincard.reconciliation.expected.PostgresExpectations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Reconciliation's tables, filled from a real journal, page by page. */
class JournalFoldIT {

  private static final JournalSerializer SERIALIZER = new JournalSerializer();
  private static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant NEXT_MONTH = MONDAY.plus(Duration.ofDays(32));
  private static final OrderId ORDER = new OrderId("o-1");
  private static final String A = "availability:A@MAIN";

  /** {@code -DfoldEvents=1000000 -DfoldItems=100000} to measure. */
  private static final int EVENTS = Integer.getInteger("foldEvents", 45_000);

  private static final int ITEMS = Integer.getInteger("foldItems", 1_000);
  private static final int PAGE = 20_000;

  private final Map<String, Long> sequences = new HashMap<>();
  private EmptyLedger ledger;
  private Connection connection;
  private Journal journal;
  private JournalHistory history;
  private TransactionTemplate transaction;
  private Expectations expectations;

  @BeforeEach
  void open() throws SQLException {
    ledger = new EmptyLedger();
    connection = ledger.dataSource().getConnection();
    LedgerDays.make(connection, LedgerDay.of(MONDAY), 40);
    journal = Journal.takeOver(connection);
    history =
        new JournalHistory(
            JournalEngine.builder(ledger.dataSource(), _ -> {}).serializer(SERIALIZER).build(),
            ledger.dataSource(),
            SERIALIZER,
            2);
    transaction = new TransactionTemplate(new JdbcTransactionManager(ledger.dataSource()));
    expectations = new PostgresExpectations(ledger.dataSource());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    ledger.close();
  }

  private JournalFold fold() {
    return new JournalFold(history, ledger.dataSource(), 3);
  }

  private Set<String> fold(JournalFold fold, long after, long upTo) {
    return Objects.requireNonNull(transaction.execute(_ -> fold.fold(after, upTo).touched()));
  }

  private void commit(Instant at, String stream, LedgerEvent event) throws SQLException {
    long sequence = sequences.merge(stream, 1L, Long::sum) - 1;
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(
        List.of(
            new GenericDomainEventMessage<>(
                "stock-item",
                stream,
                sequence,
                event,
                MetaData.emptyInstance(),
                stream + sequence,
                at)));
    journal.commit(batch);
  }

  private void register(String sku, long units) throws SQLException {
    commit(
        MONDAY,
        "stock:" + sku + "@MAIN",
        new StockItemRegistered(
            new Sku(sku), LocationId.MAIN, new Quantity(units), Quantity.ZERO, Quantity.ZERO));
  }

  private void deduct(String sku, Instant at) throws SQLException {
    commit(
        at,
        "stock:" + sku + "@MAIN",
        new StockDeducted(new Sku(sku), LocationId.MAIN, new Quantity(1), ORDER));
  }

  private void reserve(String sku, HoldId hold, long units) throws SQLException {
    commit(
        MONDAY,
        "stock:" + sku + "@MAIN",
        new StockReserved(
            new Sku(sku),
            LocationId.MAIN,
            new Quantity(units),
            hold,
            ORDER,
            MONDAY.plusSeconds(9)));
  }

  private void release(String sku, HoldId hold, long units) throws SQLException {
    commit(
        MONDAY,
        "stock:" + sku + "@MAIN",
        new ReservationReleased(
            new Sku(sku),
            LocationId.MAIN,
            new Quantity(units),
            hold,
            ORDER,
            MONDAY.plusSeconds(9)));
  }

  private void place(HoldId hold) throws SQLException {
    commit(
        MONDAY,
        hold.stream(),
        new HoldPlaced(
            hold,
            ORDER,
            List.of(new Part(0, new Sku("A"), LocationId.MAIN, new Quantity(1), null)),
            null,
            MONDAY,
            MONDAY.plusSeconds(9)));
  }

  private static HoldId hold(long number) {
    return new HoldId(new UUID(0, number));
  }

  private String figure(String key, String field) {
    ExpectedRow row = expectations.find(List.of(key)).get(key);
    return row == null ? "no row" : row.fields().getOrDefault(field, "no field");
  }

  /** All rows that there are, as one who reads them all at once is told. */
  private List<ExpectedRow> all() {
    List<ExpectedRow> rows = new ArrayList<>();
    try (Expectations.Cut cut = expectations.cut()) {
      cut.each(0, Expectations.BUCKETS, rows::add);
    }
    return rows;
  }

  @Test
  void one_that_starts_anew_goes_on_where_the_tables_are() throws SQLException {
    register("A", 10);
    register("B", 10);
    reserve("A", hold(1), 3);
    reserve("A", hold(2), 4);
    place(hold(1));
    assertThat(fold(fold(), 0, 3)).containsOnly(A, "availability:B@MAIN");
    assertThat(figure(A, "reserved")).isEqualTo("3");

    deduct("A", MONDAY);
    release("A", hold(1), 3);
    commit(MONDAY, hold(1).stream(), new HoldReleased(hold(1), ORDER));
    assertThat(fold(fold(), 3, 8)).containsOnly(A, "hold:" + hold(1));

    assertThat(figure(A, "onHand")).isEqualTo("9");
    assertThat(figure(A, "lapses")).isEqualTo(MONDAY.plusSeconds(9).toEpochMilli() + ":4");
    assertThat(figure("hold:" + hold(1), "status")).isEqualTo("RELEASED");
    assertThat(expectations.position()).isEqualTo(8);
    assertThat(ledger.count("expected_promise")).isEqualTo(1);
    assertThat(ledger.numbers("select position from expected_item where key = ?", A))
        .containsExactly(7L);
  }

  @Test
  void a_page_that_comes_again_changes_nothing() throws SQLException {
    register("A", 10);
    deduct("A", MONDAY);
    deduct("A", MONDAY);
    JournalFold fold = fold();
    fold(fold, 0, 2);
    List<ExpectedRow> before = all();

    assertThat(fold(fold, 0, 2)).isEmpty();
    assertThat(fold(fold(), 1, 2)).isEmpty();
    assertThat(all()).isEqualTo(before);

    assertThat(fold(fold, 1, 3)).as("one that is seen in part").containsOnly(A);
    assertThat(figure(A, "onHand")).isEqualTo("8");
  }

  @Test
  void what_was_undone_is_folded_again_from_the_tables() throws SQLException {
    register("A", 10);
    reserve("A", hold(1), 3);
    deduct("A", MONDAY);
    JournalFold fold = fold();
    fold(fold, 0, 1);

    assertThatThrownBy(
            () ->
                transaction.execute(
                    _ -> {
                      fold.fold(1, 3);
                      throw new IllegalStateException("the connection is gone");
                    }))
        .hasMessage("the connection is gone");
    assertThat(expectations.position()).isEqualTo(1);
    assertThat(figure(A, "onHand")).isEqualTo("10");
    assertThat(ledger.count("expected_promise")).isZero();

    fold(fold, 1, 3);
    assertThat(figure(A, "onHand")).isEqualTo("9");
    assertThat(figure(A, "reserved")).isEqualTo("3");
    assertThat(ledger.count("expected_promise")).isEqualTo(1);
  }

  @Test
  void another_node_may_go_on_between_two_pages() throws SQLException {
    register("A", 10);
    deduct("A", MONDAY);
    deduct("A", MONDAY);
    JournalFold first = fold();
    fold(first, 0, 1);
    fold(fold(), 1, 2);

    fold(first, 2, 3);

    assertThat(figure(A, "onHand")).isEqualTo("8");
  }

  @Test
  void a_journal_with_a_gap_in_a_stream_stops_the_fold_and_nothing_of_the_page_is_kept()
      throws SQLException {
    register("A", 10);
    register("B", 10);
    JournalFold fold = fold();
    fold(fold, 0, 1);
    ledger
        .asOwner()
        .sql(
            "insert into event_journal select 3, 'id-3', 'stock:A@MAIN', 2, stream_type,"
                + " 'stock-deducted', '1',"
                + " '{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\"}',"
                + " metadata, created_at from event_journal where position = 1")
        .update();

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> fold(fold, 1, 3))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessage(
              "stock:A@MAIN cannot go on with StockDeducted, sequence 2, at position 3: its sequence"
                  + " does not follow 0");
      assertThat(expectations.position()).isEqualTo(1);
      assertThat(figure("availability:B@MAIN", "onHand")).isEqualTo("no row");
    }
  }

  @Test
  void tables_that_are_behind_their_token_are_told() throws SQLException {
    register("A", 10);
    deduct("A", MONDAY);

    assertThatThrownBy(() -> fold(fold(), 1, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("up to 0 and the next ones that come are behind 1");
  }

  @Test
  void a_hold_that_is_over_is_forgotten_a_day_after_the_view_forgot_it_and_an_open_one_never()
      throws SQLException {
    register("A", 10);
    place(hold(1));
    place(hold(2));
    commit(MONDAY, hold(1).stream(), new HoldReleased(hold(1), ORDER));
    deduct("A", MONDAY.plus(Duration.ofDays(30)).plusSeconds(10));
    JournalFold fold = fold();
    fold(fold, 0, 5);
    assertThat(ledger.count("expected_row")).isEqualTo(2);

    deduct("A", NEXT_MONTH);
    fold(fold, 5, 6);

    assertThat(ledger.texts("select key from expected_row")).containsExactly("hold:" + hold(2));
  }

  @Test
  void a_cut_stays_at_its_position_and_leaves_its_connection_as_it_was() throws SQLException {
    register("A", 10);
    register("B", 10);
    deduct("A", MONDAY);
    JournalFold fold = fold();
    fold(fold, 0, 2);

    List<ExpectedRow> seen = new ArrayList<>();
    try (Expectations.Cut cut = expectations.cut()) {
      fold(fold, 2, 3);
      assertThat(cut.position()).isEqualTo(2);
      cut.each(0, Expectations.BUCKETS, seen::add);
    }

    assertThat(seen).extracting(row -> row.fields().get("onHand")).containsExactly("10", "10");
    assertThat(figure(A, "onHand")).isEqualTo("9");
    assertThat(ledger.dataSource().getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
    deduct("A", MONDAY);
    fold(fold, 3, 4);
    assertThat(figure(A, "onHand")).isEqualTo("8");
  }

  @Test
  void a_cut_gives_each_row_in_its_own_bucket() throws SQLException {
    for (int i = 0; i < 20; i++) {
      register("S-" + i, i);
    }
    fold(fold(), 0, 20);

    Map<String, Integer> buckets = new HashMap<>();
    try (Expectations.Cut cut = expectations.cut()) {
      for (int bucket = 0; bucket < Expectations.BUCKETS; bucket++) {
        int from = bucket;
        cut.each(from, from + 1, row -> buckets.put(row.key(), from));
      }
    }

    assertThat(buckets).hasSize(20);
    buckets.forEach((key, bucket) -> assertThat(Buckets.of(key)).isEqualTo(bucket));
  }

  @Test
  void a_long_journal_is_folded_page_by_page() throws SQLException {
    register("S-0", 0);
    ledger
        .asOwner()
        .sql(
            """
            insert into event_journal
              (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
            select n, 'id-' || n, 'stock:S-' || item || '@MAIN', (n - 1) / :items, 'stock-item',
              case when n <= :items then 'stock-item-registered' else 'stock-received' end, '1',
              case when n <= :items
                then json_build_object('sku', 'S-' || item, 'location', 'MAIN', 'openingQuantity', 1,
                  'safetyStock', 0, 'backorderLimit', 0)
                else json_build_object('sku', 'S-' || item, 'location', 'MAIN', 'quantity', 1) end,
              '{}', timestamptz '2026-03-02 13:00Z'
            from generate_series(2, :events) n, lateral (select mod(n - 1, :items) as item) i
            """)
        .param("items", ITEMS)
        .param("events", EVENTS)
        .update();
    JournalFold fold = new JournalFold(history, ledger.dataSource(), 100_000);

    long start = System.nanoTime();
    for (int at = 0; at < EVENTS; at += PAGE) {
      fold(fold, at, Math.min(EVENTS, at + PAGE));
    }
    long folded = System.nanoTime();
    List<ExpectedRow> rows = all();
    long read = System.nanoTime();

    System.out.printf(
        "%d events of %d items: folded in %d ms, read again in %d ms%n",
        EVENTS, ITEMS, (folded - start) / 1_000_000, (read - folded) / 1_000_000);
    assertThat(rows).hasSize(ITEMS);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.fields())
                    .containsEntry("onHand", Long.toString(row.version() + firstOf(row))));
    assertThat(rows.stream().mapToLong(row -> row.version() + 1).sum()).isEqualTo(EVENTS);
  }

  private static int firstOf(ExpectedRow row) {
    return row.key().equals("availability:S-0@MAIN") ? 0 : 1;
  }
}
