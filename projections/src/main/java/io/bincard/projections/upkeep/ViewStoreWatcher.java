package io.bincard.projections.upkeep;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Refused;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.upkeep.ViewStoreState.Unknown;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks after the view store of one projection at a fixed interval.
 *
 * <p>It finds that
 *
 * <ul>
 *   <li>Redis is away: the processor rests until it is back;
 *   <li>the mark is gone (emptied, swapped), or the views are ahead of the ledger (the ledger was
 *       replaced by an older one): a new epoch begins and the processor reads the journal from its
 *       start;
 *   <li>the store's position is behind the processor's token (Redis lost writes that it had
 *       confirmed): the processor goes back to the store's position;
 *   <li>the processor makes no progress although there is something to read: it is started anew.
 * </ul>
 *
 * Of many nodes the one that can claim the processor's token acts; the others only look.
 */
public final class ViewStoreWatcher {

  private static final Logger LOG = LoggerFactory.getLogger(ViewStoreWatcher.class);

  /** How long {@link #stop()} lets a look that is under way finish. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final ViewStore store;
  private final ViewStatus status;
  private final InstantSource clock;
  private final Duration interval;
  private final Duration stallLimit;

  private @Nullable Subject subject;
  private @Nullable ScheduledExecutorService timer;
  private boolean stopped;

  private static final String EPOCH_SEPARATOR = "/";

  private final String epochPrefix;
  private long lastPosition = -1;
  private Instant lastProgress = Instant.EPOCH;
  private long rebuildFrom;
  private Instant rebuildStarted = Instant.EPOCH;
  private Instant rebuildTold = Instant.EPOCH;

  /**
   * A watcher that has nothing to look after yet.
   *
   * @param ledger the id of the ledger whose views these are; it stands in every epoch, so that the
   *     views of another ledger in the same Redis database are never taken for ours
   * @param interval between two looks
   * @param stallLimit how long the views may lack events without moving before the processor is
   *     started anew; also how often a rebuild tells of its progress
   */
  public ViewStoreWatcher(
      String ledger,
      ViewStore store,
      ViewStatus status,
      InstantSource clock,
      Duration interval,
      Duration stallLimit) {
    this.epochPrefix = ledger + EPOCH_SEPARATOR;
    this.store = store;
    this.status = status;
    this.clock = clock;
    this.interval = interval;
    this.stallLimit = stallLimit;
  }

  /**
   * What is looked after.
   *
   * @param forget drops what the projection remembers of the views; called while the processor is
   *     stopped
   */
  public record Subject(StreamingEventProcessor processor, Bookmark bookmark, Runnable forget) {}

