package io.bincard.application;

import io.bincard.application.books.Books;
import io.bincard.application.cluster.ClusterProperties;
import io.bincard.application.cluster.Leadership;
import io.bincard.application.cluster.LeaseWatch;
import io.bincard.application.cluster.LedgerLease;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalEventStore;
import io.bincard.application.journal.JournalProperties;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.receipts.ReceiptTiers;
import io.bincard.application.snapshots.SnapshotKeeper;
import io.bincard.application.stock.JournalStockItems;
import io.bincard.application.timers.SteadyClock;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.CommandGroup;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.OnError;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.bincard.application.writer.Verdict;
import io.bincard.application.writer.WriterProperties;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.StockItemId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.serialization.Serializer;

/**
 * The writer and the ledger's own answers, put together by {@link LedgerWiring}, on a data source
 * of the test's choice; no HTTP, no views.
 */
public final class RunningWriter implements AutoCloseable {

  /** Limits of a test: small enough to be reached, long enough for a slow machine. */
  public static final WriterProperties LIMITS =
      new WriterProperties(
          1_000,
          20_000,
          Duration.ofSeconds(10),
          10_000,
          100_000,
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          null,
          100);

  private static final JournalProperties JOURNAL = new JournalProperties(7, 20_000, 2);

  private static final long PATIENCE_SECONDS = 60;

  /** As in production, but that commands wait for a leader as long as a test does. */
  private static final ClusterProperties CLUSTER =
      new ClusterProperties(
          null,
          Duration.ofSeconds(3),
          Duration.ofMillis(500),
          Duration.ofMillis(250),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  private final AtomicInteger pauses = new AtomicInteger();
  private final SingleWriterCommandBus bus;
  private final LeaseWatch watch;
  private final SnapshotKeeper keeper;
  private final CommandGateway gateway;
  private final JournalStockItems items;
  private final JournalTail tail;
  private final Books books;

  /** Starts; takes the ledger of {@code dataSource} over unless another writer leads it. */
  public RunningWriter(DataSource dataSource, WriterProperties limits, CommitListener... more) {
    this(dataSource, limits, new SimpleMeterRegistry(), more);
  }

  /** The same, told to {@code meters}. */
  public RunningWriter(
      DataSource dataSource,
      WriterProperties limits,
      MeterRegistry meters,
      CommitListener... more) {
    LedgerWiring wiring = new LedgerWiring();
    tail = wiring.journalTail(JOURNAL);
    Serializer serializer = wiring.eventSerializer();
    OpenBatch openBatch = wiring.openBatch(serializer);
    JournalEngine engine = wiring.eventStorageEngine(dataSource, openBatch, serializer);
    JournalEventStore eventStore = (JournalEventStore) wiring.eventStore(engine, tail);
    Leadership leadership = wiring.leadership();
    LedgerLease lease =
        wiring.ledgerLease(dataSource, CLUSTER, limits, new SteadyClock(Duration.ofHours(1)));
    keeper = wiring.snapshotKeeper(dataSource, meters);
    books = wiring.books(engine, dataSource, keeper, openBatch, limits, meters);
    items = wiring.stockItems(eventStore, books, tail, limits, lease);
    List<CommitListener> listeners =
        Stream.concat(Stream.of(items, books), Arrays.stream(more)).toList();
    bus =
        wiring.commandBus(
            limits,
            dataSource,
            wiring.receipts(ReceiptTiers.DEFAULT),
            lease,
            wiring.commandForwarder(
                leadership, CLUSTER, wiring.clusterMetrics(meters, lease, leadership)),
            openBatch,
            tail,
            listeners,
            meters);
    watch = wiring.leaseWatch(dataSource, lease, leadership, tail, bus, CLUSTER);
    gateway = wiring.commandGateway(bus);
    wiring.stockDecider(books, bus);
    bus.subscribe(Pause.class.getName(), command -> ((Pause) command.getPayload()).hold());
    keeper.start();
    bus.start();
    watch.start();
  }

  public RunningWriter(DataSource dataSource) {
    this(dataSource, LIMITS);
  }

  public SingleWriterCommandBus bus() {
    return bus;
  }

  public CommandGateway gateway() {
    return gateway;
  }

  /** What the ledger itself answers readers. */
  public JournalStockItems items() {
    return items;
  }

  /** Whether {@code item} is in the writer's memory; to be asked while nothing waits or runs. */
  public boolean remembers(StockItemId item) {
    return books.items().states().has(item);
  }

  public JournalTail tail() {
    return tail;
  }

  /** {@code command} with {@code key}, as the API builds it. */
  public static CommandMessage<?> message(Object command, String key) {
    return KeyedCommands.message(
        command,
        CommandKey.of(key),
        Fingerprint.of(command.getClass().getSimpleName(), LedgerJson.write(command)),
        ExpectedVersion.ANY,
        null);
  }

  public CompletableFuture<Answer> send(Object command, String key) {
    return gateway.send(message(command, key));
  }

  /** The answer to {@code command}. */
  public Answer ask(Object command, String key) {
    return get(send(command, key));
  }

  public CompletableFuture<List<Answer>> send(OnError onError, CommandMessage<?>... lines) {
    return gateway.send(new GenericCommandMessage<>(new CommandGroup(List.of(lines), onError)));
  }

  /** The answers to {@code lines}. */
  public List<Answer> ask(OnError onError, CommandMessage<?>... lines) {
    return get(send(onError, lines));
  }

  /** What {@code answer} will be, in bounded time; throws what it failed with. */
  public static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Stops the writer in the middle of a batch, so that what is sent until {@link Pause#end} waits
   * and shares the next batch.
   */
  public Pause pause() {
    Pause pause = new Pause(new CountDownLatch(1), new CountDownLatch(1));
    CommandMessage<?> message =
        KeyedCommands.message(
            pause,
            CommandKey.of("pause-" + pauses.incrementAndGet() + "-" + System.nanoTime()),
            Fingerprint.of("pause", ""),
            ExpectedVersion.ANY,
            null);
    bus.dispatch(message);
    await(pause.begun());
    return pause;
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited in vain");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A command that the writer's thread cannot finish before {@link #end}. */
  public record Pause(CountDownLatch begun, CountDownLatch over) {

    private Verdict hold() {
      begun.countDown();
      await(over);
      return new Plain(false, new Outcome(409, "{}"));
    }

    public void end() {
      over.countDown();
    }
  }

  /** A verdict of a test's own handler. */
  public record Plain(boolean isAccepted, Outcome told) implements Verdict {

    @Override
    public Outcome outcome(CommandKey key, long position) {
      return told;
    }
  }

  @Override
  public void close() {
    watch.stop();
    bus.stop();
    keeper.stop();
  }
}
