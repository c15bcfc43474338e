package io.bincard.application.writer;

import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalFencedException;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.KnownKeys;
import io.bincard.application.receipts.Receipt;
import io.bincard.application.receipts.Receipts;
import io.bincard.application.writer.CommandQueue.Waiting;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's thread. It runs what waits in the queue, and hands the batch to the {@link
 * Committer} as soon as that is idle: while one batch commits, the next one fills. A batch is as
 * large as what came while the last commit ran; nobody waits for it to fill.
 *
 * <p>When a commit fails, what ran on top of it is void too. Both batches are run again, one after
 * the other, from the look-up of their keys on. That is safe: the lease is taken anew first, so the
 * lost transaction is over, and what it did commit is found in the receipts and not run twice.
 */
final class WriterLoop {

  private static final Logger logger = LoggerFactory.getLogger(WriterLoop.class);

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  /** Running so many takes about as long as waking up for them does. */
  private static final int WORTH_WAKING_FOR = 32;

  /** So many are not held back for the others that came with them. */
  private static final int WORTH_COMMITTING = 32;

  /** How often a lost ledger is tried while nobody sends commands. */
  private static final long PROBE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CommandQueue queue;
  private final WriterLease lease;
  private final DataSource lookUps;
  private final Receipts receipts;
  private final OpenBatch openBatch;
  private final JournalTail tail;
  private final List<CommitListener> listeners;
  private final WriterProperties limits;
  private final Handlers handlers;
  private final WriterMetrics metrics;
  private final WayToTheLeader away;
  private final AnswerDesk answers;
  private final Committer committer;

  private Batch batch;

  /** The keys that have a receipt, as of {@link #knownSince}. */
  private KnownKeys knownKeys;

  private long knownSince = -2;

  /** What this node writes while it leads. */
  private @Nullable Journal journal;

  private volatile boolean reachesTheJournal;
  private volatile boolean following;
  private volatile boolean toldToTry;
  private volatile boolean resigning;

  /** Who waits now is the next leader's; known to the thread alone. */
  private boolean tookItsLast;

  private volatile boolean stopping;

  private final Queue<Question> questions = new ConcurrentLinkedQueue<>();

  /** Whether {@code key} is in a batch that is not committed. */
  private record Question(CommandKey key, CompletableFuture<Boolean> inABatch) {}

  /** Where groups go that this thread does not run. */
  interface WayToTheLeader {
    void passOn(Waiting sender);

    /** Whether one of its sequence went that way and is not answered yet. */
    boolean isBehindOneOnItsWay(Waiting sender);
  }

  /** What runs a command, and who has to prepare for it. */
  interface Handlers {
    Verdict handle(CommandMessage<?> command);

    /** The decider of {@code command}, if one handles it. */
    @Nullable Decider deciderOf(CommandMessage<?> command);
  }

  WriterLoop(
      CommandQueue queue,
      WriterLease lease,
      DataSource lookUps,
      Receipts receipts,
      OpenBatch openBatch,
      JournalTail tail,
      List<CommitListener> listeners,
      WriterProperties limits,
      WriterMetrics metrics,
      WayToTheLeader away,
      Handlers handlers) {
    this.queue = queue;
    this.lease = lease;
    this.lookUps = lookUps;
    this.receipts = receipts;
    this.openBatch = openBatch;
    this.tail = tail;
    this.listeners = listeners;
    this.limits = limits;
    this.handlers = handlers;
    this.metrics = metrics;
    this.away = away;
    this.knownKeys = new KnownKeys(0);
    this.answers = new AnswerDesk(queue, metrics);
    this.batch = new Batch(openBatch, receipts, knownKeys, 0, null);
    this.committer =
        new Committer(
            new Committer.Observer() {
              @Override
              public void committed(Batch done) {
                reachesTheJournal = true;
                answers.tell(() -> isCommitted(done));
                answers.tell(done.senders(), done.answers());
              }

              @Override
              public void changed() {
                queue.wake();
              }
            },
            metrics);
  }

  boolean reachesTheJournal() {
    return reachesTheJournal;
  }

  /** Whether another node leads, as far as this one knows. */
  boolean isFollowing() {
    return following;
  }

  /** Has the thread look whether it may take the ledger over. */
  void tryToLead() {
    toldToTry = true;
    queue.wake();
  }

  /**
   * Has the thread finish what it has and one batch more of what waits, give the ledger up and
   * follow whoever leads next. It does not lead again before it was started again.
   */
  void resign() {
    resigning = true;
    queue.wake();
  }

  boolean isResigning() {
    return resigning;
  }

  /**
   * Whether {@code key} is that of a command that was taken from the queue and is not answered. Who
   * is told no and finds no receipt after that knows that there was none before.
   */
  CompletableFuture<Boolean> isInABatch(CommandKey key) {
    CompletableFuture<Boolean> inABatch = new CompletableFuture<>();
    questions.add(new Question(key, inABatch));
    queue.wake();
    return inABatch;
  }

