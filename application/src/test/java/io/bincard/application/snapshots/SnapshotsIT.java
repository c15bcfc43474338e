package io.bincard.application.snapshots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.RunningWriter;
import io.bincard.application.books.StockItemRules;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.WriterProperties;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Opening balances beside the events that they stand for, in PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class SnapshotsIT {

  private static final int ITEMS = 12;
  private static final int ROUNDS = 12;
  private static final int MOST_ROUNDS = 100;
  private static final int COMMANDS = 400;
  private static final String WARNING = "are discarded; their streams are replayed";
  private static final JournalSerializer SERIALIZER = new JournalSerializer();

  /** What can befall a stored snapshot; the number is that of its item. */
  private static final List<String> MISHAPS =
      List.of(
          "update stream_snapshot set revision = 'stock-item/0' where stream = ?",
          "update stream_snapshot set revision = '' where stream = ?",
          "update stream_snapshot set state = '{}' where stream = ?",
          "update stream_snapshot set state = (state::jsonb || '{\"onHand\":1}')::json where stream = ?",
          "update stream_snapshot set sequence = sequence + 1 where stream = ?",
          "update stream_snapshot set sequence = 0 where stream = ?",
          "update stream_snapshot set position = position + 1000000 where stream = ?",
          "update stream_snapshot set checksum = checksum + 1 where stream = ?",
          "update stream_snapshot s set (sequence, position, state, checksum) ="
              + " (o.sequence, o.position, o.state, o.checksum) from stream_snapshot o"
              + " where s.stream = ? and o.stream <> s.stream",
          "delete from stream_snapshot where stream = ?");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private EmptyLedger ledger;

  @BeforeEach
  void migrate() {
    ledger = new EmptyLedger();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private RunningWriter writer(int cachedItems, int snapshotEvery) {
    WriterProperties limits = RunningWriter.LIMITS;
    return new RunningWriter(
        ledger.dataSource(),
        new WriterProperties(
            limits.maxBatch(),
            limits.queueCapacity(),
            limits.groupQueueWait(),
            cachedItems,
            limits.knownKeys(),
            limits.takeoverWait(),
            limits.retryFor(),
            null,
            snapshotEvery),
        meters);
  }

  @Test
  void whatever_becomes_of_its_snapshots_an_item_is_what_all_its_events_make_it() {
    long seed = Long.getLong("bincard.seed", System.nanoTime());
    System.out.println("SnapshotsIT: -Dbincard.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS || (!enoughHappened() && round < MOST_ROUNDS); round++) {
      String moment = "seed " + seed + " round " + round;
      try (RunningWriter writer = writer(1 + random.nextInt(4), 1 + random.nextInt(6))) {
        for (int i = 0; i < ITEMS; i++) {
          assertThat(writer.items().find(item(i)).orElse(StockItem.UNREGISTERED))
              .as(moment + " " + item(i))
              .isEqualTo(replay(item(i)));
        }
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
          answers.add(writer.send(command(random), "k" + round + "-" + i));
        }
        answers.forEach(
            answer ->
                assertThat(RunningWriter.get(answer)).as(moment).isInstanceOf(Answer.Told.class));
      }
      for (int i = 0; i < ITEMS; i++) {
        if (random.nextBoolean()) {
          String mishap = MISHAPS.get(random.nextInt(MISHAPS.size()));
          ledger.asOwner().sql(mishap).param(item(i).stream()).update();
        }
      }
    }
    assertThat(enoughHappened()).as(meters.getMetersAsString()).isTrue();
  }

  /** How much a round writes and evicts depends on the sizes of the batches. */
  private boolean enoughHappened() {
    return meters.counter("bincard.snapshots.written").count() > 100
        && meters.counter("bincard.snapshots.discarded").count() > 10
        && meters.counter("bincard.writer.live.evictions", "kind", "stock-item").count() > 100;
  }

  @Test
  void one_of_another_fold_is_discarded_with_one_warning_and_made_again(CapturedOutput output)
      throws SQLException {
    sell("A", 10, 5);
    String stream = "stock:A@MAIN";
    // Whole, and as new as can be: its revision alone tells.
    ledger.asOwner().sql("delete from stream_snapshot").update();
    Snapshot other = new Snapshot(stream, 10, "stock-item/0", snapshot(10).state());
    new Snapshots(ledger.dataSource()).store(List.of(other), List.of());

    try (RunningWriter writer = writer(10, 5)) {
      assertThat(writer.items().find(id("A"))).contains(replay(id("A")));
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(ledger.texts("select revision from stream_snapshot"))
                      .containsExactly(new StockItemRules().revision()));
    }
    try (RunningWriter writer = writer(10, 5)) {
      assertThat(writer.items().find(id("A"))).contains(replay(id("A")));
    }

    assertThat(output).containsOnlyOnce(WARNING);
    assertThat(meters.counter("bincard.snapshots.discarded").count()).isEqualTo(1);
  }

  @Test
  void what_lies_before_a_snapshot_is_not_read_again() {
    sell("A", 10, 5);
    awaitSnapshot("A", 9);
    StockItem all = replay(id("A"));
    ledger.asOwner().sql("delete from event_journal where sequence < 9").update();

    try (RunningWriter writer = writer(10, 5)) {
      assertThat(writer.items().find(id("A"))).contains(all);
      assertThat(writer.ask(deduct("A", 1), "one-more")).isInstanceOf(Answer.Told.class);
      assertThat(writer.items().find(id("A")).orElseThrow().version()).isEqualTo(11);
    }
  }

  @Test
  void a_missing_event_is_not_passed_over() {
    sell("A", 8, 5);
    awaitSnapshot("A", 4);
    ledger.asOwner().sql("delete from event_journal where sequence = 6").update();

    try (RunningWriter writer = writer(10, 5)) {
      assertThatThrownBy(() -> writer.items().find(id("A")))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasStackTraceContaining(
              "stock:A@MAIN cannot be read from event 6 on: the journal goes on at 7; 6 is missing");
    }
  }

  @Test
  void a_stream_that_cannot_be_read_fails_its_own_commands_alone() {
    sell("A", 8, 0);
    sell("B", 8, 0);
    sell("C", 8, 0);
    ledger
        .asOwner()
        .sql("delete from event_journal where stream = 'stock:A@MAIN' and sequence = 6")
        .update();
    ledger
        .asOwner()
        .sql(
            "update event_journal set type = 'of-tomorrow' where stream = 'stock:B@MAIN' and sequence = 3")
        .update();

    try (RunningWriter writer = writer(10, 5)) {
      RunningWriter.Pause pause = writer.pause();
      CompletableFuture<Answer> missing = writer.send(deduct("A", 1), "a");
      CompletableFuture<Answer> unknown = writer.send(deduct("B", 1), "b");
      CompletableFuture<Answer> well = writer.send(deduct("C", 1), "c");
      pause.end();

      assertThat(RunningWriter.get(well)).isInstanceOf(Answer.Told.class);
      assertThatThrownBy(() -> RunningWriter.get(missing))
          .isInstanceOf(UnreadableStreamException.class)
          .hasMessage(
              "stock:A@MAIN cannot be read from event 6 on: the journal goes on at 7; 6 is missing");
      assertThatThrownBy(() -> RunningWriter.get(unknown))
          .isInstanceOf(UnreadableStreamException.class)
          .hasMessageStartingWith("stock:B@MAIN cannot be read from event 3 on: ")
          .hasMessageContaining("of-tomorrow");
      assertThat(ledger.count("command_receipt where key in ('a', 'b')")).isZero();
    }
  }

  @Test
  void a_stream_that_was_read_a_long_way_gets_a_snapshot_there() {
    sell("A", 8, 0);
    assertThat(ledger.count("stream_snapshot")).isZero();

    try (RunningWriter writer = writer(10, 5)) {
      assertThat(writer.items().find(id("A")).orElseThrow().version()).isEqualTo(8);
      awaitSnapshot("A", 8);
    }
  }

  @Test
  void none_stands_behind_an_event_that_is_not_committed_or_replaces_a_newer_one()
      throws SQLException {
    sell("A", 10, 0);
    Snapshots snapshots = new Snapshots(ledger.dataSource());

    assertThat(snapshots.store(List.of(snapshot(11), snapshot("B", 0)), List.of())).isZero();
    assertThat(ledger.count("stream_snapshot")).isZero();

    snapshots.store(List.of(snapshot(7)), List.of());
    snapshots.store(List.of(snapshot(6)), List.of());
    awaitSnapshot("A", 7);
    snapshots.store(List.of(snapshot(6)), List.of(snapshot(7).at(8)));
    awaitSnapshot("A", 6);
  }

  @Test
  void no_answer_waits_for_one_that_cannot_be_written() throws SQLException {
    try (HikariDataSource owner = ledger.connectAsOwner();
        Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table stream_snapshot in exclusive mode");
      sell("A", 100, 1, connection::commit);
      awaitSnapshot("A", 100);
    }
  }

  private static Snapshot snapshot(long sequence) {
    return snapshot("A", sequence);
  }

  private static Snapshot snapshot(String sku, long sequence) {
    StockItemRules rules = new StockItemRules();
    return new Snapshot(
        id(sku).stream(), sequence, rules.revision(), rules.write(StockItem.UNREGISTERED));
  }

  private interface AtTheEnd {
    void run() throws SQLException;
  }

  private void sell(String sku, int times, int snapshotEvery) {
    try {
      sell(sku, times, snapshotEvery, () -> {});
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Registers {@code sku} and deducts from it; {@code atTheEnd} all is answered. */
  private void sell(String sku, int times, int snapshotEvery, AtTheEnd atTheEnd)
      throws SQLException {
    try (RunningWriter writer = writer(10, snapshotEvery)) {
      writer.ask(register(sku), sku);
      for (int i = 0; i < times; i++) {
        assertThat(writer.ask(deduct(sku, 1), sku + i)).isInstanceOf(Answer.Told.class);
      }
      atTheEnd.run();
      if (snapshotEvery > 0) {
        awaitSnapshot(sku, times - (times + 1) % snapshotEvery);
      }
    }
  }

  private void awaitSnapshot(String sku, long sequence) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        ledger.numbers(
                            "select sequence from stream_snapshot where stream = ?",
                            id(sku).stream()))
                    .containsExactly(sequence));
  }

  /** All events of {@code id}, read by plain SQL and folded by the domain. */
  private StockItem replay(StockItemId id) {
    return ledger
        .sql()
        .sql("select type, revision, payload from event_journal where stream = ? order by sequence")
        .param(id.stream())
        .query(
            (row, n) ->
                SERIALIZER.<String, StockEvent>deserialize(
                    new SimpleSerializedObject<>(
                        row.getString("payload"),
                        String.class,
                        row.getString("type"),
                        row.getString("revision"))))
        .list()
        .stream()
        .reduce(StockItem.UNREGISTERED, StockItem::evolve, (first, second) -> second);
  }

  private static StockItemId item(int number) {
    return id("ITEM-" + number);
  }

  private static StockItemId id(String sku) {
    return new StockItemId(new Sku(sku), LocationId.MAIN);
  }

  private static StockCommand register(String sku) {
    return new StockCommand.RegisterStockItem(
        new Sku(sku), LocationId.MAIN, new Quantity(1_000), Quantity.ZERO, Quantity.ZERO);
  }

  private static StockCommand deduct(String sku, int units) {
    return new StockCommand.DeductStock(
        new Sku(sku), LocationId.MAIN, new Quantity(units), new OrderId("o"));
  }

  private static StockCommand command(Random random) {
    Sku sku = item(random.nextInt(ITEMS)).sku();
    Quantity some = new Quantity(1 + random.nextInt(9));
    Reason reason = new Reason("why");
    return switch (random.nextInt(10)) {
      case 0 -> register(sku.value());
      case 1 -> new StockCommand.CountStock(sku, LocationId.MAIN, some);
      case 2 -> new StockCommand.SetStockPolicy(sku, LocationId.MAIN, null, some);
      case 3 ->
          new StockCommand.AdjustStock(sku, LocationId.MAIN, new Delta(some.units() - 10), reason);
      case 4 ->
          random.nextInt(4) == 0
              ? new StockCommand.FreezeStockItem(sku, LocationId.MAIN, reason)
              : new StockCommand.UnfreezeStockItem(sku, LocationId.MAIN, reason);
      case 5, 6 -> new StockCommand.ReceiveStock(sku, LocationId.MAIN, some, null);
      default -> deduct(sku.value(), Math.toIntExact(some.units()));
    };
  }
}