  /**
   * Looks once, so that the processor starts on a store that is ready, and from then on at every
   * interval.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a look never throws
  public synchronized void start(Subject subject) {
    this.subject = subject;
    stopped = false;
    check();
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("bincard-view-watcher").factory());
    executor.scheduleWithFixedDelay(
        this::check, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    timer = executor;
  }

  /** Looks no more. The processor is left to whoever stops it. */
  public void stop() {
    ScheduledExecutorService executor;
    synchronized (this) {
      stopped = true;
      executor = timer;
      timer = null;
    }
    if (executor != null) {
      executor.shutdown();
      try {
        if (!executor.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          executor.shutdownNow();
        }
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Looks now and acts on what it finds. Never throws: what fails is tried again at the next look.
   */
  public synchronized void check() {
    Subject watched = subject;
    if (watched == null || stopped) {
      return;
    }
    try {
      look(watched);
    } catch (ViewStoreUnavailableException e) {
      rest(watched, new Unavailable(String.valueOf(e.getMessage())));
    } catch (LedgerUnavailableException e) {
      LOG.atDebug().setCause(e).log("The ledger cannot be read; the views are looked at later");
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("The view store could not be looked after; it is tried again");
    }
  }

  private void look(Subject watched) {
    if (status.writableEpoch().isEmpty()) {
      Optional<String> objection = store.objection();
      if (objection.isPresent()) {
        rest(watched, new Refused(objection.get()));
        return;
      }
      store.loadFunctions();
    }
    ViewStoreMark mark = store.mark().orElse(null);
    // The head after the mark: whatever the views hold was committed before.
    long head = watched.bookmark().head();
    if (mark != null && !mark.epoch().startsWith(epochPrefix)) {
      rest(watched, new Refused("this Redis database holds the views of another ledger"));
    } else if (mark == null) {
      renew(watched, null, head, "the store holds no views");
    } else if (mark.position() > head) {
      renew(watched, mark, head, "the views are ahead of the ledger");
    } else {
      observe(mark, head);
      if (status.takeResyncRequest() || !watched.processor().isRunning() || isStalled(mark, head)) {
        resume(watched, mark, head);
      } else {
        tell(mark, head);
      }
    }
  }

  private void observe(ViewStoreMark mark, long head) {
    Instant now = clock.instant();
    if (mark.position() != lastPosition || mark.position() >= head) {
      lastProgress = now;
    }
    lastPosition = mark.position();
    status.observed(mark, head, now);
  }

  private boolean isStalled(ViewStoreMark mark, long head) {
    boolean stalled =
        mark.position() < head && clock.instant().isAfter(lastProgress.plus(stallLimit));
    if (stalled) {
      lastProgress = clock.instant();
      LOG.atWarn()
          .addKeyValue("position", mark.position())
          .addKeyValue("head", head)
          .log("The views do not move; their processor is started anew");
    }
    return stalled;
  }

  /** Begins an epoch and has the whole journal read again. */
  private void renew(Subject watched, @Nullable ViewStoreMark replaced, long head, String why) {
    pause(watched);
    watched.forget().run();
    long tail;
    try {
      tail = watched.bookmark().rewindToTail();
    } catch (UnableToClaimTokenException e) {
      LOG.atDebug().setCause(e).log("Another node looks after the views");
      become(new Unavailable(why + ", and another node is to fill it"));
      return;
    }
    String epoch = epochPrefix + UUID.randomUUID();
    if (!store.begin(replaced == null ? null : replaced.epoch(), epoch, tail, head)) {
      return;
    }
    status.takeResyncRequest();
    lastPosition = tail;
    lastProgress = clock.instant();
    // Views that never were are no loss to look into.
    LOG.atLevel(replaced == null && head == tail ? Level.INFO : Level.WARN)
        .addKeyValue("reason", why)
        .addKeyValue("epoch", epoch)
        .addKeyValue("position", tail)
        .addKeyValue("head", head)
        .log("The views are built again from the journal; until then the ledger answers");
    ViewStoreMark mark = new ViewStoreMark(epoch, tail, Instant.EPOCH, head);
    observe(mark, head);
    tell(mark, head);
    restart(watched);
  }

  /** Has the processor go on from where both it and the store have been. */
  private void resume(Subject watched, ViewStoreMark mark, long head) {
    pause(watched);
    watched.forget().run();
    try {
      OptionalLong token = watched.bookmark().position();
      if (token.isEmpty()) {
        // The store was filled by a ledger that is not this one: ours was never read.
        renew(watched, mark, head, "the views were filled from another journal");
        return;
      }
      if (token.getAsLong() > mark.position()) {
        watched.bookmark().rewindTo(mark.position());
        LOG.atWarn()
            .addKeyValue("token", token.getAsLong())
            .addKeyValue("position", mark.position())
            .log("The view store lost confirmed writes; they are made again from the journal");
      }
    } catch (UnableToClaimTokenException e) {
      LOG.atDebug().setCause(e).log("Another node fills the views; this one stands by");
    }
    // The gate opens before the start.
    tell(mark, head);
    restart(watched);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // where the claim fails, another node has it
  private void restart(Subject watched) {
    watched.processor().start();
    // Lifts the pause that Axon put on the segment after a failure.
    watched.processor().claimSegment(0);
  }

  private void rest(Subject watched, ViewStoreState why) {
    become(why);
    pause(watched);
  }

  private static void pause(Subject watched) {
    if (watched.processor().isRunning()) {
      watched
          .processor()
          .shutdownAsync()
          .orTimeout(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    }
  }

  private void tell(ViewStoreMark mark, long head) {
    ViewStoreState next =
        mark.isRebuilding()
            ? new Rebuilding(mark.epoch(), mark.position(), mark.rebuildTo())
            : new Serving(mark.epoch());
    become(next);
    if (next instanceof Rebuilding && clock.instant().isAfter(rebuildTold.plus(stallLimit))) {
      rebuildTold = clock.instant();
      LOG.atInfo()
          .addKeyValue("position", mark.position())
          .addKeyValue("rebuildTo", mark.rebuildTo())
          .addKeyValue("head", head)
          .addKeyValue("eventsPerSecond", rate(mark.position()))
          .log("The views are being built again");
    }
  }

  private void become(ViewStoreState next) {
    ViewStoreState before = status.become(next);
    if (before.getClass() == next.getClass()) {
      return;
    }
    switch (next) {
      case Unknown _ -> {}
      case Unavailable(String reason) ->
          LOG.atWarn()
              .addKeyValue("reason", reason)
              .log("The view store is away; the ledger answers in its place");
      case Refused(String reason) ->
          LOG.atError()
              .addKeyValue("reason", reason)
              .log("The view store is refused and stays unused");
      case Rebuilding _ -> {
        rebuildStarted = clock.instant();
        rebuildFrom = status.position();
        rebuildTold = rebuildStarted;
      }
      case Serving(String epoch) ->
          LOG.atInfo()
              .addKeyValue("epoch", epoch)
              .addKeyValue("position", status.position())
              .addKeyValue(
                  "eventsPerSecond", before instanceof Rebuilding ? rate(status.position()) : 0)
              .log("The views answer");
    }
  }

  private long rate(long position) {
    long millis = Math.max(1, Duration.between(rebuildStarted, clock.instant()).toMillis());
    return (position - rebuildFrom) * 1000 / millis;
  }
}
