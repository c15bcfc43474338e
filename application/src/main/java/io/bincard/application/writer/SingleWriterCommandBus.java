package io.bincard.application.writer;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import io.bincard.application.journal.JournalTail;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.common.Registration;
import org.axonframework.messaging.DefaultInterceptorChain;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Axon's command bus as the ledger's single writer: a bounded queue and one thread that takes what
 * waits there, runs it and commits it in one transaction. A sender hears of its command after the
 * commit, as an {@link Answer}, or a list of them for a {@link CommandGroup}.
 *
 * <p>A full queue refuses with {@link LedgerBusyException} at once; groups wait a bounded time for
 * room.
 */
public final class SingleWriterCommandBus implements CommandBus, SmartLifecycle {

  private static final Logger logger = LoggerFactory.getLogger(SingleWriterCommandBus.class);

  /** How often a lost ledger is tried while nobody sends commands. */
  private static final long PROBE_INTERVAL_MILLIS = 1_000;

  /** Before everything that sends commands, so that it stops after it. */
  private static final int PHASE = 0;

  private final WriterProperties limits;
  private final Forwarding elsewhere;
  private final BatchRunner runner;
  private final Semaphore room;
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Map<String, MessageHandler<? super CommandMessage<?>>> handlers =
      new ConcurrentHashMap<>();
  private final List<MessageDispatchInterceptor<? super CommandMessage<?>>> dispatchInterceptors =
      new CopyOnWriteArrayList<>();
  private final List<MessageHandlerInterceptor<? super CommandMessage<?>>> handlerInterceptors =
      new CopyOnWriteArrayList<>();
  private volatile @Nullable Thread writer;
  private volatile boolean stopping;

  /** Another node leads, as far as this one knows: commands are sent on. */
  private volatile boolean following;

  /** Nothing is taken from the queue any more, until the next start. */
  private volatile boolean ended = true;

  private enum Kind {
    COMMAND,
    GROUP,
    /** To look whether the ledger may be taken over. */
    PROBE,
    STOP
  }

  /**
   * A command or a group in the queue, or a word to the thread; {@code answer} is called once.
   *
   * @param forwarded whether another node sent it on
   */
  private record Waiting(Kind kind, CommandGroup group, boolean forwarded, Answering answer) {

    static Waiting word(Kind kind) {
      return new Waiting(kind, new CommandGroup(List.of(), OnError.CONTINUE), false, answers -> {});
    }

    boolean isWord() {
      return kind == Kind.STOP || kind == Kind.PROBE;
    }
  }

  private interface Answering {
    void with(List<Answer> answers);
  }

  private static final Waiting STOP = Waiting.word(Kind.STOP);
  private static final Waiting PROBE = Waiting.word(Kind.PROBE);

  private SingleWriterCommandBus(
      WriterProperties limits,
      Forwarding elsewhere,
      Function<Function<CommandMessage<?>, ResultMessage<?>>, BatchRunner> runner) {
    this.limits = limits;
    this.elsewhere = elsewhere;
    this.room = new Semaphore(limits.queueCapacity());
    this.runner = runner.apply(this::handle);
  }

  /**
   * The writer of the ledger that {@code lease} is of, while that can be had, and otherwise the way
   * to the node that has it.
   */
  public static SingleWriterCommandBus over(
      WriterLease lease,
      Forwarding elsewhere,
      OpenBatch openBatch,
      AggregateCache aggregates,
      JournalTail tail,
      List<CommitListener> listeners,
      WriterProperties limits) {
    return new SingleWriterCommandBus(
        limits,
        elsewhere,
        handler ->
            new BatchRunner(
                lease, openBatch, aggregates, tail, listeners, limits.retryFor(), handler));
  }

  @Override
  public <C> void dispatch(CommandMessage<C> command) {
    dispatch(command, (message, result) -> {});
  }

