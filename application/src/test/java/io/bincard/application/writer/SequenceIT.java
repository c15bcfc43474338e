package io.bincard.application.writer;

import static io.bincard.application.RunningWriter.get;
import static io.bincard.application.RunningWriter.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.RunningWriter;
import io.bincard.application.cluster.LedgerLease;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.receipts.ReceiptTiers;
import io.bincard.application.receipts.Receipts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that have to run in their order, while the node that got them begins to lead. */
class SequenceIT {

  private final EmptyLedger ledger = new EmptyLedger();
  private final List<String> ran = new CopyOnWriteArrayList<>();
  private final CountDownLatch takesOver = new CountDownLatch(1);
  private final CountDownLatch mayTakeOver = new CountDownLatch(1);
  private final CountDownLatch sent = new CountDownLatch(1);
  private final CompletableFuture<List<Answer>> fromTheOldLeader = new CompletableFuture<>();
  private SingleWriterCommandBus bus;
  private CommandGateway gateway;

  private record Step(String name) {}

  private record Ran() implements Verdict {
    @Override
    public boolean isAccepted() {
      return false;
    }

    @Override
    public Outcome outcome(CommandKey key, long position) {
      return new Outcome(409, "{}");
    }
  }

  /** The ledger's lease, once {@link #mayTakeOver}; until the first try another node has it. */
  private final class LateLease implements WriterLease {

    private final LedgerLease real =
        new LedgerLease(
            ledger.dataSource(), Duration.ofSeconds(30), Duration.ofSeconds(10), _ -> {});
    private boolean tried;

    @Override
    public boolean isHeld() {
      return real.isHeld();
    }

    @Override
    public Journal journal() throws SQLException {
      if (!tried) {
        tried = true;
        throw new NotLeadingException("another node leads");
      }
      takesOver.countDown();
      await(mayTakeOver);
      return real.journal();
    }

    @Override
    public void release() {
      real.release();
    }

    @Override
    public void drop() {
      real.drop();
    }

    @Override
    public long epoch() {
      return real.epoch();
    }

    @Override
    public long certainEpoch() {
      return real.certainEpoch();
    }
  }

  /** The way to a leader that answers late, and never again. */
  private final class SlowWay implements Forwarding {

    @Override
    public CompletableFuture<List<Answer>> forward(
        CommandGroup group, boolean alone, Supplier<Standing> standing) {
      if (standing.get() == Standing.LEADS) {
        return CompletableFuture.completedFuture(List.of());
      }
      sent.countDown();
      return fromTheOldLeader;
    }

    @Override
    public CompletableFuture<Boolean> isUnderWay(CommandKey key) {
      return CompletableFuture.completedFuture(false);
    }
  }

  @BeforeEach
  void follow() {
    bus =
        new SingleWriterCommandBus(
            new LateLease(),
            new SlowWay(),
            ledger.dataSource(),
            new Receipts(ReceiptTiers.DEFAULT),
            new OpenBatch(new JournalSerializer()),
            new JournalTail(1_000),
            List.of(),
            RunningWriter.LIMITS,
            new SimpleMeterRegistry());
    bus.subscribe(
        Step.class.getName(),
        command -> {
          ran.add(((Step) command.getPayload()).name());
          return new Ran();
        });
    bus.start();
    gateway = DefaultCommandGateway.builder().commandBus(bus).build();
  }

  @AfterEach
  void close() {
    bus.stop();
    ledger.close();
  }

  @Test
  void what_waits_here_does_not_overtake_what_went_to_the_leader_before() {
    CompletableFuture<List<Answer>> first = send("first");
    await(sent);
    bus.tryToLead();
    await(takesOver);
    CompletableFuture<List<Answer>> second = send("second");
    CompletableFuture<List<Answer>> third = send("third");
    mayTakeOver.countDown();
    Awaitility.await("it leads").until(() -> !bus.isFollowing());
    get(gateway.<Answer>send(message(new Step("stranger"), "stranger")));
    assertThat(ran).as("while the old leader has not answered").containsExactly("stranger");

    fromTheOldLeader.complete(List.of()); // it does not lead, and did nothing

    List.of(first, second, third)
        .forEach(group -> assertThat(get(group)).hasOnlyElementsOfType(Answer.Told.class));
    assertThat(ran).containsExactly("stranger", "first", "second", "third");
  }

  private CompletableFuture<List<Answer>> send(String name) {
    CommandMessage<?> line = message(new Step(name), name);
    return gateway.send(
        new GenericCommandMessage<>(
            new CommandGroup(List.of(line), OnError.CONTINUE),
            Map.of(KeyedCommands.SEQUENCE, this)));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
