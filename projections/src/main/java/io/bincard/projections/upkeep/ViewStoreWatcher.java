package io.bincard.projections.upkeep;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Refused;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.upkeep.ViewStoreState.Unknown;
import io.bincard.projections.viewstore.Generations;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the view store at a fixed interval.
 *
 * <p>It finds that
 *
 * <ul>
 *   <li>Redis is away: the processor rests until it is back;
 *   <li>no generation is live (emptied, swapped, never filled), or the live one is ahead of the
 *       ledger (which was replaced by an older one): the {@link ViewBuilder} is to build one, and
 *       the ledger answers meanwhile;
 *   <li>the generation's position is not the processor's (Redis lost writes that it had confirmed,
 *       or the generation was built): the processor goes to the generation's;
 *   <li>the processor makes no progress although there is something to read: it is started anew.
 * </ul>
 *
 * Of many nodes the one that can claim the processor's token acts; the others only look.
 */
public final class ViewStoreWatcher {

  private static final Logger LOG = LoggerFactory.getLogger(ViewStoreWatcher.class);

  /** In an epoch, what is before it names the ledger. */
  static final String EPOCH_SEPARATOR = "/";

  /** How long {@link #stop()} lets a look that is under way finish. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final ViewStore store;
  private final ViewStatus status;
  private final InstantSource clock;
  private final Duration interval;
  private final Duration stallLimit;

  private volatile @Nullable Subject watching;
  private @Nullable ScheduledExecutorService timer;
  private boolean stopped;

  private final String epochPrefix;
  private long lastPosition = -1;
  private Instant lastProgress = Instant.EPOCH;

  /**
   * A watcher that has nothing to look after yet.
   *
   * @param ledger the id of the ledger whose views these are; it stands in every epoch, so that the
   *     views of another ledger in the same Redis database are never taken for ours
   * @param interval between two looks
   * @param stallLimit how long the views may lack events without moving before the processor is
   *     started anew
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
   * @param forget drops what the projection remembers of the views
   * @param builder who builds generations in this node
   */
  public record Subject(
      StreamingEventProcessor processor, Bookmark bookmark, Runnable forget, ViewBuilder builder) {

    /** Whether this node is the one that fills the views. */
    boolean isOurs() {
      return processor.processingStatus().containsKey(Bookmark.SEGMENT);
    }
  }

  /**
   * Looks once, so that the processor starts on a store that is ready, and from then on at every
   * interval.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a look never throws
  public synchronized void start(Subject subject) {
    watching = subject;
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
    Subject watched = watching;
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

  /** Whether this node is the one that fills the views. */
  public boolean isOurs() {
    Subject watched = watching;
    return watched != null && (status.writable().isPresent() ? watched.isOurs() : claims(watched));
  }

  private void look(Subject watched) {
    if (!(status.state() instanceof Serving || status.state() instanceof Rebuilding)) {
      Optional<String> objection = store.objection();
      if (objection.isPresent()) {
        rest(watched, new Refused(objection.get()));
        return;
      }
      store.loadFunctions();
    }
    Generations generations = store.generations();
    ViewStoreMark live = markOf(generations.live());
    ViewStoreMark building = markOf(generations.building());
    // The head after the marks: whatever the views hold was committed before.
    long head = watched.bookmark().head();
    if (isOfAnother(live) || isOfAnother(building)) {
      rest(watched, new Refused("this Redis database holds the views of another ledger"));
    } else if (generations.live() == 0) {
      lack(watched, generations, building, head, "the store holds no views");
    } else if (live == null) {
      giveUp(watched, generations, null, building, head, "the store lost what it says of itself");
    } else if (live.position() > head) {
      giveUp(watched, generations, live, building, head, "the views are ahead of the ledger");
    } else {
      observe(live, head);
      if (status.takeResyncRequest() || !watched.processor().isRunning() || isStalled(live, head)) {
        resume(watched, generations, live, building, head);
      } else {
        become(new Serving(live.generation(), live.epoch()));
      }
      if (watched.isOurs()) {
        watched.builder().attend(generations, null, this::check);
      }
    }
  }

