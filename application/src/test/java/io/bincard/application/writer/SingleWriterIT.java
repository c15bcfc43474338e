package io.bincard.application.writer;

import static io.bincard.application.RunningWriter.get;
import static io.bincard.application.RunningWriter.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.FaultyConnections;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a sender may rely on, each on an empty ledger in PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class SingleWriterIT {

  private EmptyLedger ledger;
  private @Nullable RunningWriter running;

  @BeforeEach
  void migrate() {
    ledger = new EmptyLedger();
  }

  @AfterEach
  void close() {
    stop();
    ledger.close();
  }

  private RunningWriter writer() {
    if (running == null) {
      running = new RunningWriter(ledger.dataSource());
    }
    return running;
  }

  private RunningWriter writer(WriterProperties limits) {
    stop();
    running = new RunningWriter(ledger.dataSource(), limits);
    return running;
  }

  private void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  // Answers

  @Test
  void a_sender_is_answered_only_after_the_commit() throws Exception {
    FaultyConnections connections = new FaultyConnections(ledger.dataSource());
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch mayCommit = new CountDownLatch(1);
    List<Verdict> heard = new ArrayList<>();
    try (RunningWriter writer = new RunningWriter(connections, RunningWriter.LIMITS, heard::add)) {
      connections.beforeCommit(
          () -> {
            committing.countDown();
            await(mayCommit);
          });

      CompletableFuture<Answer> answer = writer.send(register("A", 10), "k");
      CompletableFuture<Long> rowsWhenAnswered =
          answer.thenApply(told -> ledger.count("event_journal"));
      await(committing);
      assertThat(answer).isNotDone();
      assertThat(heard).isEmpty();
      assertThat(writer.tail().position()).isZero();
      assertThat(writer.items().find(item("A"))).isEmpty();
      mayCommit.countDown();

      assertThat(get(rowsWhenAnswered)).isEqualTo(1);
      assertThat(heard).hasSize(1);
      assertThat(writer.tail().position()).isEqualTo(1);
      assertThat(writer.items().find(item("A")).orElseThrow().onHand()).isEqualTo(10);
    }
  }

  @Test
  void an_answer_tells_position_version_and_stock() {
    writer().ask(register("A", 10), "k1");

    assertThat(done(writer().ask(deduct("A", 3), "k2")))
        .isEqualTo(
            "{\"key\":\"k2\",\"status\":\"done\",\"stream\":\"stock:A@MAIN\",\"version\":1,\"position\":2,"
                + "\"onHand\":7,\"reserved\":0,\"available\":7}");
  }

  @Test
  void commands_that_wait_share_a_transaction_and_each_knows_its_own_position() {
    RunningWriter.Pause pause = writer().pause();
    CompletableFuture<Answer> registered = writer().send(register("A", 10), "k1");
    CompletableFuture<Answer> first = writer().send(deduct("A", 4), "k2");
    CompletableFuture<Answer> tooMuch = writer().send(deduct("A", 7), "k3");
    CompletableFuture<Answer> second = writer().send(deduct("A", 6), "k4");
    pause.end();

    assertThat(done(get(registered))).contains("\"version\":0,\"position\":1,\"onHand\":10");
    assertThat(done(get(first))).contains("\"version\":1,\"position\":2,\"onHand\":6");
    assertThat(refused(get(tooMuch))).contains("\"requested\":7,\"available\":6");
    assertThat(done(get(second))).contains("\"version\":2,\"position\":3,\"onHand\":0");
    assertThat(
            ledger
                .sql()
                .sql("select count(distinct xmin::text) from event_journal")
                .query(Long.class)
                .single())
        .as("transactions")
        .isEqualTo(1);
    assertMemoryEqualsJournal("A");
  }

  // Keys

  @Test
  void a_key_is_told_the_same_for_ever_also_a_refusal_after_a_restock_and_a_restart() {
    writer().ask(register("A", 1), "k1");
    Answer taken = writer().ask(deduct("A", 1), "k2");
    Answer soldOut = writer().ask(deduct("A", 1, "other"), "k3");
    writer().ask(receive("A", 100), "k4");

    for (int round = 0; round < 2; round++) {
      assertThat(writer().ask(deduct("A", 1), "k2")).isEqualTo(replay(taken));
      assertThat(writer().ask(deduct("A", 1, "other"), "k3")).isEqualTo(replay(soldOut));
      stop();
    }
    assertThat(refused(soldOut)).contains("insufficient-stock");
    assertThat(ledger.count("event_journal")).isEqualTo(3);
    assertThat(ledger.count("command_receipt")).isEqualTo(4);
    assertThat(done(writer().ask(deduct("A", 1), "k5"))).contains("\"onHand\":99");
  }

  @Test
  void a_key_that_stands_for_another_command_is_refused_and_nothing_is_stored() {
    writer().ask(register("A", 10), "k1");
    Answer first = writer().ask(deduct("A", 1), "k2");

    assertThat(writer().ask(deduct("A", 2), "k2")).isEqualTo(new Answer.KeyReused());
    assertThat(writer().ask(receive("A", 1), "k2")).isEqualTo(new Answer.KeyReused());

    assertThat(ledger.count("event_journal")).isEqualTo(2);
    assertThat(ledger.count("command_receipt")).isEqualTo(2);
    assertThat(writer().ask(deduct("A", 1), "k2")).isEqualTo(replay(first));
  }

  @Test
  void twins_in_one_batch_get_one_effect() {
    writer().ask(register("A", 100), "k1");
    RunningWriter.Pause pause = writer().pause();
    List<CompletableFuture<Answer>> twins =
        IntStream.range(0, 50).mapToObj(i -> writer().send(deduct("A", 1), "twin")).toList();
    CompletableFuture<Answer> other = writer().send(deduct("A", 2), "twin");
    pause.end();

    List<Answer> answers = twins.stream().map(RunningWriter::get).toList();
    assertThat(answers.getFirst())
        .isInstanceOfSatisfying(Answer.Told.class, told -> assertThat(told.replayed()).isFalse());
    assertThat(answers.subList(1, 50)).containsOnly(replay(answers.getFirst()));
    assertThat(get(other)).isEqualTo(new Answer.KeyReused());
    assertThat(ledger.count("event_journal")).isEqualTo(2);
    assertThat(find("A").onHand()).isEqualTo(99);
  }

  @Test
  void a_command_without_a_key_is_refused_before_it_waits() {
    assertThatThrownBy(
            () -> get(writer().gateway().send(new GenericCommandMessage<>(deduct("A", 1)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DeductStock was sent without commandKey");
  }

  @Test
  void a_stale_expected_version_is_refused_with_both_versions() {
    writer().ask(register("A", 10), "k1");
    StockCommand command = deduct("A", 1);
    CommandMessage<?> stale =
        KeyedCommands.message(
            command,
            CommandKey.of("k2"),
            Fingerprint.of("t", "{}"),
            new ExpectedVersion.Exactly(7),
            null);

    Answer answer = get(writer().gateway().<Answer>send(stale));

    assertThat(refused(answer)).contains("\"expectedVersion\":7,\"actualVersion\":0");
  }

  // Groups

  @Test
  void continue_runs_every_line() {
    writer().ask(register("A", 5), "k1");

    List<Answer> answers =
        writer()
            .ask(
                OnError.CONTINUE,
                message(deduct("A", 3), "g1"),
                message(deduct("A", 3), "g2"),
                message(deduct("NONE", 1), "g3"),
                message(deduct("A", 2), "g4"));

    assertThat(done(answers.get(0))).contains("\"onHand\":2");
    assertThat(refused(answers.get(1))).contains("insufficient-stock");
    assertThat(refused(answers.get(2))).contains("unknown-stock-item");
    assertThat(done(answers.get(3))).contains("\"onHand\":0");
    assertMemoryEqualsJournal("A");
  }

  @Test
  void stop_skips_the_lines_behind_the_first_failure_and_keeps_those_before() {
    writer().ask(register("A", 5), "k1");

    List<Answer> answers =
        writer()
            .ask(
                OnError.STOP,
                message(deduct("A", 3), "g1"),
                message(deduct("A", 3), "g2"),
                message(deduct("A", 2), "g3"));

    assertThat(done(answers.get(0))).contains("\"onHand\":2");
    assertThat(refused(answers.get(1))).contains("insufficient-stock");
    assertThat(answers.get(2)).isEqualTo(new Answer.Skipped());
    assertThat(done(writer().ask(deduct("A", 2), "g3"))).contains("\"onHand\":0");
  }

  @Test
  void atomic_takes_all_lines_or_none() {
    writer().ask(register("A", 5), "k1");
    writer().ask(register("B", 5), "k2");

    List<Answer> given =
        writer()
            .ask(
                OnError.ATOMIC,
                message(deduct("A", 3), "g1"),
                message(register("NEW", 7), "g2"),
                message(deduct("B", 6), "g3"),
                message(deduct("A", 1), "g4"));

    assertThat(given.get(0)).isEqualTo(new Answer.Skipped());
    assertThat(given.get(1)).isEqualTo(new Answer.Skipped());
    assertThat(refused(given.get(2))).contains("insufficient-stock");
    assertThat(given.get(3)).isEqualTo(new Answer.Skipped());
    assertThat(ledger.count("event_journal")).isEqualTo(2);
    assertThat(find("A").onHand()).isEqualTo(5);
    assertThat(writer().items().find(item("NEW"))).isEmpty();

    List<Answer> taken =
        writer()
            .ask(
                OnError.ATOMIC,
                message(deduct("A", 3), "g1"),
                message(register("NEW", 7), "g2"),
                message(deduct("B", 5), "g5"));
    assertThat(taken).allSatisfy(answer -> assertThat(done(answer)).contains("done"));
    assertMemoryEqualsJournal("A", "B", "NEW");
  }

  @Test
  void an_atomic_refusal_stands_and_gives_the_group_up_again() {
    writer().ask(register("A", 5), "k1");
    CommandMessage<?>[] group = {message(deduct("A", 3), "g1"), message(deduct("A", 3), "g2")};
    Answer refusal = writer().ask(OnError.ATOMIC, group).get(1);
    writer().ask(receive("A", 100), "k2");
    stop();

    assertThat(writer().ask(OnError.ATOMIC, group))
        .containsExactly(new Answer.Skipped(), replay(refusal));
    assertThat(writer().ask(deduct("A", 3), "g2")).isEqualTo(replay(refusal));
    assertThat(find("A").onHand()).isEqualTo(105);
    assertMemoryEqualsJournal("A");
  }

  @Test
  void an_atomic_group_that_is_sent_again_is_replayed_line_by_line() {
    writer().ask(register("A", 5), "k1");
    Answer earlier = writer().ask(deduct("A", 1), "g2");
    CommandMessage<?>[] group = {
      message(deduct("A", 2), "g1"), message(deduct("A", 1), "g2"), message(deduct("A", 2), "g3")
    };

    List<Answer> first = writer().ask(OnError.ATOMIC, group);
    List<Answer> again = writer().ask(OnError.ATOMIC, group);

    assertThat(first.get(1)).isEqualTo(replay(earlier));
    assertThat(again).containsExactly(replay(first.get(0)), replay(earlier), replay(first.get(2)));
    assertThat(find("A").onHand()).isZero();
  }

  @Test
  void a_line_that_was_done_before_its_atomic_group_came_keeps_its_answer() {
    writer().ask(register("A", 5), "k1");
    Answer earlier = writer().ask(deduct("A", 1), "g1");

    List<Answer> answers =
        writer().ask(OnError.ATOMIC, message(deduct("A", 1), "g1"), message(deduct("A", 9), "g2"));

    assertThat(answers.get(0)).isEqualTo(replay(earlier));
    assertThat(refused(answers.get(1))).contains("insufficient-stock");
    assertThat(find("A").onHand()).isEqualTo(4);
  }

  @Test
  void a_twin_within_an_atomic_group_that_is_given_up_was_not_done_either() {
    writer().ask(register("A", 5), "k1");

    List<Answer> answers =
        writer()
            .ask(
                OnError.ATOMIC,
                message(deduct("A", 1), "g1"),
                message(deduct("A", 1), "g1"),
                message(deduct("A", 9), "g2"));

    assertThat(answers.subList(0, 2)).containsOnly(new Answer.Skipped());
    assertThat(find("A").onHand()).isEqualTo(5);
    assertThat(ledger.count("event_journal")).isEqualTo(1);
  }

  @Test
  void a_key_used_twice_in_an_atomic_group_gives_it_up_and_stores_nothing() {
    writer().ask(register("A", 5), "k1");

    List<Answer> answers =
        writer().ask(OnError.ATOMIC, message(deduct("A", 1), "g1"), message(deduct("A", 2), "g1"));

    assertThat(answers).containsExactly(new Answer.Skipped(), new Answer.KeyReused());
    assertThat(ledger.count("event_journal")).isEqualTo(1);
    assertThat(ledger.count("command_receipt")).isEqualTo(1);
    assertThat(done(writer().ask(deduct("A", 1), "g1"))).contains("\"onHand\":4");
  }

  @Test
  void commands_behind_a_group_that_was_given_up_see_nothing_of_it() {
    writer().ask(register("A", 5), "k1");
    RunningWriter.Pause pause = writer().pause();
    CompletableFuture<Answer> before = writer().send(deduct("A", 1), "b1");
    CompletableFuture<List<Answer>> givenUp =
        writer()
            .send(
                OnError.ATOMIC,
                message(deduct("A", 2), "g1"),
                message(register("NEW", 1), "g2"),
                message(deduct("A", 9), "g3"));
    CompletableFuture<Answer> behind = writer().send(deduct("A", 4), "b2");
    CompletableFuture<Answer> late = writer().send(register("NEW", 2), "b3");
    pause.end();

    assertThat(done(get(before))).contains("\"version\":1,\"position\":2,\"onHand\":4");
    assertThat(refused(get(givenUp).get(2))).contains("\"available\":2");
    assertThat(done(get(behind))).contains("\"version\":2,\"position\":3,\"onHand\":0");
    assertThat(done(get(late))).contains("\"version\":0,\"position\":4,\"onHand\":2");
    assertMemoryEqualsJournal("A", "NEW");
  }

  @Test
  void memory_equals_journal_after_many_groups_of_every_kind() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    List<OnError> kinds = List.of(OnError.values());
    String[] skus = {"A", "B", "C", "D"};
    for (String sku : skus) {
      writer().ask(register(sku, 20), "r" + sku);
    }
    List<CompletableFuture<List<Answer>>> all = new ArrayList<>();
    for (int g = 0; g < 300; g++) {
      CommandMessage<?>[] lines = new CommandMessage<?>[1 + random.nextInt(5)];
      for (int i = 0; i < lines.length; i++) {
        String sku = skus[random.nextInt(skus.length)];
        int units = 1 + random.nextInt(9);
        StockCommand command =
            switch (random.nextInt(4)) {
              case 0 -> receive(sku, units);
              case 1 ->
                  new AdjustStock(
                      new Sku(sku), LocationId.MAIN, new Delta(-units), new Reason("r"));
              default -> deduct(sku, units);
            };
        lines[i] = message(command, "s" + g + "-" + i);
      }
      all.add(writer().send(kinds.get(random.nextInt(kinds.size())), lines));
    }
    List<Answer> answers = all.stream().map(RunningWriter::get).flatMap(List::stream).toList();

    assertThat(answers.stream().map(Answer::getClass).distinct())
        .as("seed %d", seed)
        .containsExactlyInAnyOrder(Answer.Told.class, Answer.Skipped.class);
    assertMemoryEqualsJournal(skus);
    assertThat(
            ledger
                .sql()
                .sql(
                    "select count(*) = max(position) and count(*) = (select position from ledger_head) from event_journal")
                .query(Boolean.class)
                .single())
        .as("positions are dense")
        .isTrue();
    stop();
    assertMemoryEqualsJournal(skus);
  }

  @Test
  void a_group_without_lines_is_answered_at_once() {
    assertThat(writer().ask(OnError.ATOMIC)).isEmpty();
  }

  // Limits

  @Test
  void a_full_queue_refuses_at_once_and_has_room_again_later(CapturedOutput output) {
    writer(limits(10, 4, 1_000));
    RunningWriter.Pause pause = writer().pause();
    List<CompletableFuture<Answer>> waiting =
        IntStream.range(0, 3).mapToObj(i -> writer().send(register("A" + i, 1), "k" + i)).toList();

    assertThatThrownBy(() -> writer().ask(register("B", 1), "kb"))
        .isInstanceOf(LedgerBusyException.class)
        .hasMessageContaining("full with 4 commands");
    assertThatThrownBy(() -> writer().ask(OnError.STOP, message(register("C", 1), "kc")))
        .isInstanceOf(LedgerBusyException.class);
    assertThat(writer().bus().queuedCommands()).isEqualTo(4);
    pause.end();

    waiting.forEach(answer -> assertThat(done(get(answer))).contains("done"));
    assertThat(done(writer().ask(register("B", 1), "kb"))).contains("done");
    assertThat(writer().bus().queuedCommands()).isZero();
    assertThat(output.getAll()).as("a line for each refusal").doesNotContain("LedgerBusy");
  }

  @Test
  void a_group_larger_than_the_queue_is_refused() {
    writer(limits(10, 2, 1_000));

    assertThatThrownBy(
            () ->
                writer()
                    .ask(
                        OnError.CONTINUE,
                        message(register("A", 1), "k1"),
                        message(register("B", 1), "k2"),
                        message(register("C", 1), "k3")))
        .isInstanceOf(LedgerBusyException.class);
  }

  // Memory. A writer that goes wrong by it is saved by the journal's own checks: the batch is lost,
  // all is forgotten, and the right answers come after a take-over. So these tests look at the
  // epoch.

  @Test
  void an_item_that_left_the_memory_is_decided_as_if_it_had_stayed() {
    writer(limits(1_000, 1_000, 2));
    String[] skus = {"A", "B", "C", "D"};
    Arrays.stream(skus).forEach(sku -> writer().ask(register(sku, 9), "r" + sku));
    long epoch = epoch();
    Awaitility.await().untilAsserted(() -> assertThat(remembered(skus)).containsExactly("C", "D"));

    for (int round = 1; round <= 2; round++) { // alone: an item comes back from what is committed
      for (String sku : skus) {
        assertThat(done(writer().ask(deduct(sku, 1), "s" + sku + round)))
            .contains("\"version\":" + round + ",", "\"onHand\":" + (9 - round) + ",");
        Awaitility.await()
            .untilAsserted(() -> assertThat(remembered(skus)).hasSize(2).contains(sku));
      }
    }
    RunningWriter.Pause pause = writer().pause();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 3; i <= 10; i++) { // in one batch: it comes back with what is not committed yet
      for (String sku : skus) {
        answers.add(writer().send(deduct(sku, 1), "b" + sku + i));
      }
      answers.add(writer().send(register("N" + i, i), "n" + i));
    }
    pause.end();

    for (int i = 3; i <= 9; i++) {
      for (int sku = 0; sku < 4; sku++) {
        assertThat(done(get(answers.get(5 * (i - 3) + sku))))
            .contains("\"version\":" + i + ",", "\"onHand\":" + (9 - i) + ",");
      }
      assertThat(done(get(answers.get(5 * (i - 3) + 4)))).contains("\"onHand\":" + i + ",");
    }
    answers.subList(35, 39).forEach(answer -> assertThat(refused(get(answer))).contains(":0}"));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(remembered("A", "B", "C", "D", "N3", "N9", "N10"))
                    .containsExactly("D", "N10"));
    assertMemoryEqualsJournal("A", "B", "C", "D", "N3", "N10");
    assertThat(epoch()).as("nothing was lost and run again").isEqualTo(epoch);
  }

  @Test
  void a_group_that_was_given_up_leaves_nothing_in_a_small_memory() {
    writer(limits(1_000, 1_000, 2));
    String[] skus = {"A", "B", "C"};
    Arrays.stream(skus).forEach(sku -> writer().ask(register(sku, 5), "r" + sku));
    long epoch = epoch();
    RunningWriter.Pause pause = writer().pause();
    CompletableFuture<Answer> before = writer().send(deduct("A", 1), "b1");
    CompletableFuture<List<Answer>> givenUp =
        writer()
            .send(
                OnError.ATOMIC,
                message(deduct("B", 2), "g1"),
                message(deduct("A", 2), "g2"),
                message(register("NEW", 1), "g3"),
                message(deduct("A", 3), "g4"));
    CompletableFuture<Answer> behind = writer().send(register("OLD", 1), "b2");
    pause.end();

    assertThat(done(get(before))).contains("\"version\":1,", "\"onHand\":4,");
    assertThat(refused(get(givenUp).get(3))).contains("\"requested\":3,\"available\":2}");
    assertThat(done(get(behind))).contains("\"position\":5,");
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(remembered("A", "B", "C", "NEW", "OLD")).contains("OLD").hasSize(2));
    assertThat(done(writer().ask(deduct("A", 4), "k1"))).contains("\"version\":2,\"position\":6,");
    assertThat(done(writer().ask(deduct("B", 5), "k2"))).contains("\"version\":1,\"position\":7,");
    assertThat(done(writer().ask(register("NEW", 1), "g3"))).contains("\"version\":0,");
    assertMemoryEqualsJournal("A", "B", "C", "NEW", "OLD");
    assertThat(epoch()).as("nothing was lost and run again").isEqualTo(epoch);
  }

  private record Release() {}

  @Test
  void a_key_told_by_a_batch_that_is_committed_meanwhile_is_not_run_again() throws Exception {
    FaultyConnections connections = new FaultyConnections(ledger.dataSource());
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch mayCommit = new CountDownLatch(1);
    try (RunningWriter writer = new RunningWriter(connections)) {
      writer.ask(register("A", 1_000), "registered");
      long epoch = epoch();
      connections.beforeCommit(
          () -> {
            committing.countDown();
            await(mayCommit);
          });
      CompletableFuture<Answer> held = writer.send(deduct("A", 1), "held");
      await(committing);
      writer
          .bus()
          .subscribe(
              Release.class.getName(),
              command -> {
                mayCommit.countDown();
                return get(held);
              });
      RunningWriter.Pause pause = writer.pause();
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(writer.send(deduct("A", 1), "k" + i));
      }
      CompletableFuture<Answer> released = writer.send(new Release(), "release");
      for (int i = 50; i < 100; i++) {
        answers.add(writer.send(deduct("A", 1), "k" + i));
      }
      CompletableFuture<Answer> again = writer.send(deduct("A", 1), "held");
      pause.end();

      assertThatThrownBy(() -> get(released)).hasMessageContaining("verdict");
      assertThat(get(again)).isEqualTo(replay(get(held)));
      assertThat(done(get(answers.getLast()))).contains("\"onHand\":899,");
      assertThat(epoch()).as("nothing was lost and run again").isEqualTo(epoch);
    }
  }

  // Bugs in handlers

  private record Broken(String how) {}

  private record Applied(String how) {}

  @Test
  void a_handler_that_throws_changes_nothing_and_its_neighbours_commit() {
    AtomicLong calls = new AtomicLong();
    writer()
        .bus()
        .subscribe(
            Broken.class.getName(),
            command -> {
              calls.incrementAndGet();
              throw new IllegalStateException("a bug");
            });
    writer().ask(register("A", 5), "k1");
    RunningWriter.Pause pause = writer().pause();
    CompletableFuture<Answer> before = writer().send(deduct("A", 1), "k2");
    CompletableFuture<Answer> broken = writer().send(new Broken("x"), "k3");
    CompletableFuture<Answer> behind = writer().send(deduct("A", 1), "k4");
    pause.end();

    assertThat(done(get(before))).contains("\"position\":2");
    assertThat(done(get(behind))).contains("\"position\":3");
    assertThatThrownBy(() -> get(broken)).hasMessageContaining("a bug");
    assertThatThrownBy(() -> writer().ask(new Broken("x"), "k3")).hasMessageContaining("a bug");
    assertThat(calls).as("a failure is not stored").hasValue(2);
    assertMemoryEqualsJournal("A");
  }

  @Test
  void a_handler_that_fails_after_its_events_were_taken_leaves_none() {
    writer().ask(register("A", 5), "k1");
    var failing =
        writer()
            .bus()
            .registerHandlerInterceptor(
                (unitOfWork, chain) -> {
                  Object result = chain.proceed();
                  if (unitOfWork.getMessage().getPayload() instanceof DeductStock deduct
                      && deduct.quantity().units() == 2) {
                    CurrentUnitOfWork.get()
                        .onPrepareCommit(
                            u -> {
                              throw new IllegalStateException("too late");
                            });
                  }
                  return result;
                });
    RunningWriter.Pause pause = writer().pause();
    CompletableFuture<Answer> before = writer().send(deduct("A", 1), "k2");
    CompletableFuture<Answer> broken = writer().send(deduct("A", 2), "k3");
    CompletableFuture<Answer> behind = writer().send(deduct("A", 1), "k4");
    pause.end();

    assertThatThrownBy(() -> get(broken)).hasMessageContaining("too late");
    assertThat(done(get(before))).contains("\"position\":2,\"onHand\":4");
    assertThat(done(get(behind))).contains("\"position\":3,\"onHand\":3");
    failing.cancel();
    assertThat(done(writer().ask(deduct("A", 2), "k3"))).contains("\"onHand\":1");
    assertMemoryEqualsJournal("A");
  }

  @Test
  void a_handler_that_gives_no_verdict_fails_alone() {
    writer().bus().subscribe(Applied.class.getName(), command -> "no verdict");
    RunningWriter.Pause pause = writer().pause();
    CompletableFuture<Answer> before = writer().send(register("A", 5), "k1");
    CompletableFuture<Answer> broken = writer().send(new Applied("x"), "k2");
    pause.end();

    assertThat(done(get(before))).contains("\"position\":1");
    assertThatThrownBy(() -> get(broken)).hasMessageContaining("not answered with a verdict");
  }

  @Test
  void a_handler_that_dies_of_an_error_does_not_take_the_writer_with_it() {
    writer()
        .bus()
        .subscribe(
            Broken.class.getName(),
            command -> {
              throw new StackOverflowError("deep");
            });

    assertThatThrownBy(() -> writer().ask(new Broken("x"), "k1")).isNotNull();
    assertThat(done(writer().ask(register("A", 5), "k2"))).contains("\"position\":1");
  }

  @Test
  void a_command_that_nothing_handles_fails_alone() {
    assertThatThrownBy(() -> writer().ask(new Applied("x"), "k1"))
        .hasMessageContaining("nothing handles");
  }

  // Start and stop

  @Test
  void a_clean_stop_answers_what_waits_and_refuses_what_comes_later() {
    RunningWriter.Pause pause = writer().pause();
    List<CompletableFuture<Answer>> waiting =
        IntStream.range(0, 500)
            .mapToObj(i -> writer().send(register("A" + i, 1), "k" + i))
            .toList();
    RunningWriter stopping = writer();
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);
    pause.end();

    waiting.forEach(answer -> assertThat(done(get(answer))).contains("done"));
    get(stopped);
    assertThat(ledger.count("event_journal")).isEqualTo(500);
    assertThatThrownBy(() -> stopping.ask(register("LATE", 1), "late"))
        .isInstanceOf(SingleWriterCommandBus.WriterStoppedException.class);
    assertThat(stopping.bus().isRunning()).isFalse();
    assertThat(
            ledger
                .sql()
                .sql(
                    "select count(*) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and a.application_name = ?")
                .param(ledger.name())
                .query(Long.class)
                .single())
        .as("the lease is given up")
        .isZero();
    running = null;
  }

  @Test
  void a_second_writer_follows_the_first_and_leads_when_that_one_stops() {
    writer().ask(register("A", 5), "k1");
    try (RunningWriter second = new RunningWriter(ledger.dataSource())) {
      assertThat(second.bus().isFollowing()).isTrue();
      CompletableFuture<Answer> waiting = second.send(deduct("A", 1), "k2");

      assertThat(done(writer().ask(deduct("A", 1), "k3"))).contains("\"onHand\":4");
      assertThat(second.items().find(item("A")).orElseThrow().onHand()).isEqualTo(4);
      stop();

      assertThat(done(get(waiting))).contains("\"onHand\":3");
      assertThat(second.items().find(item("A")).orElseThrow().onHand()).isEqualTo(3);
    }
  }

  // Words of these tests

  private static WriterProperties limits(int maxBatch, int queueCapacity, int cachedItems) {
    return new WriterProperties(
        maxBatch,
        queueCapacity,
        Duration.ofMillis(50),
        cachedItems,
        100_000,
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        null,
        100);
  }

  private List<String> remembered(String... skus) {
    return Arrays.stream(skus).filter(sku -> writer().remembers(item(sku))).toList();
  }

  /** How often the ledger was taken over, which is also what follows on a batch that failed. */
  private long epoch() {
    return ledger.numbers("select epoch from ledger_head").getFirst();
  }

  private StockItem find(String sku) {
    return writer().items().find(item(sku)).orElseThrow();
  }

  /**
   * The committed states, a fold of the journal and a sum in SQL agree, and so does the next
   * decision.
   */
  private void assertMemoryEqualsJournal(String... skus) {
    for (String sku : skus) {
      StockItem committed = find(sku);
      long sum =
          ledger
              .sql()
              .sql(
                  """
                  select sum(case type
                    when 'stock-item-registered' then (payload->>'openingQuantity')::bigint
                    when 'stock-received' then (payload->>'quantity')::bigint
                    when 'stock-deducted' then -(payload->>'quantity')::bigint
                    when 'stock-adjusted' then (payload->>'delta')::bigint end)
                  from event_journal where stream = ?
                  """)
              .param(item(sku).stream())
              .query(Long.class)
              .single();
      List<Long> sequences =
          ledger.numbers(
              "select sequence from event_journal where stream = ? order by position",
              item(sku).stream());

      assertThat(committed.onHand()).as(sku).isEqualTo(sum);
      assertThat(sequences)
          .as(sku)
          .isEqualTo(LongStream.rangeClosed(0, committed.version()).boxed().toList());
      Answer next =
          writer().ask(deduct(sku, Quantity.MAX), "probe-" + sku + "-" + System.nanoTime());
      assertThat(refused(next)).as(sku).contains("\"available\":" + sum + "}");
    }
  }

  private static Answer replay(Answer answer) {
    return new Answer.Told(((Answer.Told) answer).outcome(), true);
  }

  private static String done(Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Told.class, told -> assertThat(told.outcome().isDone()).isTrue());
    return ((Answer.Told) answer).outcome().body();
  }

  private static String refused(Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Told.class, told -> assertThat(told.outcome().isDone()).isFalse());
    return ((Answer.Told) answer).outcome().body();
  }

  private static StockItemId item(String sku) {
    return new StockItemId(new Sku(sku), LocationId.MAIN);
  }

  private static StockCommand register(String sku, long units) {
    return new RegisterStockItem(
        new Sku(sku), LocationId.MAIN, new Quantity(units), Quantity.ZERO, Quantity.ZERO);
  }

  private static StockCommand receive(String sku, long units) {
    return new ReceiveStock(new Sku(sku), LocationId.MAIN, new Quantity(units), null);
  }

  private static StockCommand deduct(String sku, long units) {
    return deduct(sku, units, "order");
  }

  private static StockCommand deduct(String sku, long units, String order) {
    return new DeductStock(new Sku(sku), LocationId.MAIN, new Quantity(units), new OrderId(order));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void each_of_its_threads_takes_the_process_with_it_when_it_dies() {
    writer();

    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("ledger-(writer|committer|answers)")))
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(
            thread -> assertThat(thread.getUncaughtExceptionHandler()).isSameAs(LastResort.HALT));
  }
}
