package io.bincard.application.writer;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.Receipts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
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
import org.axonframework.serialization.Serializer;
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

  /** Nothing is taken from the queue any more, until the next start. */
  private volatile boolean ended = true;

  /** A command or a group in the queue; {@code answer} is called once. */
  private record Waiting(CommandGroup group, Answering answer) {

    /** A group without lines is never enqueued but to stop the thread. */
    boolean isStop() {
      return group.lines().isEmpty();
    }
  }

  private interface Answering {
    void with(List<Answer> answers);
  }

  private static final Waiting STOP =
      new Waiting(new CommandGroup(List.of(), OnError.CONTINUE), answers -> {});

  private SingleWriterCommandBus(
      WriterProperties limits,
      Function<Function<CommandMessage<?>, ResultMessage<?>>, BatchRunner> runner) {
    this.limits = limits;
    this.room = new Semaphore(limits.queueCapacity());
    this.runner = runner.apply(this::handle);
  }

  /**
   * The writer of the ledger in {@code dataSource}; it takes the ledger over when it is started.
   */
  public static SingleWriterCommandBus over(
      DataSource dataSource,
      Serializer serializer,
      Receipts receipts,
      OpenBatch openBatch,
      AggregateCache aggregates,
      JournalTail tail,
      List<CommitListener> listeners,
      WriterProperties limits) {
    WriterLease lease = new WriterLease(dataSource, serializer, limits.takeoverWait());
    return new SingleWriterCommandBus(
        limits,
        handler ->
            new BatchRunner(
                lease,
                receipts,
                openBatch,
                aggregates,
                tail,
                listeners,
                limits.retryFor(),
                handler));
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
              group,
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
    boolean stopped = stopping || ended;
    if (!stopped) {
      queue.add(waiting);
      // Who comes in while the last are sent away is either seen by the writer or sees its end.
      stopped = ended && queue.remove(waiting);
    }
    if (stopped) {
      room.release(lines);
      throw new WriterStoppedException();
    }
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

  /** Commands that wait or run. */
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
          runner.reachesTheJournal()
              ? queue.take()
              : queue.poll(PROBE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      if (next == null) {
        runner.probe();
        return true;
      }
      int lines = 0;
      while (next != null && !next.isStop()) {
        batch.add(next);
        lines += next.group().lines().size();
        next = lines < limits.maxBatch() ? queue.poll() : null;
      }
      return next == null || !next.isStop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void write(List<Waiting> batch) {
    List<List<Answer>> answers;
    try {
      answers = runner.run(batch.stream().map(Waiting::group).toList());
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
   * Takes the ledger over and starts the thread.
   *
   * @throws IllegalStateException if the ledger cannot be taken over; the message says why
   */
  @Override
  public void start() {
    try {
      runner.takeOver();
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
