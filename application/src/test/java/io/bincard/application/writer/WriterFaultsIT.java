package io.bincard.application.writer;

import static io.bincard.application.RunningWriter.get;
import static io.bincard.application.RunningWriter.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.FaultyConnections;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds when PostgreSQL, the connection or a command fails. */
class WriterFaultsIT {

  private EmptyLedger ledger;
  private HikariDataSource pool;
  private FaultyConnections connections;
  private RunningWriter writer;

  @BeforeEach
  void start() {
    ledger = new EmptyLedger();
    pool = ledger.connect();
    connections = new FaultyConnections(pool);
    writer = new RunningWriter(connections);
  }

  @AfterEach
  void close() {
    writer.close();
    pool.close();
    ledger.close();
  }

  @Test
  void a_commit_whose_reply_is_lost_is_found_and_not_run_twice() {
    writer.ask(register("A", 10), "k1");
    assertThat(onHand("A")).isEqualTo(10);
    connections.loseCommitReplies(1);

    assertThat(done(writer.ask(deduct("A", 3), "k2"))).contains("\"onHand\":7");

    assertThat(connections.repliesLost()).isEqualTo(1);
    assertThat(ledger.count("event_journal")).isEqualTo(2);
    assertThat(onHand("A")).as("what readers are told").isEqualTo(7);
    assertThat(writer.tail().position()).isEqualTo(2);
    assertThat(done(writer.ask(deduct("A", 7), "k3"))).contains("\"version\":2", "\"onHand\":0");
  }

  @Test
  void a_lost_reply_to_a_group_resolves_every_line_of_it() {
    writer.ask(register("A", 10), "k1");
    connections.loseCommitReplies(1);

    List<Answer> answers =
        writer.ask(
            OnError.CONTINUE,
            message(deduct("A", 3), "g1"),
            message(deduct("A", 9), "g2"),
            message(deduct("A", 7), "g3"));

    assertThat(done(answers.get(0))).contains("\"onHand\":7");
    assertThat(refused(answers.get(1))).contains("insufficient-stock");
    assertThat(done(answers.get(2))).contains("\"onHand\":0");
    assertThat(ledger.count("event_journal")).isEqualTo(3);
  }

  @Test
  void a_lost_reply_to_an_atomic_group_that_was_given_up_resolves_to_the_same() {
    writer.ask(register("A", 10), "k1");
    connections.loseCommitReplies(1);

    List<Answer> answers =
        writer.ask(OnError.ATOMIC, message(deduct("A", 3), "g1"), message(deduct("A", 9), "g2"));

    assertThat(answers.get(0)).isEqualTo(new Answer.Skipped());
    assertThat(refused(answers.get(1))).contains("\"available\":7");
    assertThat(ledger.count("event_journal")).isEqualTo(1);
    assertThat(onHand("A")).isEqualTo(10);
  }

  @Test
  void a_commit_that_did_not_happen_is_run_again() {
    writer.ask(register("A", 10), "k1");
    connections.loseCommits(3);

    assertThat(done(writer.ask(deduct("A", 3), "k2"))).contains("\"version\":1,\"position\":2");

    assertThat(ledger.count("event_journal")).isEqualTo(2);
    assertThat(onHand("A")).isEqualTo(7);
  }

  @Test
  void a_batch_that_was_not_committed_leaves_nothing_in_memory() {
    writer.close();
    writer = new RunningWriter(connections, impatient(2));
    writer.ask(register("A", 10), "k1");
    writer.ask(register("B", 10), "k2");
    assertThat(remembered("A", "B")).containsExactly("A", "B");
    connections.loseCommits(Integer.MAX_VALUE);

    assertThat(
            writer.ask(
                OnError.CONTINUE,
                message(deduct("A", 3), "g1"),
                message(deduct("B", 3), "g2"),
                message(register("NEW", 1), "g3")))
        .hasOnlyElementsOfType(Answer.Failed.class);
    assertThat(remembered("A", "B", "NEW")).isEmpty();

    connections.loseCommits(0);
    long epoch = epoch();
    assertThat(done(writer.ask(deduct("A", 10), "k3"))).contains("\"version\":1,\"position\":3,");
    assertThat(done(writer.ask(register("NEW", 2), "k4"))).contains("\"version\":0,");
    assertThat(epoch()).as("taken over once, and nothing lost since").isEqualTo(epoch + 1);
  }