  /** Takes the ledger over now, unless another node leads; a start that cannot write fails. */
  void start() throws SQLException {
    stopping = false;
    resigning = false;
    tookItsLast = false;
    following = false;
    try {
      takeOver();
    } catch (NotLeadingException e) {
      follow();
    }
    answers.start();
    answers.await();
    committer.start();
  }

  private void takeOver() throws SQLException {
    journal();
    reachesTheJournal = true;
  }

  /** Lets the loop end when nothing waits any more. */
  void stop() {
    stopping = true;
    queue.wake();
  }

  /** Runs until it is stopped, and gives the ledger up in good order. */
  void run() throws InterruptedException {
    try {
      begin();
      while (!stopping || !queue.isEmpty() || !batch.isEmpty() || !committer.isIdle()) {
        turn();
      }
    } finally {
      committer.stop();
      answers.stop();
      lease.release();
    }
  }

  private void turn() {
    answerQuestions();
    if (toldToTry && batch.isEmpty() && committer.isIdle()) {
      toldToTry = false;
      probe();
    }
    if (tookItsLast && !following && batch.isEmpty() && committer.isIdle()) {
      giveUp();
    }
    if (following && batch.isEmpty() && committer.isIdle()) {
      passEverythingOn();
      return;
    }
    if (committer.hasFailed()) {
      startAnew(List.of());
      return;
    }
    boolean full = tookItsLast || batch.lines() >= limits.maxBatch();
    tookItsLast = resigning;
    List<Waiting> come = full ? List.of() : take(limits.maxBatch() - batch.lines());
    if (!come.isEmpty()) {
      execute(come);
    }
    if (!batch.isEmpty() && committer.isIdle()) {
      handOver();
    } else if (come.isEmpty()) {
      if (committer.isIdle()) {
        openBatch.settle();
      }
      queue.await(this::enough, () -> hasWork(full), PROBE_INTERVAL_NANOS);
      if (!reachesTheJournal && batch.isEmpty() && committer.isIdle() && queue.isEmpty()) {
        probe();
      }
    }
  }

  /** What waits to be run here; the rest comes back when what it has to wait for is over. */
  private List<Waiting> take(int enough) {
    List<Waiting> taken = queue.take(enough);
    List<Waiting> behind = taken.stream().filter(away::isBehindOneOnItsWay).toList();
    if (!behind.isEmpty()) {
      behind.forEach(away::passOn);
      taken.removeAll(behind);
    }
    return taken;
  }

  private void answerQuestions() {
    for (Question next = questions.poll(); next != null; next = questions.poll()) {
      if (following) {
        next.inABatch().completeExceptionally(new NotLeadingException("another node leads"));
      } else {
        next.inABatch().complete(batch.told(next.key()) != null);
      }
    }
  }

  /** The node goes down: whoever else there is leads before this one does anything else. */
  private void giveUp() {
    lease.release();
    following = true;
    forget();
    logger.atInfo().log("The ledger is given up; commands are sent on");
  }

  private void passEverythingOn() {
    List<Waiting> come = queue.take(limits.maxBatch());
    come.forEach(away::passOn);
    if (come.isEmpty()) {
      queue.await(
          () -> 1,
          () -> !queue.isEmpty() || toldToTry || stopping || !questions.isEmpty(),
          PROBE_INTERVAL_NANOS);
    }
  }

  /**
   * How many commands are worth waking up for: none can be committed before the commit under way is
   * over, which wakes the writer in any case.
   */
  private int enough() {
    return committer.isIdle() ? 1 : WORTH_WAKING_FOR;
  }

  private boolean hasWork(boolean full) {
    return committer.hasFailed()
        || (toldToTry && batch.isEmpty() && committer.isIdle())
        || (!full && queue.has(enough()))
        || !questions.isEmpty()
        || (committer.isIdle() && (!batch.isEmpty() || stopping || resigning));
  }

  private void execute(List<Waiting> come) {
    int ran = 0;
    try {
      Map<CommandKey, Receipt> stored = prepare(batch, come);
      for (Waiting sender : come) {
        Journal held = journal;
        if (batch.lines() >= WORTH_COMMITTING
            && committer.isIdle()
            && held != null
            && lease.isHeld()) {
          committer.commit(held, nextBatch());
        }
        batch.run(sender, stored, handlers::handle);
        ran++;
      }
    } catch (SQLException | EventStoreException e) {
      logger
          .atWarn()
          .addKeyValue("cause", e.getMessage())
          .log("The journal could not be read; the batch is run again");
      startAnew(come.subList(ran, come.size()));
    } catch (RuntimeException | Error e) { // the senders wait for an answer, whatever it was
      logger
          .atError()
          .setCause(e)
          .log("A batch failed; its senders are told that the outcome is unknown");
      List<Waiting> failed = new ArrayList<>(batch.senders());
      failed.addAll(come.subList(ran, come.size()));
      startAnewWith(batchUnderCommitIfLost(), List.of());
      answers.tell(
          failed, Batch.failed(failed, new OutcomeUnknownException("the batch failed", e)));
    }
  }

