package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory.Part;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockReserved;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole journal as views made anew read it, held against what Axon's processors are told. */
class JournalHistoryIT {

  private static final JournalSerializer SERIALIZER = new JournalSerializer();
  private static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00.123456Z");
  private static final Instant TUESDAY = Instant.parse("2026-03-03T12:00:00Z");
  private static final Instant THURSDAY = Instant.parse("2026-03-05T12:00:00Z");
  private static final Set<Class<? extends LedgerEvent>> ALL = Set.of(LedgerEvent.class);
  private static final int MANY = 45_000;

  private EmptyLedger ledger;
  private Connection connection;
  private Journal journal;
  private JournalEngine engine;
  private JournalHistory history;

  /** Positions 1 to 3 on Monday, 4 on Tuesday, 5 to 7 on Thursday. */
  @BeforeEach
  void write() throws SQLException {
    ledger = new EmptyLedger();
    connection = ledger.dataSource().getConnection();
    LedgerDays.make(connection, LedgerDay.of(MONDAY), 40);
    journal = Journal.takeOver(connection);
    engine = JournalEngine.builder(ledger.dataSource(), _ -> {}).serializer(SERIALIZER).build();
    history = new JournalHistory(engine, ledger.dataSource(), SERIALIZER, 2);
    commit(registered("A#1", MONDAY), registered("B", MONDAY), deducted("B", 1, MONDAY));
    commit(reserved("B", 2, TUESDAY));
    commit(registered("C", THURSDAY), deducted("B", 3, THURSDAY), deducted("C", 1, THURSDAY));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    ledger.close();
  }

  private static DomainEventMessage<?> registered(String sku, Instant at) {
    return event(
        new StockItemRegistered(
            new Sku(sku), LocationId.MAIN, new Quantity(9), Quantity.ZERO, Quantity.ZERO),
        0,
        at);
  }

  private static DomainEventMessage<?> deducted(String sku, long sequence, Instant at) {
    return event(
        new StockDeducted(new Sku(sku), LocationId.MAIN, new Quantity(1), new OrderId("o")),
        sequence,
        at);
  }

  private static DomainEventMessage<?> reserved(String sku, long sequence, Instant at) {
    return event(
        new StockReserved(
            new Sku(sku),
            LocationId.MAIN,
            new Quantity(1),
            HoldId.of("02d3c4f5-37b6-812f-8c5c-1ed4af6e90ec"),
            new OrderId("o"),
            Instant.parse("2026-03-04T12:00:00.250Z")),
        sequence,
        at);
  }

  private static DomainEventMessage<?> event(StockEvent event, long sequence, Instant at) {
    String stream = event.item().stream();
    return new GenericDomainEventMessage<>(
        "stock-item", stream, sequence, event, MetaData.emptyInstance(), stream + sequence, at);
  }

  private void commit(EventMessage<?>... events) throws SQLException {
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(List.of(events));
    journal.commit(batch);
  }

  private List<Part> read(long after, long upTo, Set<Class<? extends LedgerEvent>> kinds) {
    List<Part> parts = new ArrayList<>();
    history.read(after, upTo, kinds, parts::add);
    return parts;
  }

  private List<CommittedEvent> events(long after, long upTo) {
    return read(after, upTo, ALL).stream().flatMap(part -> part.events().stream()).toList();
  }

  private List<CommittedEvent> asAxonReads() {
    List<CommittedEvent> events = new ArrayList<>();
    engine
        .readEvents(new GlobalSequenceTrackingToken(0), false)
        .forEach(
            event -> {
              DomainEventMessage<?> inStream = (DomainEventMessage<?>) event;
              events.add(
                  new CommittedEvent(
                      inStream.getAggregateIdentifier(),
                      inStream.getSequenceNumber(),
                      ((TrackedEventMessage<?>) event).trackingToken().position().orElseThrow(),
                      event.getTimestamp(),
                      (LedgerEvent) event.getPayload()));
            });
    return events;
  }

