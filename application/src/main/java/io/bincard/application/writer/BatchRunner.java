package io.bincard.application.writer;

import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalFencedException;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.receipts.Receipt;
import io.bincard.application.receipts.Receipts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.ResultMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what waits in the queue as one transaction: looks the keys up, runs what is new, commits,
 * and only then has answers. Used by the writer's thread alone.
 *
 * <p>A batch that PostgreSQL lost is run again from the look-up on. That is safe: the lease is
 * taken anew first, so the lost transaction is over, and what it did commit is found in the
 * receipts and not run twice.
 */
final class BatchRunner {

  private static final Logger logger = LoggerFactory.getLogger(BatchRunner.class);

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final WriterLease lease;
  private final OpenBatch openBatch;
  private final AggregateCache aggregates;
  private final JournalTail tail;
  private final List<CommitListener> listeners;
  private final Duration retryFor;
  private final Function<CommandMessage<?>, ResultMessage<?>> handler;

  private volatile boolean reachesTheJournal;

  BatchRunner(
      WriterLease lease,
      OpenBatch openBatch,
      AggregateCache aggregates,
      JournalTail tail,
      List<CommitListener> listeners,
      Duration retryFor,
      Function<CommandMessage<?>, ResultMessage<?>> handler) {
    this.lease = lease;
    this.openBatch = openBatch;
    this.aggregates = aggregates;
    this.tail = tail;
    this.listeners = listeners;
    this.retryFor = retryFor;
    this.handler = handler;
  }

  boolean reachesTheJournal() {
    return reachesTheJournal;
  }

  /**
   * Takes the ledger over now, so that a start that cannot write fails.
   *
   * @throws NotLeadingException if another node leads
   */
  void takeOver() throws SQLException {
    journal();
    reachesTheJournal = true;
  }

  /**
   * Tries to get the ledger, back or for the first time, while nothing waits to be written.
   *
   * @throws NotLeadingException if another node leads
   */
  void probe() {
    try {
      takeOver();
    } catch (NotLeadingException e) {
      throw e;
    } catch (SQLException | RuntimeException e) {
      logger.atDebug().setCause(e).log("The ledger is still out of reach");
    }
  }

  /** The journal to write. If it had to be taken over, others may have written it meanwhile. */
  private Journal journal() throws SQLException {
    boolean held = lease.isHeld();
    Journal journal = lease.journal();
    if (!held) {
      aggregates.removeAll();
      listeners.forEach(CommitListener::takenOver);
      tail.advance(journal.head());
    }
    return journal;
  }

  /** Gives the ledger up in good order. */
  void release() {
    lease.release();
  }

  /** Forgets the connection and all state in memory: what PostgreSQL holds is the truth. */
  void forget() {
    reachesTheJournal = false;
    lease.drop();
    aggregates.removeAll();
  }

