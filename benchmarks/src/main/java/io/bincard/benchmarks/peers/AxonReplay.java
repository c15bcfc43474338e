package io.bincard.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.benchmarks.load.Sample;
import io.bincard.domain.stock.StockEvent;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.messaging.StreamableMessageSource;

/**
 * Axon's pooled processor on the ledger's journal, replaying it to a handler that only counts: what
 * a rebuild by it would cost before a single row is written. Its tokens are in memory, and it gets
 * batches and pages as large as help it.
 */
public final class AxonReplay implements AutoCloseable {

  /** Nobody ends the threads that Axon is given: none may keep the benchmarks from their end. */
  private static final ThreadFactory DAEMONS = Thread.ofPlatform().daemon().factory();

  private static final int BATCH = 500;
  private static final int PAGE = 5_000;
  private static final int CONNECTIONS = 4;
  private static final int PATIENCE_MINUTES = 30;

  private final HikariDataSource dataSource;
  private final long events;

  /**
   * @param url of the ledger's PostgreSQL schema
   * @param events how many of the first ones are replayed
   */
  public AxonReplay(String url, long events) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(CONNECTIONS);
    this.dataSource = new HikariDataSource(pool);
    this.events = events;
  }

  /** Counts events. */
  public static final class Counter {
    private final AtomicLong taken = new AtomicLong();
    private final CountDownLatch done = new CountDownLatch(1);
    private final long enough;

    Counter(long enough) {
      this.enough = enough;
    }

    @EventHandler
    void on(StockEvent event) {
      if (taken.incrementAndGet() == enough) {
        done.countDown();
      }
    }
  }

  /** One replay from the first event on. */
  public Sample round() throws InterruptedException {
    Counter counter = new Counter(events);
    JournalEngine.Builder engine = JournalEngine.builder(dataSource, _ -> {});
    engine.batchSize(PAGE);
    EmbeddedEventStore store =
        EmbeddedEventStore.builder()
            .storageEngine(engine.serializer(new JournalSerializer()).build())
            .build();
    PooledStreamingEventProcessor processor =
        PooledStreamingEventProcessor.builder()
            .name("replay")
            .eventHandlerInvoker(SimpleEventHandlerInvoker.builder().eventHandlers(counter).build())
            .messageSource(store)
            .tokenStore(new InMemoryTokenStore())
            .transactionManager(NoTransactionManager.INSTANCE)
            .initialSegmentCount(1)
            .initialToken(StreamableMessageSource::createTailToken)
            .batchSize(BATCH)
            .coordinatorExecutor(_ -> Executors.newSingleThreadScheduledExecutor(DAEMONS))
            .workerExecutor(_ -> Executors.newSingleThreadScheduledExecutor(DAEMONS))
            .build();
    long began = System.nanoTime();
    processor.start();
    try {
      if (!counter.done.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(counter.taken + " of " + events + " events");
      }
      long nanos = System.nanoTime() - began;
      return Sample.of(events, (double) events * TimeUnit.SECONDS.toNanos(1) / nanos);
    } finally {
      processor.shutDown();
      store.shutDown();
    }
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