  private void handOver() {
    Journal held = journal;
    Batch full = nextBatch();
    if (held != null && lease.isHeld()) {
      committer.commit(held, full);
    } else {
      startAnewWith(List.of(full), List.of());
    }
  }

  /** Begins an empty batch on the one that was filled, which it returns. */
  private Batch nextBatch() {
    Batch full = batch;
    openBatch.handOver();
    batch = new Batch(openBatch, receipts, knownKeys, full.journal().lastPosition(), full);
    openBatch.open(batch.journal());
    return full;
  }

  /** Begins an empty batch on what is committed. */
  private void begin() {
    Journal held = journal;
    batch =
        new Batch(
            openBatch, receipts, knownKeys, held == null ? tail.position() : held.head(), null);
    openBatch.open(batch.journal());
  }

  /** The journal to write. If it had to be taken over, others may have written it meanwhile. */
  private Journal journal() throws SQLException {
    Journal held = journal;
    if (held != null && lease.isHeld()) {
      return held;
    }
    Journal taken = lease.journal();
    journal = taken;
    following = false;
    openBatch.forget();
    knowKeys(taken.epoch());
    long head = taken.head();
    answers.tell( // after the commits that are not told yet
        () -> {
          listeners.forEach(WriterLoop::tellOfTakeover);
          tail.advance(head);
        });
    return taken;
  }

  /** One that fails must not keep the others from hearing of it, nor readers from what is true. */
  private static void tellOfTakeover(CommitListener listener) {
    try {
      listener.takenOver();
    } catch (RuntimeException | Error e) {
      logger.atError().setCause(e).log("A listener failed while it was told of a take-over");
    }
  }

  /** What was known stays true unless somebody else led meanwhile: every take-over is one epoch. */
  private void knowKeys(long epoch) {
    if (epoch != knownSince + 1) {
      knownKeys.abandon();
      knownKeys = new KnownKeys(limits.knownKeys());
      knownKeys.fillFrom(lookUps);
    }
    knownSince = epoch;
  }

  /** Tries to get the ledger, back or for the first time, while nothing waits to be written. */
  private void probe() {
    if (resigning) {
      return;
    }
    try {
      takeOver();
      begin();
    } catch (NotLeadingException e) {
      follow();
    } catch (SQLException | RuntimeException e) {
      logger.atDebug().setCause(e).log("The ledger is still out of reach");
    }
  }

  /** Another node leads: what this one remembers is forgotten. */
  private void follow() {
    if (!following) {
      logger.atInfo().log("Another node leads the ledger; commands are sent on to it");
    }
    following = true;
    forget();
  }

  /** Forgets the connection and all state in memory: what PostgreSQL holds is the truth. */
  private void forget() {
    reachesTheJournal = false;
    journal = null;
    lease.drop();
    openBatch.forget();
  }

  /**
   * What keys of {@code senders} were told before; reads what their commands will be decided on.
   * The batches that told them may be handed over and committed before the commands run.
   */
  private Map<CommandKey, Receipt> prepare(Batch batch, List<Waiting> senders) throws SQLException {
    List<CommandKey> unknown = new ArrayList<>();
    Map<CommandKey, Receipt> told = new HashMap<>();
    Map<Decider, List<CommandMessage<?>>> toDecide = new HashMap<>();
    for (Waiting sender : senders) {
      for (CommandMessage<?> line : sender.group().lines()) {
        CommandKey key = KeyedCommands.keyOf(line);
        if (knownKeys.mayHave(key)) {
          Receipt receipt = batch.told(key);
          if (receipt == null) {
            unknown.add(key);
          } else {
            told.put(key, receipt);
          }
        }
        Decider decider = handlers.deciderOf(line);
        if (decider != null) {
          toDecide.computeIfAbsent(decider, d -> new ArrayList<>()).add(line);
        }
      }
    }
    told.putAll(lookUp(unknown));
    toDecide.forEach(Decider::prepare);
    return told;
  }

  private Map<CommandKey, Receipt> lookUp(Collection<CommandKey> keys) throws SQLException {
    if (keys.isEmpty()) {
      return new HashMap<>();
    }
    try (var connection = lookUps.getConnection()) {
      return receipts.find(connection, keys);
    }
  }

  private void isCommitted(Batch done) {
    listeners.forEach(listener -> tell(listener, done.accepted()));
    tail.advance(done.journal());
  }

