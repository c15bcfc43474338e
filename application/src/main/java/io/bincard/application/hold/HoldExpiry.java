package io.bincard.application.hold;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.timers.Agenda;
import io.bincard.application.timers.Agenda.Due;
import io.bincard.application.timers.Timer;
import io.bincard.application.timers.Timers;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.LedgerBusyException;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.NotLeadingException;
import io.bincard.application.writer.OutcomeUnknownException;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldCommand.ExpireHolds;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.ExpectedVersion;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down the end of holds as soon as their time is over, in the node that leads: so many by
 * one command at most, and the next ones when that is committed, so that commands of others never
 * wait for more than those.
 *
 * <p>What is open is learnt from the commits of this node and, when it takes the ledger over, from
 * the journal.
 */
public final class HoldExpiry implements CommitListener {

  private static final Logger logger = LoggerFactory.getLogger(HoldExpiry.class);

  /** As long as a command may take before its sender gives up. */
  private static final long ANSWER_SECONDS = 10;

  private static final int PAGE = 1_000;

  private final Supplier<CommandGateway> gateway;
  private final OpenHolds openHolds;
  private final Timers timers;
  private final Agenda<HoldId> agenda;

  /** What was heard of since the journal began to be read; {@code null} if it is not. */
  private @Nullable Set<HoldId> heardOf;

  private @Nullable Timer reading;

  /**
   * @param gateway where commands go, asked for when the first hold expires
   * @param atOnce holds that expire by one command at most
   */
  public HoldExpiry(
      Timers timers, Supplier<CommandGateway> gateway, OpenHolds openHolds, int atOnce) {
    this.timers = timers;
    this.gateway = gateway;
    this.openHolds = openHolds;
    this.agenda = timers.agenda("hold-expiry", atOnce, this::expire);
  }

  @Override
  public void committed(Verdict verdict) {
    for (Moved<?, ?> move : verdict.moved()) {
      if (move.key() instanceof HoldId id && move.after() instanceof Hold hold) {
        heard(id, hold);
      }
    }
  }

  private synchronized void heard(HoldId id, Hold hold) {
    if (heardOf != null) {
      heardOf.add(id);
    }
    if (hold.status() == Hold.Status.PLACED) {
      agenda.set(id, hold.expiresAt());
    } else {
      agenda.remove(id);
    }
  }

  /** Commits of others were not told of here. */
  @Override
  public synchronized void takenOver() {
    if (reading != null) {
      reading.cancel();
    }
    agenda.clear();
    heardOf = new HashSet<>();
    reading = timers.after("open-holds", Duration.ZERO, this::readOpenHolds);
  }

  private void readOpenHolds() throws SQLException {
    Set<HoldId> newer;
    synchronized (this) {
      newer = heardOf;
    }
    long begun = System.nanoTime();
    Map<HoldId, Instant> open = openHolds.find();
    Iterator<Map.Entry<HoldId, Instant>> left = open.entrySet().iterator();
    while (newer != null && add(left, newer)) {
      Thread.onSpinWait(); // commits that are told meanwhile come in between
    }
    logger
        .atInfo()
        .addKeyValue("open", open.size())
        .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
        .log("The open holds are known");
  }

  /** Adds a page of those that nothing was heard of since; {@code false} after the last one. */
  private synchronized boolean add(Iterator<Map.Entry<HoldId, Instant>> open, Set<HoldId> newer) {
    if (newer != heardOf) {
      return false; // the ledger was taken over again, and is read again
    }
    for (int i = 0; i < PAGE && open.hasNext(); i++) {
      Map.Entry<HoldId, Instant> next = open.next();
      if (!newer.contains(next.getKey())) {
        agenda.set(next.getKey(), next.getValue());
      }
    }
    if (!open.hasNext()) {
      heardOf = null;
    }
    return open.hasNext();
  }

  private void expire(List<Due<HoldId>> due) throws Exception {
    ExpireHolds command = new ExpireHolds(due.stream().map(Due::key).toList());
    CompletableFuture<Answer> sent =
        gateway
            .get()
            .send(
                KeyedCommands.message(
                        command,
                        CommandKey.ofLedger("expire-" + UUID.randomUUID()),
                        Fingerprint.of("expire-holds", LedgerJson.write(command)),
                        ExpectedVersion.ANY,
                        null)
                    .andMetaData(Map.of(KeyedCommands.FORWARDED, true)));
    Answer answer;
    try {
      answer = sent.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause() instanceof Exception cause ? cause : e);
    } catch (TimeoutException e) {
      throw new Agenda.NotNowException("no answer within " + ANSWER_SECONDS + " s", e);
    }
    if (!(answer instanceof Answer.Told)) {
      throw answer instanceof Answer.Failed(RuntimeException cause)
          ? failure(cause)
          : new IllegalStateException("holds do not expire: " + answer);
    }
  }

  /** Whether the ledger is to blame, or one of the holds. */
  private static Exception failure(Exception cause) {
    return cause instanceof LedgerBusyException
            || cause instanceof NotLeadingException
            || cause instanceof OutcomeUnknownException
        ? new Agenda.NotNowException(cause.getMessage(), cause)
        : cause;
  }
}
