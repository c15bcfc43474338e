package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Readers of the journal: from memory while they keep up, from PostgreSQL when they do not. */
class JournalStreamIT {

  private static final Serializer SERIALIZER = new JournalSerializer();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
  private static final int RECENT = 10;

  private final JournalTail tail = new JournalTail(RECENT);
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
  void an_event_from_memory_is_the_event_that_is_stored() throws Exception {
    commit(deduction(0, NOON), deduction(1, NOON.minusSeconds(60)), ofNoStream());

    List<TrackedEventMessage<?>> fromMemory = read(new Unreachable(), 0, 3);
    List<TrackedEventMessage<?>> stored = new ArrayList<>();
    engine(ledger.dataSource())
        .readEvents(new GlobalSequenceTrackingToken(0), false)
        .forEach(stored::add);

    assertThat(fromMemory.stream().map(JournalStreamIT::everythingOf))
        .containsExactlyElementsOf(stored.stream().map(JournalStreamIT::everythingOf).toList());
  }

  @Test
  void who_keeps_up_never_asks_postgresql() throws Exception {
    for (int sequence = 0; sequence < 3 * RECENT; sequence++) {
      commit(deduction(sequence, NOON));
      assertThat(positions(read(new Unreachable(), sequence, 1))).containsExactly(sequence + 1L);
    }
  }

  @Test
  void who_falls_behind_reads_what_is_stored_and_goes_on_in_memory() throws Exception {
    for (int sequence = 0; sequence < 3 * RECENT; sequence++) {
      commit(deduction(sequence, NOON));
    }

    assertThat(positions(read(ledger.dataSource(), 0, 3 * RECENT)))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 3 * RECENT).boxed().toList());
    assertThat(positions(read(new Unreachable(), 2 * RECENT, RECENT))).hasSize(RECENT);
    assertThatThrownBy(() -> read(new Unreachable(), 2 * RECENT - 1, 1))
        .isInstanceOf(EventStoreException.class);
  }

  @Test
  void a_batch_larger_than_memory_is_read_from_postgresql() throws Exception {
    DomainEventMessage<?>[] events = new DomainEventMessage<?>[RECENT + 1];
    for (int sequence = 0; sequence < events.length; sequence++) {
      events[sequence] = deduction(sequence, NOON);
    }
    commit(events);

    assertThat(tail.recentAfter(0)).isNull();
    assertThat(positions(read(ledger.dataSource(), 0, RECENT + 1))).hasSize(RECENT + 1);
  }

  @Test
  void events_of_another_writer_are_not_passed_over() throws Exception {
    commit(deduction(0, NOON));
    JournalBatch unheard = new JournalBatch(journal.head(), SERIALIZER);
    unheard.addEvents(List.of(deduction(1, NOON)));
    journal.commit(unheard);
    commit(deduction(2, NOON));

    assertThat(positions(read(ledger.dataSource(), 0, 3))).containsExactly(1L, 2L, 3L);
  }

  private void commit(EventMessage<?>... events) throws SQLException {
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(List.of(events));
    journal.commit(batch);
    tail.advance(batch);
  }

  private List<TrackedEventMessage<?>> read(DataSource dataSource, long after, int count)
      throws InterruptedException {
    List<TrackedEventMessage<?>> events = new ArrayList<>();
    try (JournalStream stream = new JournalStream(engine(dataSource), tail, after)) {
      while (events.size() < count) {
        events.add(stream.nextAvailable());
      }
    }
    return events;
  }

  private static JournalEngine engine(DataSource dataSource) {
    return JournalEngine.builder(dataSource, _ -> {}).serializer(SERIALIZER).build();
  }

  private static List<Long> positions(List<TrackedEventMessage<?>> events) {
    return events.stream().map(event -> event.trackingToken().position().orElseThrow()).toList();
  }

  private static List<Object> everythingOf(TrackedEventMessage<?> event) {
    List<Object> all =
        new ArrayList<>(
            List.of(
                event.trackingToken(),
                event.getIdentifier(),
                event.getTimestamp(),
                event.getPayloadType(),
                event.getPayload(),
                event.getMetaData()));
    if (event instanceof DomainEventMessage<?> inStream) {
      all.add(inStream.getType());
      all.add(inStream.getAggregateIdentifier());
      all.add(inStream.getSequenceNumber());
    }
    return all;
  }

  private static StockDeducted payload() {
    return new StockDeducted(
        new Sku("A"), LocationId.MAIN, new Quantity(3), new OrderId("order-1"));
  }

  private static DomainEventMessage<?> deduction(long sequence, Instant at) {
    return new GenericDomainEventMessage<>(
        "stock-item",
        payload().item().stream(),
        sequence,
        payload(),
        MetaData.with("tenant", "default").and("key", "key-" + sequence),
        "id-" + sequence,
        at);
  }

  private static EventMessage<?> ofNoStream() {
    return new GenericEventMessage<>(payload(), MetaData.emptyInstance());
  }

  /** PostgreSQL that must not be asked. */
  private static final class Unreachable extends AbstractDataSource {

    @Override
    public Connection getConnection() throws SQLException {
      throw new SQLException("PostgreSQL was asked");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }
}