  @Test
  void tells_every_event_as_axon_is_told_it() {
    assertThat(events(0, 7)).hasSize(7).isEqualTo(asAxonReads());
    assertThat(events(2, 5)).isEqualTo(asAxonReads().subList(2, 5));
    assertThat(read(7, 7, ALL)).isEmpty();
    assertThat(history.headPosition()).isEqualTo(7);
  }

  @Test
  void a_part_lies_in_one_day_and_says_how_far_it_goes_and_when_that_was() {
    assertThat(read(0, 6, ALL).stream().map(part -> part.upTo() + " " + part.time()))
        .containsExactly("3 " + MONDAY, "4 " + TUESDAY, "6 " + THURSDAY);
  }

  @Test
  void events_that_nobody_asks_for_are_passed_over_and_their_positions_are_not() {
    List<Part> parts = read(0, 7, Set.of(StockReserved.class, DiscountEvent.class));

    assertThat(parts).extracting(Part::upTo).containsExactly(3L, 4L, 7L);
    assertThat(parts.stream().flatMap(part -> part.events().stream()))
        .extracting(CommittedEvent::position)
        .containsExactly(4L);
  }

  @Test
  void stops_when_the_reader_wants_no_more() {
    List<Part> parts = new ArrayList<>();

    history.read(
        0,
        7,
        ALL,
        part -> {
          parts.add(part);
          return false;
        });

    assertThat(parts).extracting(Part::upTo).containsExactly(3L);
  }

  @Test
  void what_the_reader_fails_with_reaches_the_caller() {
    IllegalStateException own = new IllegalStateException("the reader's own");

    assertThatThrownBy(
            () ->
                history.read(
                    0,
                    7,
                    ALL,
                    _ -> {
                      throw own;
                    }))
        .isSameAs(own);
  }

  @Test
  void a_long_day_comes_in_parts_in_order_and_leaves_no_connection_behind() {
    ledger
        .asOwner()
        .sql(
            """
            insert into event_journal
              (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
            select 7 + n, 'id-' || n, 'stock:C@MAIN', 1 + n, 'stock-item', 'stock-deducted', '1',
              '{"sku":"C","location":"MAIN","quantity":1,"orderId":"o"}', '{}', timestamptz '2026-03-05 13:00Z'
            from generate_series(1, %d) n
            """
                .formatted(MANY))
        .update();

    List<Part> parts = read(0, 7 + MANY, ALL);

    assertThat(parts.getLast().upTo()).isEqualTo(7 + MANY);
    assertThat(parts).hasSizeGreaterThan(4);
    assertThat(parts.stream().flatMap(part -> part.events().stream()))
        .extracting(CommittedEvent::position)
        .hasSize(7 + MANY)
        .isSorted();
    assertThat(ledger.dataSource().getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
  }

  @Test
  void does_not_pass_over_what_left_postgresql() {
    ledger.asOwner().sql("drop table event_journal_20260303").update();

    assertThatThrownBy(() -> read(0, 7, ALL))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("lies in the archive");
    assertThat(events(4, 7)).hasSize(3);
  }

  @Test
  void refuses_an_event_of_a_later_version_wanted_or_not() {
    ledger
        .asOwner()
        .sql(
            "insert into event_journal select 8, 'id-8', stream, 9, stream_type, 'later', '1', '{}',"
                + " metadata, created_at from event_journal where position = 7")
        .update();

    assertThatThrownBy(() -> read(0, 8, Set.of(DiscountEvent.class)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("later");
  }

  @Test
  void counts_streams_by_their_first_event() {
    assertThat(history.streams("stock:", 7)).isEqualTo(3);
    assertThat(history.streams("stock:", 4)).isEqualTo(2);
    assertThat(history.streams("stock:B", 7)).isEqualTo(1);
    assertThat(history.streams("hold:", 7)).isZero();
  }

  @Test
  void says_that_it_is_out_of_reach() {
    ledger.dataSource().close();

    assertThatThrownBy(() -> history.headPosition()).isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(() -> read(0, 7, ALL)).isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(() -> history.streams("stock:", 7))
        .isInstanceOf(LedgerUnavailableException.class);
  }
}