  @Test
  void while_the_ledger_is_out_of_reach_senders_are_told_that_the_outcome_is_unknown() {
    writer.close();
    writer = new RunningWriter(connections, impatient(100));
    writer.ask(register("A", 10), "k1");
    connections.loseCommits(Integer.MAX_VALUE);

    assertThatThrownBy(() -> writer.ask(deduct("A", 3), "k2"))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(ledger.count("event_journal")).isEqualTo(1);

    connections.loseCommits(0);
    assertThat(done(writer.ask(deduct("A", 3), "k2"))).contains("\"onHand\":7");
    assertThat(ledger.count("event_journal")).isEqualTo(2);
  }

  @Test
  void killed_connections_lose_nothing_and_double_nothing() {
    int commands = 3_000;
    writer.ask(register("A", 2_000), "k");
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < commands; i++) {
      answers.add(writer.send(deduct("A", 1), "k" + i));
      if (i % 1_000 == 500) {
        killTheWriter();
      }
    }

    long done = answers.stream().map(answer -> get(answer)).filter(WriterFaultsIT::isDone).count();
    assertThat(done).isEqualTo(2_000);
    assertThat(ledger.count("event_journal")).isEqualTo(2_001);
    assertThat(ledger.count("command_receipt")).isEqualTo(commands + 1);
    assertThat(
            ledger
                .sql()
                .sql(
                    """
                    select count(*) from event_journal e join command_receipt r
                    on r.key = e.metadata->>'key' and r.position = e.position and r.status = 201
                    """)
                .query(Long.class)
                .single())
        .as("events that their receipt names")
        .isEqualTo(2_001);
    assertThat(
            ledger
                .sql()
                .sql("select max(position) = count(*) from event_journal")
                .query(Boolean.class)
                .single())
        .isTrue();
    assertThat(onHand("A")).isZero();
    assertThat(refused(writer.ask(deduct("A", 1), "after"))).contains("\"available\":0");
  }

  @Test
  void a_connection_that_was_killed_while_the_writer_slept_is_replaced_unseen() {
    writer.ask(register("A", 10), "k1");
    killTheWriter();

    assertThat(done(writer.ask(deduct("A", 1), "k2"))).contains("\"onHand\":9");
  }

  /** Whose outcome PostgreSQL cannot store. */
  private record Poison(int number) {}

  @Test
  void a_command_that_postgresql_refuses_does_not_take_its_neighbours_down() {
    writer
        .bus()
        .subscribe(
            Poison.class.getName(),
            command -> new RunningWriter.Plain(false, new Outcome(409, "this is no JSON")));
    writer.ask(register("A", 10), "k1");
    RunningWriter.Pause pause = writer.pause();
    CompletableFuture<Answer> before = writer.send(deduct("A", 1), "k2");
    CompletableFuture<Answer> poison = writer.send(new Poison(1), "p1");
    CompletableFuture<List<Answer>> group =
        writer.send(OnError.ATOMIC, message(deduct("A", 1), "g1"), message(deduct("A", 1), "g2"));
    CompletableFuture<Answer> morePoison = writer.send(new Poison(2), "p2");
    CompletableFuture<Answer> behind = writer.send(deduct("A", 1), "k3");
    pause.end();

    assertThatThrownBy(() -> get(poison)).hasMessageContaining("cannot be stored");
    assertThatThrownBy(() -> get(morePoison)).hasMessageContaining("cannot be stored");
    assertThat(done(get(before))).contains("\"position\":2,\"onHand\":9");
    assertThat(get(group)).allSatisfy(answer -> assertThat(isDone(answer)).isTrue());
    assertThat(done(get(behind))).contains("\"position\":5,\"onHand\":6");
    assertThat(ledger.count("event_journal")).isEqualTo(5);
    assertThat(onHand("A")).isEqualTo(6);
    assertThat(done(writer.ask(deduct("A", 6), "k4"))).contains("\"onHand\":0");
  }

  @Test
  void a_deposed_writer_writes_nothing_and_goes_on_when_it_has_the_ledger_back() {
    writer.ask(register("A", 10), "k1");
    ledger.sql().sql("update ledger_head set epoch = epoch + 1").update();

    assertThat(done(writer.ask(deduct("A", 1), "k2"))).contains("\"position\":2,\"onHand\":9");

    assertThat(ledger.count("event_journal")).isEqualTo(2);
  }

  @Test
  void what_another_writer_did_meanwhile_is_seen_after_the_ledger_was_taken_back() {
    writer.ask(register("A", 10), "k1");
    assertThat(onHand("A")).isEqualTo(10);
    connections.loseCommits(1);
    CompletableFuture<Answer> between;
    try (HikariDataSource others = ledger.connect()) {
      // The writer's lock goes with its connection; another takes it before the writer does.
      killTheWriter();
      try (RunningWriter other = new RunningWriter(others)) {
        between = writer.send(deduct("A", 8), "k2");
        assertThat(done(other.ask(deduct("A", 5), "k3"))).contains("\"onHand\":5");
      }
    }

    assertThat(refused(get(between))).contains("\"requested\":8,\"available\":5");
    assertThat(onHand("A")).isEqualTo(5);
    assertThat(done(writer.ask(deduct("A", 5), "k4"))).contains("\"version\":2", "\"onHand\":0");
  }

  @Test
  void senders_are_answered_when_many_ask_at_once_over_lost_commits() {
    writer.ask(register("A", 1_000), "k");
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      connections.loseCommitReplies(1);
      int first = round * 100;
      IntStream.range(first, first + 100)
          .mapToObj(i -> writer.send(deduct("A", 1), "k" + i))
          .forEach(answers::add);
      answers.forEach(answer -> assertThat(isDone(get(answer))).isTrue());
    }

    assertThat(connections.repliesLost()).isEqualTo(5);
    assertThat(ledger.count("event_journal")).isEqualTo(501);
    assertThat(onHand("A")).isEqualTo(500);
  }

  @Test
  void a_listener_that_dies_stands_between_nobody_and_the_truth() {
    writer.close();
    writer =
        new RunningWriter(
            connections,
            RunningWriter.LIMITS,
            verdict -> {
              if (verdict.outcome(CommandKey.of("any"), 0).body().contains("\"onHand\":7")) {
                throw new AssertionError("a bug");
              }
            });
    writer.ask(register("A", 10), "k1");

    assertThat(done(writer.ask(deduct("A", 3), "k2"))).contains("\"onHand\":7");
    assertThat(onHand("A")).isEqualTo(7);
    assertThat(done(writer.ask(deduct("A", 1), "k3"))).contains("\"onHand\":6");
    assertThat(ledger.count("event_journal")).isEqualTo(3);
    assertThat(onHand("A")).isEqualTo(6);
  }

  /** Limits of a writer that soon gives a lost ledger up. */
  private static WriterProperties impatient(int cachedItems) {
    return new WriterProperties(
        100,
        1_000,
        Duration.ofSeconds(1),
        cachedItems,
        100_000,
        Duration.ofSeconds(20),
        Duration.ofMillis(100),
        null,
        100);
  }

  private List<String> remembered(String... skus) {
    return Arrays.stream(skus).filter(sku -> writer.remembers(item(sku))).toList();
  }

  private long epoch() {
    return ledger.numbers("select epoch from ledger_head").getFirst();
  }

  /** Ends the connection that holds the ledger's lock, as soon as there is one. */
  private void killTheWriter() {
    long writing = await().until(this::lockHolders, holders -> holders.size() == 1).getFirst();
    ledger.sql().sql("select pg_terminate_backend(?::int)").param(writing).query().singleRow();
    await().until(() -> !lives(writing));
  }

  private List<Long> lockHolders() {
    return ledger.numbers(
        """
        select pid from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and granted and application_name = ?
        """,
        ledger.name());
  }

  private boolean lives(long backend) {
    return ledger
        .sql()
        .sql("select exists (select from pg_stat_activity where pid = ?)")
        .param(backend)
        .query(Boolean.class)
        .single();
  }

  private long onHand(String sku) {
    return writer.items().find(item(sku)).orElseThrow().onHand();
  }

  private static StockItemId item(String sku) {
    return new StockItemId(new Sku(sku), LocationId.MAIN);
  }

  private static boolean isDone(Answer answer) {
    return answer instanceof Answer.Told told && told.outcome().isDone();
  }

  private static String done(Answer answer) {
    assertThat(isDone(answer)).as("%s", answer).isTrue();
    return ((Answer.Told) answer).outcome().body();
  }

  private static String refused(Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Told.class, told -> assertThat(told.outcome().isDone()).isFalse());
    return ((Answer.Told) answer).outcome().body();
  }

  private static StockCommand register(String sku, long units) {
    return new RegisterStockItem(
        new Sku(sku), LocationId.MAIN, new Quantity(units), Quantity.ZERO, Quantity.ZERO);
  }

  private static StockCommand deduct(String sku, long units) {
    return new DeductStock(
        new Sku(sku), LocationId.MAIN, new Quantity(units), new OrderId("order"));
  }
}