  private @Nullable ViewStoreMark markOf(long generation) {
    return generation == 0 ? null : store.mark(generation).orElse(null);
  }

  private boolean isOfAnother(@Nullable ViewStoreMark mark) {
    return mark != null && !mark.epoch().startsWith(epochPrefix);
  }

  private void observe(ViewStoreMark mark, long head) {
    Instant now = clock.instant();
    if (mark.position() != lastPosition || mark.position() >= head) {
      lastProgress = now;
    }
    lastPosition = mark.position();
    status.observed(mark.position(), head, now);
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

  /** Nothing can be read: the ledger answers until a generation was built. */
  private void lack(
      Subject watched,
      Generations generations,
      @Nullable ViewStoreMark building,
      long head,
      String why) {
    pause(watched);
    watched.forget().run();
    status.takeResyncRequest();
    if (building != null) {
      observe(building, head);
    }
    boolean isOurs = claims(watched);
    become(
        isOurs || building != null
            ? new Rebuilding(
                building == null ? 0 : building.position(),
                building == null ? head : building.target())
            : new Unavailable(why + ", and another node is to fill it"));
    if (isOurs) {
      watched.builder().attend(generations, why, this::check);
    }
  }

  /** Whether the processor's token, which is made if there is none, is free for this node. */
  private static boolean claims(Subject watched) {
    try {
      if (watched.bookmark().position().isEmpty()) {
        watched.bookmark().rewindToTail();
      }
      return true;
    } catch (UnableToClaimTokenException e) {
      LOG.atDebug().setCause(e).log("Another node looks after the views");
      return false;
    }
  }

  /** The live generation cannot be right; who can claim the token drops it. */
  private void giveUp(
      Subject watched,
      Generations generations,
      @Nullable ViewStoreMark live,
      @Nullable ViewStoreMark building,
      long head,
      String why) {
    become(new Rebuilding(0, head)); // nobody reads it from here on
    pause(watched);
    if (claims(watched)) {
      LOG.atWarn()
          .addKeyValue("reason", why)
          .addKeyValue("generation", generations.live())
          .addKeyValue("head", head)
          .log("The views are given up and built again from the journal");
      if (generations.previous() != 0) {
        ViewStoreMark previous = markOf(generations.previous());
        store.drop(generations.previous(), previous == null ? null : previous.epoch());
      }
      store.drop(generations.live(), live == null ? null : live.epoch());
    }
    lack(watched, store.generations(), building, head, why);
  }

  /** Has the processor go on from where the live generation is. */
  private void resume(
      Subject watched,
      Generations generations,
      ViewStoreMark live,
      @Nullable ViewStoreMark building,
      long head) {
    pause(watched);
    watched.forget().run();
    try {
      OptionalLong token = watched.bookmark().position();
      if (token.isEmpty()) {
        // The store was filled by a ledger that is not this one: ours was never read.
        giveUp(watched, generations, live, building, head, "the views are of another journal");
        return;
      }
      if (token.getAsLong() > live.position()) {
        LOG.atWarn()
            .addKeyValue("token", token.getAsLong())
            .addKeyValue("position", live.position())
            .log("The view store lacks events; they are written again from the journal");
      }
      if (token.getAsLong() != live.position()) {
        watched.bookmark().moveTo(live.position());
      }
    } catch (UnableToClaimTokenException e) {
      LOG.atDebug().setCause(e).log("Another node fills the views; this one stands by");
    }
    // The gate opens before the start.
    become(new Serving(live.generation(), live.epoch()));
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
      case Rebuilding(long position, long target) ->
          LOG.atInfo()
              .addKeyValue("position", position)
              .addKeyValue("target", target)
              .log("The views are being built; the ledger answers in their place");
      case Serving(long generation, String epoch) ->
          LOG.atInfo()
              .addKeyValue("generation", generation)
              .addKeyValue("epoch", epoch)
              .addKeyValue("position", status.position())
              .log("The views answer");
    }
  }
}
