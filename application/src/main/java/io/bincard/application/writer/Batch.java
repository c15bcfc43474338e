package io.bincard.application.writer;

import io.bincard.application.journal.JournalBatch;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.KnownKeys;
import io.bincard.application.receipts.Receipt;
import io.bincard.application.receipts.ReceiptTiers;
import io.bincard.application.receipts.Receipts;
import io.bincard.application.writer.CommandQueue.Waiting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that share a transaction: runs each as it comes and collects what is to be stored and
 * what is to be answered once it is. Filled by the writer's thread; read by others when it is full.
 */
final class Batch {

  private static final Logger logger = LoggerFactory.getLogger(Batch.class);

  private final OpenBatch openBatch;
  private final Receipts receipts;
  private final KnownKeys knownKeys;
  private final JournalBatch journal;
  private final Map<CommandKey, Receipt> toldUnderCommit;
  private final Map<CommandKey, Receipt> told = new HashMap<>();
  private final List<Verdict> accepted = new ArrayList<>();
  private final List<Waiting> senders = new ArrayList<>();
  private final List<List<Answer>> answers = new ArrayList<>();
  private int lines;

  /**
   * @param receipts knows the age of a key
   * @param knownKeys hears of every key that is told
   * @param headBefore position of the last event before this batch, committed or about to be
   * @param underCommit the batch that goes before this one, if it is not known to be committed
   */
  Batch(
      OpenBatch openBatch,
      Receipts receipts,
      KnownKeys knownKeys,
      long headBefore,
      @Nullable Batch underCommit) {
    this.openBatch = openBatch;
    this.receipts = receipts;
    this.knownKeys = knownKeys;
    this.journal = openBatch.begin(headBefore);
    this.toldUnderCommit = underCommit == null ? Map.of() : underCommit.told;
  }

  /** What goes into the journal. */
  JournalBatch journal() {
    return journal;
  }

  int lines() {
    return lines;
  }

  boolean isEmpty() {
    return senders.isEmpty();
  }

  List<Verdict> accepted() {
    return accepted;
  }

  List<Waiting> senders() {
    return senders;
  }

  /** The answers to each of {@link #senders()}, to be told when the batch is committed. */
  List<List<Answer>> answers() {
    return answers;
  }

  /** What this batch or the one before has told {@code key}, stored or not yet. */
  @Nullable Receipt told(CommandKey key) {
    Receipt receipt = told.get(key);
    return receipt == null ? toldUnderCommit.get(key) : receipt;
  }

  /**
   * Runs {@code sender}'s group.
   *
   * @param stored the receipts of its keys from before
   */
  void run(
      Waiting sender,
      Map<CommandKey, Receipt> stored,
      Function<CommandMessage<?>, Verdict> handler) {
    answers.add(new Group(sender.group(), stored, handler).run());
    senders.add(sender);
    lines += sender.lines();
  }

  /** One group while it runs. */
  private final class Group {

    private final CommandGroup group;
    private final Map<CommandKey, Receipt> stored;
    private final Function<CommandMessage<?>, Verdict> handler;
    private final Set<CommandKey> fresh = new HashSet<>();

    Group(
        CommandGroup group,
        Map<CommandKey, Receipt> stored,
        Function<CommandMessage<?>, Verdict> handler) {
      this.group = group;
      this.stored = stored;
      this.handler = handler;
    }

    List<Answer> run() {
      OpenBatch.Mark mark = openBatch.mark();
      int acceptedBefore = accepted.size();
      List<Answer> given = new ArrayList<>(group.lines().size());
      for (CommandMessage<?> line : group.lines()) {
        Answer answer = run(line);
        given.add(answer);
        if (group.onError() != OnError.CONTINUE && !isDone(answer)) {
          if (group.onError() == OnError.ATOMIC) {
            undo(mark, acceptedBefore, given);
          }
          break;
        }
      }
      while (given.size() < group.lines().size()) {
        given.add(new Answer.Skipped());
      }
      return given;
    }

    private static boolean isDone(Answer answer) {
      return answer instanceof Answer.Told outcome && outcome.outcome().isDone();
    }

    private Answer run(CommandMessage<?> line) {
      CommandKey key = KeyedCommands.keyOf(line);
      ReceiptTiers.Age age = receipts.ageOf(key);
      Receipt receipt = age == ReceiptTiers.Age.EXPIRED ? null : receiptOf(key);
      if (receipt != null) {
        return receipt.fingerprint().equals(KeyedCommands.fingerprintOf(line))
            ? new Answer.Told(receipt.outcome(), true)
            : new Answer.KeyReused();
      }
      return switch (age) {
        case OPEN -> runNew(line, key);
        case EXPIRED -> new Answer.KeyExpired();
        case AHEAD -> new Answer.KeyAhead();
      };
    }

    private Answer runNew(CommandMessage<?> line, CommandKey key) {
      OpenBatch.Mark mark = openBatch.mark();
      try {
        Verdict verdict = handler.apply(line);
        Receipt fresh =
            new Receipt(
                key,
                KeyedCommands.fingerprintOf(line),
                verdict.outcome(key, journal.lastPosition()),
                verdict.isAccepted() ? journal.lastPosition() : null);
        if (verdict.isAccepted()) {
          accepted.add(verdict);
        }
        keep(fresh);
        return new Answer.Told(fresh.outcome(), false);
      } catch (EventStoreException lostJournal) {
        throw lostJournal;
      } catch (RuntimeException e) {
        openBatch.rollBackTo(mark);
        if (e instanceof LedgerBusyException) {
          return new Answer.Failed(e);
        }
        logger
            .atError()
            .setCause(e)
            .addKeyValue("command", line.getCommandName())
            .log("A command failed");
        return new Answer.Failed(e);
      }
    }

    private @Nullable Receipt receiptOf(CommandKey key) {
      Receipt receipt = told(key);
      return receipt == null ? stored.get(key) : receipt;
    }

    private void keep(Receipt receipt) {
      journal.addReceipt(receipt);
      told.put(receipt.key(), receipt);
      knownKeys.add(receipt.key());
      fresh.add(receipt.key());
    }

    /**
     * Takes back all that the group did. If a rule refused the group's last line, that refusal
     * stands: its key was told so, and stays told so. Lines that were done before this group came
     * keep their answer.
     */
    private void undo(OpenBatch.Mark mark, int acceptedBefore, List<Answer> given) {
      int last = given.size() - 1;
      CommandKey lastKey = KeyedCommands.keyOf(group.lines().get(last));
      @Nullable Receipt refusal =
          given.get(last) instanceof Answer.Told && fresh.contains(lastKey)
              ? told.get(lastKey)
              : null;
      openBatch.rollBackTo(mark);
      accepted.subList(acceptedBefore, accepted.size()).clear();
      told.keySet().removeAll(fresh);
      for (int i = 0; i < last; i++) {
        if (fresh.contains(KeyedCommands.keyOf(group.lines().get(i)))) {
          given.set(i, new Answer.Skipped());
        }
      }
      if (refusal != null) {
        keep(refusal);
      }
    }
  }

  /** Every sender hears that its commands failed with {@code cause}. */
  static List<List<Answer>> failed(List<Waiting> senders, RuntimeException cause) {
    return senders.stream()
        .map(sender -> Collections.<Answer>nCopies(sender.lines(), new Answer.Failed(cause)))
        .toList();
  }
}
