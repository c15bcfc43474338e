package io.bincard.projections.push.hub;

import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.filling.ViewsProcessing;
import io.bincard.projections.journal.EventPage;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.lifecycle.Phase;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's thread: reads the journal, wherever this node stands in the cluster, from where it
 * ended when the node started, and has the hub do what is due. Events gather from one flush to the
 * next, so a commit wakes it only if there was none a moment ago.
 */
public final class HubLoop implements ConfigurerModule, Executor {

  private static final Logger LOG = LoggerFactory.getLogger(HubLoop.class);
  private static final int EVENTS_AT_ONCE = 4_096;
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** After so many failures with a ledger that answers, what cannot be read is left out. */
  private static final int MOST_FAILURES = 40;

  private final StockHub hub;
  private final long paceNanos;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean idle = true;
  private volatile boolean stopped = true;
  private @Nullable Thread thread;
  private @Nullable BlockingStream<TrackedEventMessage<?>> events;
  private boolean begun;
  private int failures;
  private long retryAt;

  /**
   * @param hub made with this loop as its own executor
   * @param pace the least time from one reading of events to the next; zero reads each commit at
   *     once
   */
  public HubLoop(Function<Executor, StockHub> hub, Duration pace) {
    this.hub = hub.apply(this);
    this.paceNanos = pace.toNanos();
  }

  public StockHub hub() {
    return hub;
  }

  /** Runs {@code task} on the hub's thread, soon. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    LockSupport.unpark(thread);
  }

  @Override
  public void configureModule(Configurer configurer) {
    configurer.onInitialize(
        configuration -> {
          configuration.onStart(
              Phase.INBOUND_EVENT_CONNECTORS, () -> start(ViewsProcessing.journal(configuration)));
          configuration.onShutdown(Phase.INBOUND_EVENT_CONNECTORS, this::stop);
        });
  }

  /** Follows {@code journal} until {@link #stop}. */
  public void start(StreamableMessageSource<TrackedEventMessage<?>> journal) {
    stopped = false;
    thread = Thread.ofPlatform().daemon().name("bincard-push").start(() -> run(journal));
  }

  /** Ends the thread. */
  public void stop() {
    Thread running = thread;
    if (stopped || running == null) {
      return;
    }
    stopped = true;
    LockSupport.unpark(running);
    try {
      running.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(StreamableMessageSource<TrackedEventMessage<?>> journal) {
    while (!stopped) {
      try {
        idle = true; // before it reads: a commit from now on is read in this turn or wakes the next
        runTasks();
        int read = read(journal);
        idle = read == 0 || paceNanos == 0;
        long pause = hub.tick(System.nanoTime());
        if (read < EVENTS_AT_ONCE) {
          LockSupport.parkNanos(this, idle ? pause : Math.min(pause, paceNanos));
        }
      } catch (RuntimeException e) {
        // A fault of the program: the connections live on, and one of them may have caused it.
        LOG.atError().setCause(e).log("Something was not pushed");
      }
    }
    close();
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Reads what there is, to a bound; returns how many there were. */
  private int read(StreamableMessageSource<TrackedEventMessage<?>> journal) {
    if (events == null && System.nanoTime() - retryAt < 0) {
      return 0;
    }
    try {
      BlockingStream<TrackedEventMessage<?>> open = events == null ? open(journal) : events;
      int read = 0;
      while (read < EVENTS_AT_ONCE && open.hasNextAvailable(0, TimeUnit.NANOSECONDS)) {
        take(open.nextAvailable());
        read++;
      }
      if (failures > 0) {
        LOG.info("The journal can be read again; nothing was missed in what is pushed");
      }
      failures = 0;
      hub.fed(true);
      return read;
    } catch (InterruptedException e) {
      stopped = true;
      return 0;
    } catch (RuntimeException e) {
      lost(journal, e);
      return 0;
    }
  }

  private BlockingStream<TrackedEventMessage<?>> open(
      StreamableMessageSource<TrackedEventMessage<?>> journal) {
    if (!begun) {
      hub.begin(headOf(journal));
      begun = true;
    }
    long position = hub.position();
    BlockingStream<TrackedEventMessage<?>> open =
        journal.openStream(position == 0 ? null : new GlobalSequenceTrackingToken(position));
    open.setOnAvailableCallback(this::wakeIfIdle);
    events = open;
    return open;
  }

  private static long headOf(StreamableMessageSource<TrackedEventMessage<?>> journal) {
    TrackingToken head = journal.createHeadToken();
    return head == null ? 0 : head.position().orElse(0);
  }

  /** Only who has nothing else to wait for is woken by a commit. */
  private void wakeIfIdle() {
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  private void lost(StreamableMessageSource<TrackedEventMessage<?>> journal, RuntimeException e) {
    close();
    hub.fed(false);
    retryAt = System.nanoTime() + PAUSE.toNanos();
    if (failures++ == 0) {
      LOG.atWarn().setCause(e).log("The journal cannot be read; connections wait for it");
    }
    if (failures >= MOST_FAILURES && begun) {
      skip(journal);
    }
  }

  private void skip(StreamableMessageSource<TrackedEventMessage<?>> journal) {
    try {
      long head = headOf(journal);
      failures = 1;
      if (head > hub.position()) {
        LOG.atError()
            .addKeyValue("from", hub.position())
            .addKeyValue("to", head)
            .log("Events that cannot be read are left out of what is pushed");
        hub.begin(head);
      }
    } catch (RuntimeException unreachable) {
      failures = 1; // the ledger is away as a whole, and comes back as a whole
    }
  }

  private void close() {
    BlockingStream<TrackedEventMessage<?>> open = events;
    events = null;
    if (open != null) {
      open.close();
    }
  }

  private void take(TrackedEventMessage<?> message) {
    long position = EventPage.positionOf(message);
    if (message instanceof DomainEventMessage<?> inStream
        && StockItemId.isStream(inStream.getAggregateIdentifier())) {
      hub.take(
          inStream.getAggregateIdentifier(),
          inStream.getSequenceNumber(),
          position,
          () -> (StockEvent) message.getPayload());
    } else {
      hub.pass(position);
    }
  }
}
