package io.bincard.application.writer;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Receipts;
import io.bincard.application.writer.CommandQueue.Waiting;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Axon's command bus as the ledger's single writer: a bounded queue and one thread that runs what
 * waits there, batch by batch, each committed in one transaction; in a node that does not lead, the
 * way to the one that does. A sender hears of its command after the commit, as an {@link Answer},
 * or a list of them for a {@link CommandGroup}.
 *
 * <p>A full queue refuses with {@link LedgerBusyException} at once; groups wait a bounded time for
 * room.
 */
public final class SingleWriterCommandBus implements CommandBus, SmartLifecycle {

  /** Before everything that sends commands, so that it stops after it. */
  private static final int PHASE = 0;

  /** How long whoever asks for a key may wait. */
  private static final long ASK_MILLIS = 2_000;

  private final WriterProperties limits;
  private final Forwarding elsewhere;

  /** The last of each sequence that went to the leader and is not answered; guards itself. */
  private final Map<Object, CompletableFuture<Boolean>> onTheirWay = new HashMap<>();

  private final CommandQueue queue;
  private final WriterLoop loop;
  private final WriterMetrics metrics;
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

  /**
   * The writer of the ledger that {@code lease} is of, while that can be had, and otherwise the way
   * to the node that has it.
   *
   * @param dataSource where keys are looked up, on a connection that is not the writer's own
   */
  public SingleWriterCommandBus(
      WriterLease lease,
      Forwarding elsewhere,
      DataSource dataSource,
      Receipts receipts,
      OpenBatch openBatch,
      JournalTail tail,
      List<CommitListener> listeners,
      WriterProperties limits,
      MeterRegistry meters) {
    this.limits = limits;
    this.elsewhere = elsewhere;
    this.metrics = new WriterMetrics(meters);
    this.queue = new CommandQueue(limits.queueCapacity());
    this.loop =
        new WriterLoop(
            queue,
            lease,
            dataSource,
            receipts,
            openBatch,
            tail,
            listeners,
            limits,
            metrics,
            new WriterLoop.WayToTheLeader() {
              @Override
              public void passOn(Waiting sender) {
                SingleWriterCommandBus.this.passOn(sender);
              }

              @Override
              public boolean isBehindOneOnItsWay(Waiting sender) {
                return SingleWriterCommandBus.this.isBehindOneOnItsWay(sender);
              }
            },
            new WriterLoop.Handlers() {
              @Override
              public Verdict handle(CommandMessage<?> command) {
                return SingleWriterCommandBus.this.handle(command);
              }

              @Override
              public @Nullable Decider deciderOf(CommandMessage<?> command) {
                return handlers.get(command.getCommandName()) instanceof Decider decider
                    ? decider
                    : null;
              }
            });
    metrics.showQueueOf(this, limits.queueCapacity());
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
              !isGroup,
              intercepted.getMetaData().containsKey(KeyedCommands.FORWARDED),
              intercepted.getMetaData().get(KeyedCommands.SEQUENCE),
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
    if (waiting.lines() == 0) {
      waiting.answer().accept(List.of());
      return;
    }
    try {
      queue.makeRoom(waiting.lines(), waitNanos);
    } catch (LedgerBusyException e) {
      metrics.refused();
      throw e;
    }
    if (stopping || ended) {
      queue.giveRoomBack(waiting.lines());
      throw new WriterStoppedException();
    }
    // One of a sequence must not overtake those that wait here until the writer passes them on.
    if (loop.isFollowing() ? waiting.sequence() == null : isBehindOneOnItsWay(waiting)) {
      passOn(waiting);
    } else if (!addToQueue(waiting)) {
      queue.giveRoomBack(waiting.lines());
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

  /** Whether one of its sequence went to the leader and is not answered yet. */
  private boolean isBehindOneOnItsWay(Waiting waiting) {
    if (waiting.sequence() == null) {
      return false;
    }
    synchronized (onTheirWay) {
      return onTheirWay.containsKey(waiting.sequence());
    }
  }

  /** To the node that leads, behind those of its sequence; it keeps its room meanwhile. */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the sender
  private void passOn(Waiting waiting) {
    Object sequence = waiting.sequence();
    if (waiting.forwarded()) {
      refuse(waiting, new NotLeadingException("another node leads the ledger"));
    } else if (sequence == null) {
      forward(waiting, () -> {});
    } else {
      CompletableFuture<Boolean> mine = new CompletableFuture<>();
      CompletableFuture<Boolean> before;
      synchronized (onTheirWay) {
        before = onTheirWay.put(sequence, mine);
      }
      Runnable over =
          () -> {
            synchronized (onTheirWay) {
              onTheirWay.remove(sequence, mine);
            }
            mine.complete(true);
          };
      if (before == null) {
        forward(waiting, over);
      } else {
        before.thenRun(() -> forward(waiting, over));
      }
    }
  }

  /**
   * Sends {@code waiting} on, or has it run here after all: nothing is left that it has to wait
   * for. The next one of its sequence goes when it is answered, which {@code over} says.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the sender
  private void forward(Waiting waiting, Runnable over) {
    Waiting first =
        waiting.onItsOwn(
            answers -> {
              try {
                waiting.answer().accept(answers);
              } finally {
                over.run();
              }
            });
    elsewhere
        .forward(first.group(), first.alone(), this::standing)
        .whenComplete(
            (answers, failure) -> {
              if (failure != null) {
                refuse(first, asRuntime(failure));
              } else if (!answers.isEmpty()) {
                queue.giveRoomBack(first.lines());
                first.answer().accept(answers);
              } else if (!addToQueue(first)) {
                refuse(first, new WriterStoppedException());
              }
            });
  }

  private Forwarding.Standing standing() {
    return ended || loop.isResigning()
        ? Forwarding.Standing.GOES_DOWN
        : loop.isFollowing() ? Forwarding.Standing.FOLLOWS : Forwarding.Standing.LEADS;
  }

  private void refuse(Waiting waiting, RuntimeException cause) {
    queue.giveRoomBack(waiting.lines());
    waiting.answer().accept(Collections.nCopies(waiting.lines(), new Answer.Failed(cause)));
  }

  private static RuntimeException asRuntime(Throwable failure) {
    Throwable cause =
        (failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null
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
    return loop.reachesTheJournal();
  }

  /** Whether another node leads, as far as this one knows. */
  public boolean isFollowing() {
    return loop.isFollowing();
  }

  /** Has the writer's thread look whether it may take the ledger over; returns at once. */
  public void tryToLead() {
    loop.tryToLead();
  }

  /**
   * The node goes down: lets another one lead, as soon as what runs is answered; returns at once.
   */
  public void resign() {
    loop.resign();
  }

  /**
   * Whether the leader has a command with {@code key} that it has not answered. Who is told no and
   * finds no receipt after that knows that the key was never answered.
   *
   * @throws NotLeadingException if nobody leads
   */
  public boolean isUnderWay(CommandKey key) throws InterruptedException {
    CompletableFuture<Boolean> asked =
        loop.isFollowing()
            ? elsewhere.isUnderWay(key)
            : queue.holds(key) ? CompletableFuture.completedFuture(true) : loop.isInABatch(key);
    try {
      return asked.get(ASK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new NotLeadingException("the writer did not say in time");
    } catch (ExecutionException e) {
      throw asRuntime(e);
    }
  }

  /** Commands that wait or run, here or on their way to the leader. */
  public int queuedCommands() {
    return queue.size();
  }

  private void writeUntilStopped() {
    try {
      loop.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
      sendAway();
    }
  }

  private void sendAway() {
    queue.take(Integer.MAX_VALUE).forEach(late -> refuse(late, new WriterStoppedException()));
  }

  private Verdict handle(CommandMessage<?> command) {
    MessageHandler<? super CommandMessage<?>> handler = handlers.get(command.getCommandName());
    if (handler == null) {
      throw new NoHandlerForCommandException("nothing handles " + command.getCommandName());
    }
    return handler instanceof Decider decider && handlerInterceptors.isEmpty()
        ? decider.decide(command)
        : handleInUnitOfWork(command, handler);
  }

  private Verdict handleInUnitOfWork(
      CommandMessage<?> command, MessageHandler<? super CommandMessage<?>> handler) {
    DefaultUnitOfWork<CommandMessage<?>> unitOfWork = DefaultUnitOfWork.startAndGet(command);
    unitOfWork.registerCorrelationDataProvider(
        message -> KeyedCommands.eventMetaData((CommandMessage<?>) message));
    ResultMessage<?> result =
        unitOfWork.executeWithResult(
            () ->
                new DefaultInterceptorChain<>(unitOfWork, handlerInterceptors, handler).proceed());
    if (result.isExceptional()) {
      throw result.exceptionResult() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(result.exceptionResult());
    }
    if (!(result.getPayload() instanceof Verdict verdict)) {
      throw new IllegalStateException(
          command.getCommandName() + " was not answered with a verdict");
    }
    return verdict;
  }

  /**
   * Takes the ledger over, unless another node leads, and starts the thread.
   *
   * @throws IllegalStateException if the ledger is out of reach; the message says why
   */
  @Override
  public void start() {
    try {
      loop.start();
    } catch (SQLException e) {
      throw new IllegalStateException("the ledger cannot be written: " + e.getMessage(), e);
    }
    stopping = false;
    ended = false;
    writer =
        Thread.ofPlatform()
            .name("ledger-writer")
            .uncaughtExceptionHandler(LastResort.HALT)
            .start(this::writeUntilStopped);
  }

  /** Finishes what waits in the queue, gives the ledger up, and returns. */
  @Override
  public void stop() {
    Thread running = writer;
    if (running == null) {
      return;
    }
    stopping = true;
    loop.stop();
    try {
      running.join();
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