  /**
   * The answers to {@code groups}, in their order; every answer that tells an outcome is committed.
   *
   * @throws NotLeadingException if another node leads by now: it is to be asked, for it knows what
   *     became of all keys
   */
  List<List<Answer>> run(List<CommandGroup> groups) {
    long giveUpAt = System.nanoTime() + retryFor.toNanos();
    for (long pauseMillis = FIRST_PAUSE_MILLIS;
        ;
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)) {
      try {
        return attempt(groups);
      } catch (SQLException | EventStoreException | JournalFencedException e) {
        forget();
        if (isRefusedData(e)) {
          return isolate(groups, e);
        }
        if (System.nanoTime() - giveUpAt > 0) {
          logger
              .atError()
              .setCause(e)
              .log("The ledger is out of reach; commands are told that their outcome is unknown");
          return failed(groups, new OutcomeUnknownException("the ledger is out of reach", e));
        }
        logger
            .atWarn()
            .addKeyValue("cause", e.getMessage())
            .log("A batch was lost and is tried again");
        LockSupport.parkNanos(
            Duration.ofMillis(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis))
                .toNanos());
      }
    }
  }

  /**
   * PostgreSQL is well and refuses what was sent (SQLSTATE classes 22 and 23): trying again cannot
   * help.
   */
  private static boolean isRefusedData(Exception e) {
    return e instanceof SQLException sql
        && sql.getSQLState() != null
        && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23"));
  }

  /**
   * Runs each group in a transaction of its own, so that one that PostgreSQL refuses does not take
   * the others down.
   */
  private List<List<Answer>> isolate(List<CommandGroup> groups, Exception cause) {
    if (groups.size() == 1) {
      logger.atError().setCause(cause).log("PostgreSQL refuses what a command would store");
      return failed(groups, new IllegalStateException("the command cannot be stored", cause));
    }
    List<List<Answer>> answers = new ArrayList<>();
    groups.forEach(group -> answers.addAll(run(List.of(group))));
    return answers;
  }

  private static List<List<Answer>> failed(List<CommandGroup> groups, RuntimeException cause) {
    return groups.stream()
        .map(group -> Collections.<Answer>nCopies(group.lines().size(), new Answer.Failed(cause)))
        .toList();
  }

  private List<List<Answer>> attempt(List<CommandGroup> groups) throws SQLException {
    Journal journal = journal();
    Collection<CommandKey> keys =
        groups.stream().flatMap(group -> group.lines().stream()).map(KeyedCommands::keyOf).toList();
    Transaction transaction =
        new Transaction(
            new JournalBatch(journal.head()), Receipts.find(journal.connection(), keys));
    openBatch.open(transaction.batch);
    try {
      List<List<Answer>> answers = groups.stream().map(transaction::run).toList();
      if (transaction.batch.isEmpty()) {
        journal.connection().rollback();
      } else {
        journal.commit(transaction.batch);
      }
      transaction.accepted.forEach(
          verdict -> listeners.forEach(listener -> listener.committed(verdict)));
      tail.advance(journal.head());
      reachesTheJournal = true;
      return answers;
    } finally {
      openBatch.close();
    }
  }

  /** One transaction while it fills. */
  private final class Transaction {

    private final JournalBatch batch;
    private final Map<CommandKey, Receipt> receipts;
    private final List<Verdict> accepted = new ArrayList<>();

    Transaction(JournalBatch batch, Map<CommandKey, Receipt> receipts) {
      this.batch = batch;
      this.receipts = receipts;
    }

    List<Answer> run(CommandGroup group) {
      JournalBatch.Mark mark = batch.mark();
      int acceptedBefore = accepted.size();
      Set<CommandKey> fresh = new HashSet<>();
      List<Answer> answers = new ArrayList<>(group.lines().size());
      for (CommandMessage<?> line : group.lines()) {
        Answer answer = run(line, fresh);
        answers.add(answer);
        if (group.onError() != OnError.CONTINUE && !isDone(answer)) {
          if (group.onError() == OnError.ATOMIC) {
            undo(group, mark, acceptedBefore, fresh, answers);
          }
          break;
        }
      }
      while (answers.size() < group.lines().size()) {
        answers.add(new Answer.Skipped());
      }
      return answers;
    }

    private static boolean isDone(Answer answer) {
      return answer instanceof Answer.Told told && told.outcome().isDone();
    }

    private Answer run(CommandMessage<?> line, Set<CommandKey> fresh) {
      CommandKey key = KeyedCommands.keyOf(line);
      Receipt receipt = receipts.get(key);
      if (receipt != null) {
        return receipt.fingerprint().equals(KeyedCommands.fingerprintOf(line))
            ? new Answer.Told(receipt.outcome(), true)
            : new Answer.KeyReused();
      }
      JournalBatch.Mark mark = batch.mark();
      try {
        Answer answer = decide(line, key);
        fresh.add(key);
        return answer;
      } catch (EventStoreException lostJournal) {
        throw lostJournal;
      } catch (RuntimeException e) {
        batch.rollBackTo(mark).forEach(aggregates::remove);
        logger
            .atError()
            .setCause(e)
            .addKeyValue("command", line.getCommandName())
            .log("A command failed");
        return new Answer.Failed(e);
      }
    }

    private Answer decide(CommandMessage<?> line, CommandKey key) {
      ResultMessage<?> result = handler.apply(line);
      if (result.isExceptional()) {
        throw result.exceptionResult() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(result.exceptionResult());
      }
      if (!(result.getPayload() instanceof Verdict verdict)) {
        throw new IllegalStateException(line.getCommandName() + " was not answered with a verdict");
      }
      Outcome outcome = verdict.outcome(key, batch.lastPosition());
      if (verdict.isAccepted()) {
        accepted.add(verdict);
      }
      keep(
          new Receipt(
              key,
              KeyedCommands.fingerprintOf(line),
              outcome,
              verdict.isAccepted() ? batch.lastPosition() : null));
      return new Answer.Told(outcome, false);
    }

    private void keep(Receipt receipt) {
      batch.addReceipt(receipt);
      receipts.put(receipt.key(), receipt);
    }

    /**
     * Takes back all that the group did. If a rule refused the group's last line, that refusal
     * stands: its key was told so, and stays told so. Lines that were done before this group came
     * keep their answer.
     */
    private void undo(
        CommandGroup group,
        JournalBatch.Mark mark,
        int acceptedBefore,
        Set<CommandKey> fresh,
        List<Answer> answers) {
      int last = answers.size() - 1;
      CommandKey lastKey = KeyedCommands.keyOf(group.lines().get(last));
      @Nullable Receipt refusal =
          answers.get(last) instanceof Answer.Told && fresh.contains(lastKey)
              ? receipts.get(lastKey)
              : null;
      batch.rollBackTo(mark).forEach(aggregates::remove);
      accepted.subList(acceptedBefore, accepted.size()).clear();
      receipts.keySet().removeAll(fresh);
      if (refusal != null) {
        keep(refusal);
      }
      for (int i = 0; i < last; i++) {
        if (fresh.contains(KeyedCommands.keyOf(group.lines().get(i)))) {
          answers.set(i, new Answer.Skipped());
        }
      }
    }
  }
}