  /** One that fails must not stand between senders and what is true, nor remember wrongly. */
  private static void tell(CommitListener listener, List<Verdict> accepted) {
    try {
      accepted.forEach(listener::committed);
    } catch (RuntimeException | Error e) {
      logger.atError().setCause(e).log("A listener failed while it was told of a commit");
      listener.takenOver();
    }
  }

  // When a batch was lost

  private void awaitCommitter() {
    while (committer.isBusy()) {
      queue.await(() -> Integer.MAX_VALUE, () -> !committer.isBusy(), PROBE_INTERVAL_NANOS);
    }
  }

  /** Runs again what was under commit, what ran on top of it and {@code come}. */
  private void startAnew(List<Waiting> come) {
    List<Batch> lost = batchUnderCommitIfLost();
    lost.add(batch);
    startAnewWith(lost, come);
  }

  private List<Batch> batchUnderCommitIfLost() {
    awaitCommitter();
    List<Batch> lost = new ArrayList<>();
    Committer.Failure failure = committer.takeFailure();
    if (failure != null) {
      lost.add(failure.batch());
      logger
          .atWarn()
          .addKeyValue("cause", failure.cause().getMessage())
          .log("A batch was lost and is tried again");
    }
    return lost;
  }

  private void startAnewWith(List<Batch> lost, List<Waiting> come) {
    forget();
    for (Batch again : lost) {
      runAlone(again.senders());
    }
    runAlone(come);
    begin();
  }

  /** Runs and commits {@code senders}' commands in this thread, and answers them. */
  private void runAlone(List<Waiting> senders) {
    if (senders.isEmpty()) {
      return;
    }
    try {
      answers.tell(senders, attempts(senders));
    } catch (NotLeadingException e) { // who leads knows what became of all keys
      follow();
      senders.forEach(away::passOn);
    }
  }

  private List<List<Answer>> attempts(List<Waiting> senders) {
    long giveUpAt = System.nanoTime() + limits.retryFor().toNanos();
    for (long pauseMillis = FIRST_PAUSE_MILLIS;
        ;
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)) {
      try {
        return attempt(senders);
      } catch (SQLException | EventStoreException | JournalFencedException e) {
        forget();
        if (isRefusedData(e)) {
          return isolate(senders, e);
        }
        if (System.nanoTime() - giveUpAt > 0) {
          logger
              .atError()
              .setCause(e)
              .log("The ledger is out of reach; commands are told that their outcome is unknown");
          return Batch.failed(
              senders, new OutcomeUnknownException("the ledger is out of reach", e));
        }
        logger
            .atWarn()
            .addKeyValue("cause", e.getMessage())
            .log("A batch was lost and is tried again");
        LockSupport.parkNanos(
            Duration.ofMillis(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis))
                .toNanos());
      } catch (NotLeadingException e) {
        throw e;
      } catch (RuntimeException | Error e) { // the senders wait for an answer, whatever it was
        forget();
        logger
            .atError()
            .setCause(e)
            .log("A batch failed; its senders are told that the outcome is unknown");
        return Batch.failed(senders, new OutcomeUnknownException("the batch failed", e));
      }
    }
  }

  private List<List<Answer>> attempt(List<Waiting> senders) throws SQLException {
    Journal journal = journal();
    Batch alone = new Batch(openBatch, receipts, knownKeys, journal.head(), null);
    openBatch.open(alone.journal());
    Map<CommandKey, Receipt> stored = prepare(alone, senders);
    senders.forEach(sender -> alone.run(sender, stored, handlers::handle));
    Committer.commit(journal, alone, metrics);
    openBatch.handOver();
    openBatch.settle();
    answers.tell(() -> isCommitted(alone));
    reachesTheJournal = true;
    return alone.answers();
  }

  /** Classes of SQL states: bad data, broken constraints, more than PostgreSQL takes at once. */
  private static final List<String> REFUSALS = List.of("22", "23", "54");

  /** PostgreSQL is well and refuses what was sent: trying again cannot help. */
  private static boolean isRefusedData(Exception e) {
    return e instanceof SQLException sql
        && sql.getSQLState() != null
        && REFUSALS.stream().anyMatch(sql.getSQLState()::startsWith);
  }

  /**
   * Runs each group in a transaction of its own, so that one that PostgreSQL refuses does not take
   * the others down.
   */
  private List<List<Answer>> isolate(List<Waiting> senders, Exception cause) {
    if (senders.size() == 1) {
      logger.atError().setCause(cause).log("PostgreSQL refuses what a command would store");
      return Batch.failed(
          senders, new IllegalStateException("the command cannot be stored", cause));
    }
    List<List<Answer>> told = new ArrayList<>();
    senders.forEach(sender -> told.addAll(attempts(List.of(sender))));
    return told;
  }
}