  @Override
  @SuppressWarnings("unchecked") // the payload of a result is the type that the sender asked for
  public <C, R> void dispatch(
      CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
    try {
      CommandMessage<C> intercepted = intercept(command);
      boolean isGroup = intercepted.getPayload() instanceof CommandGroup;
      CommandGroup group =
          intercepted.getPayload() instanceof CommandGroup lines
              ? lines
              : new CommandGroup(List.of(intercepted), OnError.CONTINUE);
      group.lines().forEach(SingleWriterCommandBus::requireKeyed);
      enqueue(
          new Waiting(
              isGroup ? Kind.GROUP : Kind.COMMAND,
              group,
              intercepted.getMetaData().containsKey(KeyedCommands.FORWARDED),
              answers ->
                  callback.onResult(
                      intercepted,
                      (CommandResultMessage<R>)
                          (isGroup
                              ? asCommandResultMessage(answers)
                              : result(answers.getFirst())))),
          isGroup ? limits.groupQueueWait().toNanos() : 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.onResult(command, asCommandResultMessage(e));
    } catch (RuntimeException e) {
      callback.onResult(command, asCommandResultMessage(e));
    }
  }

  private static void requireKeyed(CommandMessage<?> line) {
    KeyedCommands.keyOf(line);
    KeyedCommands.fingerprintOf(line);
  }

  private static CommandResultMessage<?> result(Answer answer) {
    return answer instanceof Answer.Failed(RuntimeException cause)
        ? asCommandResultMessage(cause)
        : asCommandResultMessage(answer);
  }

  private void enqueue(Waiting waiting, long waitNanos) throws InterruptedException {
    int lines = waiting.group().lines().size();
    if (lines == 0) {
      waiting.answer().with(List.of());
      return;
    }
    if (lines > limits.queueCapacity()
        || !room.tryAcquire(lines, waitNanos, TimeUnit.NANOSECONDS)) {
      throw new LedgerBusyException(limits.queueCapacity() - room.availablePermits());
    }
    if (stopping || ended) {
      room.release(lines);
      throw new WriterStoppedException();
    }
    if (following) {
      passOn(waiting);
    } else if (!addToQueue(waiting)) {
      room.release(lines);
      throw new WriterStoppedException();
    }
  }

  /**
   * Who comes in while the last are sent away is either seen by the writer or sees its end; then
   * the answer is {@code false}.
   */
  private boolean addToQueue(Waiting waiting) {
    queue.add(waiting);
    return !(ended && queue.remove(waiting));
  }

  /** To the node that leads; it keeps its room meanwhile. */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the sender
  private void passOn(Waiting waiting) {
    if (waiting.forwarded()) {
      answerAll(waiting, new NotLeadingException("another node leads the ledger"));
      return;
    }
    elsewhere
        .forward(waiting.group(), waiting.kind() == Kind.COMMAND, () -> !following || ended)
        .whenComplete(
            (answers, failure) -> {
              if (failure != null) {
                answerAll(waiting, asRuntime(failure));
              } else if (!answers.isEmpty()) {
                room.release(answers.size());
                answer(waiting, answers);
              } else if (!addToQueue(waiting)) {
                answerAll(waiting, new WriterStoppedException());
              }
            });
  }

  private static RuntimeException asRuntime(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  /** The node is going down or not up yet; nothing was done. */
  public static final class WriterStoppedException extends RuntimeException {
    WriterStoppedException() {
      super("the writer is not running");
    }
  }

  @SuppressWarnings("unchecked") // an interceptor may change a message but not what it is
  private <C> CommandMessage<C> intercept(CommandMessage<C> command) {
    CommandMessage<?> message = command;
    for (MessageDispatchInterceptor<? super CommandMessage<?>> interceptor : dispatchInterceptors) {
      message = (CommandMessage<?>) interceptor.handle(message);
    }
    return (CommandMessage<C>) message;
  }

  @Override
  public Registration subscribe(
      String commandName, MessageHandler<? super CommandMessage<?>> handler) {
    if (handlers.putIfAbsent(commandName, handler) != null) {
      throw new IllegalStateException(commandName + " has a handler already");
    }
    return () -> handlers.remove(commandName, handler);
  }

  @Override
  public Registration registerDispatchInterceptor(
      MessageDispatchInterceptor<? super CommandMessage<?>> interceptor) {
    dispatchInterceptors.add(interceptor);
    return () -> dispatchInterceptors.remove(interceptor);
  }

  @Override
  public Registration registerHandlerInterceptor(
      MessageHandlerInterceptor<? super CommandMessage<?>> interceptor) {
    handlerInterceptors.add(interceptor);
    return () -> handlerInterceptors.remove(interceptor);
  }

  /**
   * Whether the journal was within reach when it was last needed; a lost one is tried every second.
   */
  public boolean reachesTheJournal() {
    return runner.reachesTheJournal();
  }

  /** Whether another node leads, as far as this one knows. */
  public boolean isFollowing() {
    return following;
  }

  /** Commands that wait or run, here or on their way to the leader. */
  public int queuedCommands() {
    return limits.queueCapacity() - room.availablePermits();
  }

  private void writeUntilStopped() {
    try {
      List<Waiting> batch = new ArrayList<>();
      boolean stopped = false;
      while (!stopped) {
        batch.clear();
        stopped = !take(batch);
        if (!batch.isEmpty()) {
          write(batch);
        }
      }
      runner.release();
    } finally {
      ended = true;
      sendAway();
    }
  }

  private void sendAway() {
    for (Waiting late = queue.poll(); late != null; late = queue.poll()) {
      answerAll(late, new WriterStoppedException());
    }
  }

  private void answerAll(Waiting waiting, RuntimeException cause) {
    int lines = waiting.group().lines().size();
    room.release(lines);
    answer(waiting, Collections.nCopies(lines, new Answer.Failed(cause)));
  }

  /**
   * Fills {@code batch} with what waits; waits for the first. Returns false when the writer is to
   * stop.
   */
  private boolean take(List<Waiting> batch) {
    try {
      Waiting next =
          runner.reachesTheJournal() || following
              ? queue.take()
              : queue.poll(PROBE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      if (next == null || next.kind() == Kind.PROBE) {
        probe();
        return true;
      }
      int lines = 0;
      while (next != null && !next.isWord()) {
        batch.add(next);
        lines += next.group().lines().size();
        next = lines < limits.maxBatch() ? queue.poll() : null;
      }
      return next == null || next.kind() != Kind.STOP;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Has the thread look whether it may take the ledger over; returns at once. */
  public void tryToLead() {
    queue.add(PROBE);
  }

  private void probe() {
    try {
      runner.probe();
      following = following && !runner.reachesTheJournal();
    } catch (NotLeadingException e) {
      follow();
    }
  }

  /** Another node leads: what this one remembers is forgotten. */
  private void follow() {
    if (!following) {
      logger.atInfo().log("Another node leads the ledger; commands are sent on to it");
    }
    following = true;
    runner.forget();
  }

  private void write(List<Waiting> batch) {
    List<List<Answer>> answers;
    try {
      answers = runner.run(batch.stream().map(Waiting::group).toList());
      following = false;
    } catch (NotLeadingException e) {
      follow();
      batch.forEach(this::passOn);
      return;
    } catch (RuntimeException | Error e) { // the senders wait for an answer, whatever it was
      logger
          .atError()
          .setCause(e)
          .log("A batch failed; its senders are told that the outcome is unknown");
      runner.forget();
      batch.forEach(
          waiting -> answerAll(waiting, new OutcomeUnknownException("the batch failed", e)));
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      room.release(batch.get(i).group().lines().size());
      answer(batch.get(i), answers.get(i));
    }
  }

  private static void answer(Waiting waiting, List<Answer> answers) {
    try {
      waiting.answer().with(answers);
    } catch (RuntimeException e) {
      logger.atError().setCause(e).log("A sender failed while it was answered");
    }
  }

  private ResultMessage<?> handle(CommandMessage<?> command) {
    MessageHandler<? super CommandMessage<?>> handler = handlers.get(command.getCommandName());
    if (handler == null) {
      return asCommandResultMessage(
          new NoHandlerForCommandException("nothing handles " + command.getCommandName()));
    }
    DefaultUnitOfWork<CommandMessage<?>> unitOfWork = DefaultUnitOfWork.startAndGet(command);
    unitOfWork.registerCorrelationDataProvider(
        message -> KeyedCommands.eventMetaData((CommandMessage<?>) message));
    return unitOfWork.executeWithResult(
        () -> new DefaultInterceptorChain<>(unitOfWork, handlerInterceptors, handler).proceed());
  }

  /**
   * Takes the ledger over, unless another node leads, and starts the thread.
   *
   * @throws IllegalStateException if the ledger is out of reach; the message says why
   */
  @Override
  public void start() {
    try {
      runner.takeOver();
      following = false;
    } catch (NotLeadingException e) {
      follow();
    } catch (SQLException e) {
      throw new IllegalStateException("the ledger cannot be written: " + e.getMessage(), e);
    }
    stopping = false;
    ended = false;
    writer = Thread.ofPlatform().name("ledger-writer").start(this::writeUntilStopped);
  }

  /** Finishes what waits in the queue, gives the ledger up, and returns. */
  @Override
  public void stop() {
    Thread running = writer;
    if (running == null) {
      return;
    }
    stopping = true;
    queue.add(STOP);
    try {
      running.join();
      queue.remove(STOP);
      writer = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return writer != null && !ended;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
