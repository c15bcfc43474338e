package io.bincard.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.benchmarks.ledger.Deductions;
import io.bincard.benchmarks.load.ClosedLoop;
import io.bincard.benchmarks.load.Sample;
import io.bincard.benchmarks.load.Sink;
import io.bincard.domain.stock.StockCommand;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.commandhandling.AsynchronousCommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.lock.PessimisticLockFactory;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventsourcing.CachingEventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcSQLErrorCodesResolver;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.modelling.command.Repository;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.axonframework.serialization.Serializer;

/**
 * The same aggregate and the same commands on what Axon itself brings: its JDBC engine, its
 * asynchronous command bus, its locks, and its caching repository over a map in memory.
 */
public final class StockAxon implements AutoCloseable {

  /** In flight: more only wait for the aggregate's lock. */
  private static final int CALLERS = 32;

  private static final int IDLE_MILLIS = 10_000;

  private final String url;
  private final HikariDataSource dataSource;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final EmbeddedEventStore eventStore;
  private final AsynchronousCommandBus bus;
  private final Deductions deductions = new Deductions(1, 0);
  private long sent;

  /** Starts it in the database at {@code url} with one item. */
  public StockAxon(String url) throws SQLException, InterruptedException {
    this.url = url;
    Sql.execute(url, Sql.resource("axon.sql"));
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(CALLERS + 1);
    pool.setMinimumIdle(1);
    pool.setIdleTimeout(IDLE_MILLIS);
    this.dataSource = new HikariDataSource(pool);
    Serializer serializer = new JournalSerializer();
    this.eventStore =
        EmbeddedEventStore.builder()
            .storageEngine(
                JdbcEventStorageEngine.builder()
                    .connectionProvider(
                        new UnitOfWorkAwareConnectionProviderWrapper(dataSource::getConnection))
                    .transactionManager(NoTransactionManager.INSTANCE)
                    .schema(schema())
                    .snapshotSerializer(serializer)
                    .eventSerializer(serializer)
                    .persistenceExceptionResolver(new JdbcSQLErrorCodesResolver())
                    .build())
            .build();
    this.bus =
        AsynchronousCommandBus.builder()
            .transactionManager(NoTransactionManager.INSTANCE)
            .executor(threads)
            .build();
    Repository<StockAggregate> repository =
        CachingEventSourcingRepository.builder(StockAggregate.class)
            .eventStore(eventStore)
            .cache(new MemoryCache())
            .lockFactory(PessimisticLockFactory.usingDefaults())
            .build();
    AggregateAnnotationCommandHandler.<StockAggregate>builder()
        .aggregateType(StockAggregate.class)
        .repository(repository)
        .commandTargetResolver(
            message ->
                new VersionedAggregateIdentifier(
                    (Object) ((StockCommand) message.getPayload()).item().stream(), null))
        .build()
        .subscribe(bus);
    ClosedLoop.run((number, done) -> send(new Deductions(1, 1).register(number), done), 1, 0, 1);
  }

  private static EventSchema schema() {
    return EventSchema.builder()
        .eventTable("domain_event_entry")
        .globalIndexColumn("global_index")
        .eventIdentifierColumn("event_identifier")
        .aggregateIdentifierColumn("aggregate_identifier")
        .sequenceNumberColumn("sequence_number")
        .typeColumn("type")
        .timestampColumn("time_stamp")
        .payloadTypeColumn("payload_type")
        .payloadRevisionColumn("payload_revision")
        .payloadColumn("payload")
        .metaDataColumn("meta_data")
        .build();
  }

  private void send(CommandMessage<?> message, Sink.Done done) {
    bus.dispatch(
        message,
        (_, result) ->
            done.with(!result.isExceptional() && Boolean.TRUE.equals(result.getPayload())));
  }

  /** One round with {@value #CALLERS} callers. */
  public Sample round(Duration time) throws InterruptedException, SQLException {
    long before = written();
    Sample sample =
        ClosedLoop.run(
            (number, done) -> send(deductions.deduct(number), done), CALLERS, sent, time);
    sent += sample.done() + sample.failed();
    if (sample.failed() > 0 || written() - before != sample.done()) {
      throw new IllegalStateException(
          "stock Axon: %d answered, %d failed, %d written"
              .formatted(sample.done(), sample.failed(), written() - before));
    }
    return sample;
  }

  private long written() throws SQLException {
    return Sql.number(url, "select count(*) from domain_event_entry");
  }

  @Override
  public void close() {
    eventStore.shutDown();
    threads.close();
    dataSource.close();
  }
}
