package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngineTest;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Axon's own suites for storage engines on the journal in PostgreSQL. Their events are strings, so
 * they are written by Axon's serializer; each append is committed at once.
 */
class JournalEngineIT extends BatchingEventStorageEngineTest<JournalEngine, JournalEngine.Builder> {

  private static final Serializer SERIALIZER = Jackson3Serializer.builder().build();

  private static EmptyLedger ledger;

  private boolean beginStreams;

  @BeforeAll
  static void migrate() {
    ledger = new EmptyLedger();
  }

  @AfterAll
  static void close() {
    ledger.close();
  }

  @BeforeEach
  void start() {
    ledger.empty();
    setTestSubject(createEngine());
  }

  @Override
  protected JournalEngine createEngine(UnaryOperator<JournalEngine.Builder> customization) {
    return customization
        .apply(
            JournalEngine.builder(
                    ledger.dataSource(), new AtOnce(ledger.dataSource(), () -> beginStreams))
                .serializer(SERIALIZER))
        .build();
  }

  /*
   * These tests give each event a stream of its own and let the streams begin at sequence 1, 2, 3.
   * A stream of the journal has no gaps and begins at 0, so here their events get that sequence.
   * What they test, tokens, is as Axon has it.
   */

  @Override
  @Test
  public void createTailToken() {
    beginStreams = true;
    super.createTailToken();
  }

  @Override
  @Test
  public void createHeadToken() {
    beginStreams = true;
    super.createHeadToken();
  }

  @Override
  @Test
  public void createTokenAt() {
    beginStreams = true;
    super.createTokenAt();
  }

  @Override
  @Test
  public void createTokenAtExactTime() {
    beginStreams = true;
    super.createTokenAtExactTime();
  }

  @Override
  @Test
  public void createTokenWithUnorderedEvents() {
    beginStreams = true;
    super.createTokenWithUnorderedEvents();
  }

  @Override
  @Test
  public void createTokenAtTimeAfterLastEvent() {
    beginStreams = true;
    super.createTokenAtTimeAfterLastEvent();
  }

  @Override
  @Test
  public void createTokenAtTimeBeforeFirstEvent() {
    beginStreams = true;
    super.createTokenAtTimeBeforeFirstEvent();
  }

  /*
   * The ledger's snapshots are not those of Axon's aggregates: the engine refuses to store any and
   * has none, whatever filter it is given.
   */

  @Override
  @Test
  public void storeAndLoadSnapshot() {
    assertThatThrownBy(super::storeAndLoadSnapshot)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Override
  @Test
  public void snapshotFilterAllowsSnapshots() {
    assertThatThrownBy(super::snapshotFilterAllowsSnapshots)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Override
  @Test
  public void snapshotFilterRejectsSnapshots() {
    assertThatThrownBy(super::snapshotFilterRejectsSnapshots)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Override
  @Test
  public void snapshotFilterRejectsSnapshotsOnCombinedFilter() {
    assertThatThrownBy(super::snapshotFilterRejectsSnapshotsOnCombinedFilter)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  /** Takes the ledger over for every append and commits it. */
  private record AtOnce(DataSource dataSource, BooleanSupplier beginStreams)
      implements JournalEngine.Appender {

    @Override
    public void append(List<? extends EventMessage<?>> events) throws SQLException {
      try (Connection connection = dataSource.getConnection()) {
        Journal journal = Journal.takeOver(connection);
        JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
        batch.addEvents(
            beginStreams.getAsBoolean()
                ? events.stream().map(AtOnce::asFirstOfItsStream).toList()
                : events);
        journal.commit(batch);
      }
    }

    private static EventMessage<?> asFirstOfItsStream(EventMessage<?> event) {
      DomainEventMessage<?> inStream = (DomainEventMessage<?>) event;
      return new GenericDomainEventMessage<>(
          inStream.getType(),
          inStream.getAggregateIdentifier(),
          0,
          inStream,
          inStream.getTimestamp());
    }
  }
}
