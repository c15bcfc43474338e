package io.bincard.application.writer;

import static io.bincard.application.RunningWriter.get;
import static io.bincard.application.RunningWriter.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.FaultyConnections;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the writer tells a monitor, on a clock that the test moves. */
class WriterMetricsIT {

  private static final WriterProperties ROOM_FOR_SIX =
      new WriterProperties(
          1_000,
          6,
          Duration.ofMillis(50),
          100,
          100_000,
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          null,
          100);

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private EmptyLedger ledger;
  private FaultyConnections connections;
  private RunningWriter writer;

  @BeforeEach
  void start() {
    ledger = new EmptyLedger();
    connections = new FaultyConnections(ledger.dataSource());
    writer = new RunningWriter(connections, ROOM_FOR_SIX, meters);
  }

  @AfterEach
  void close() {
    writer.close();
    ledger.close();
  }

  @Test
  void the_queue_is_what_waits_or_runs_and_a_batch_is_what_was_taken_at_once() {
    RunningWriter.Pause pause = writer.pause();
    List<CompletableFuture<Answer>> waiting =
        IntStream.range(0, 3).mapToObj(i -> writer.send(register("A" + i, 1), "k" + i)).toList();
    CompletableFuture<List<Answer>> group =
        writer.send(OnError.STOP, message(register("B", 1), "g1"), message(register("C", 1), "g2"));

    assertThat(meters.get("bincard.writer.queue").gauge().value()).isEqualTo(6);
    assertThat(meters.get("bincard.writer.queue.capacity").gauge().value()).isEqualTo(6);
    pause.end();
    waiting.forEach(RunningWriter::get);
    get(group);

    assertThat(meters.get("bincard.writer.queue").gauge().value()).isZero();
    DistributionSummary batch = meters.get("bincard.writer.batch").summary();
    assertThat(batch.count()).isEqualTo(2);
    assertThat(batch.totalAmount()).isEqualTo(6);
    assertThat(batch.max()).isEqualTo(5);
  }

  @Test
  void what_finds_no_room_is_counted_as_busy_and_not_as_answered() {
    RunningWriter.Pause pause = writer.pause();
    List<CompletableFuture<Answer>> waiting =
        IntStream.range(0, 5).mapToObj(i -> writer.send(register("A" + i, 1), "k" + i)).toList();

    assertThatThrownBy(() -> writer.ask(register("B", 1), "kb"))
        .isInstanceOf(LedgerBusyException.class);
    assertThatThrownBy(() -> writer.ask(OnError.ATOMIC, message(register("C", 1), "kc")))
        .isInstanceOf(LedgerBusyException.class);
    pause.end();
    waiting.forEach(RunningWriter::get);
    writer.ask(OnError.STOP, message(register("D", 1), "kd"));

    assertThat(meters.get("bincard.writer.busy").counter().count()).isEqualTo(2);
    assertThat(answered("done")).isEqualTo(6);
    assertThat(answered("failed")).isZero();
  }

  @Test
  void a_commit_takes_from_its_first_row_to_its_flush_and_counts_when_it_happened() {
    connections.beforeCommit(() -> clock.add(Duration.ofMillis(300)));
    connections.loseCommits(1);

    writer.ask(register("A", 1), "k1");
    writer.ask(register("A", 1), "k1");

    Timer commit = meters.get("bincard.writer.commit").timer();
    assertThat(commit.count()).as("the lost one and the replay are no commits").isEqualTo(1);
    assertThat(commit.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(300);
    assertThat(commit.takeSnapshot().histogramCounts())
        .extracting(bucket -> bucket.bucket(TimeUnit.MILLISECONDS))
        .containsExactly(
            0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3);
    assertThat(meters.get("bincard.writer.batch").summary().count())
        .as("a batch that is run again is one batch")
        .isEqualTo(2);
    assertThat(answered("done")).isEqualTo(1);
    assertThat(answered("replayed")).isEqualTo(1);
  }

  private record Broken(String how) {}

  /** A command and its verdict, which no batch survives. */
  private record Deadly() implements Verdict {

    @Override
    public boolean isAccepted() {
      return true;
    }

    @Override
    public Outcome outcome(CommandKey key, long position) {
      throw new AssertionError("a bug");
    }
  }

  @Test
  void a_command_that_fails_alone_and_a_batch_that_fails_are_counted_as_failed() {
    writer
        .bus()
        .subscribe(
            Broken.class.getName(),
            command -> {
              throw new IllegalStateException("a bug");
            });
    RunningWriter.Pause pause = writer.pause();
    CompletableFuture<Answer> broken = writer.send(new Broken("x"), "k1");
    CompletableFuture<Answer> behind = writer.send(register("A", 1), "k2");
    pause.end();
    get(behind);
    assertThatThrownBy(() -> get(broken)).hasMessageContaining("a bug");

    assertThat(answered("failed")).isEqualTo(1);
    assertThat(answered("done")).isEqualTo(1);
    assertThat(answered("rejected")).as("the pause").isEqualTo(1);

    writer.bus().subscribe(Deadly.class.getName(), command -> new Deadly());
    assertThatThrownBy(() -> writer.ask(new Deadly(), "k3"))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(answered("failed")).isEqualTo(2);
    assertThat(answered("done")).isEqualTo(1);
  }

  private double answered(String outcome) {
    return meters.get("bincard.writer.commands").tag("outcome", outcome).counter().count();
  }

  private static StockCommand register(String sku, long units) {
    return new RegisterStockItem(
        new Sku(sku), LocationId.MAIN, new Quantity(units), Quantity.ZERO, Quantity.ZERO);
  }
}
