package io.bincard.projections.rebuild;

import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.projections.filling.PageGate;
import io.bincard.projections.filling.View;
import io.bincard.projections.rebuild.Progress.Kind;
import io.bincard.projections.rebuild.Progress.Phase;
import io.bincard.projections.rebuild.Rebuild.Site;
import io.bincard.projections.upkeep.ViewBuilder;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.Generations;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of this node, one at a time: begun when no generation is live, or by an operator; gone
 * on with where another node's broke off; and afterwards, what is left of generations that are
 * nothing any more is removed.
 */
public final class Rebuilds implements ViewBuilder, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuilds.class);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final int KEYS_AT_ONCE = 500;

  /** Between two batches of keys that are removed, so that Redis hardly notices. */
  private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Site site;
  private final String ledger;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("bincard-rebuild").factory());
  private final String writer = UUID.randomUUID().toString();

  private @Nullable Rebuild run;
  private volatile Runnable look = () -> {};
  private volatile boolean isTidy;
  private boolean isClosed;

  private Rebuilds(Site site, String ledger) {
    this.site = site;
    this.ledger = ledger;
  }

  /**
   * Runs of the views {@code views}.
   *
   * @param ledger the id of the ledger, which stands in every epoch
   * @param pageSize how many events a generation may lack when it is made live, as the switch waits
   *     for them
   */
  public static Rebuilds of(
      String ledger,
      ViewStore store,
      LedgerHistory history,
      List<View> views,
      ViewStatus status,
      PageGate gate,
      InstantSource clock,
      int pageSize,
      RebuildProperties limits) {
    return new Rebuilds(
        new Site(store, history, List.copyOf(views), status, gate, clock, pageSize, limits),
        ledger);
  }

  @Override
  public synchronized void attend(
      Generations generations, @Nullable String missing, Runnable lookAgain) {
    look = lookAgain;
    if (isClosed || isRunning()) {
      return;
    }
    Progress last = progress().orElse(null);
    if (last != null && !isOldEnough(last)) {
      return;
    }
    if (generations.building() != 0) {
      goOn(generations.building());
    } else if (missing != null) {
      if (last == null || last.phase() != Phase.CANCELLED) {
        start(generations, missing);
      }
    } else {
      tidy(generations);
    }
  }

  /** A run that did not end well is not taken up again at once. */
  private boolean isOldEnough(Progress last) {
    Instant ended = last.endedAt();
    return last.phase() == Phase.SWITCHED
        || ended == null
        || !ended.plus(site.limits().progress()).isAfter(site.clock().instant());
  }

  private boolean isRunning() {
    return run != null && !run.progress().phase().isOver();
  }

  /** How it stands with the run under way, or the last one of this node. */
  public synchronized Optional<Progress> progress() {
    return Optional.ofNullable(run).map(Rebuild::progress);
  }

  /**
   * Begins to fill the next generation.
   *
   * @throws RefusedException if one is being filled already
   * @throws LedgerUnavailableException if the ledger cannot be read
   * @throws ViewStoreUnavailableException if Redis does not answer
   */
  public synchronized Progress rebuild() {
    requireRest();
    Generations generations = site.store().generations();
    if (generations.building() != 0) {
      throw new RefusedException("generation " + generations.building() + " is being filled");
    }
    if (!start(generations, "an operator asked for it")) {
      throw new RefusedException("another node began to fill a generation just now");
    }
    return progress().orElseThrow();
  }

  /**
   * Makes the generation before live again, once it has what has come since.
   *
   * @throws RefusedException if there is none, or something else is under way
   * @throws ViewStoreUnavailableException if Redis does not answer
   */
  public synchronized Progress rollback() {
    requireRest();
    Generations generations = site.store().generations();
    ViewStoreMark previous = site.store().mark(generations.previous()).orElse(null);
    if (generations.building() != 0) {
      throw new RefusedException("generation " + generations.building() + " is being filled");
    }
    if (previous == null) {
      throw new RefusedException("no generation is kept to go back to");
    }
    long head = site.history().headPosition();
    Filling filling = new Filling(previous.generation(), previous.epoch(), writer);
    if (!site.store().claim(filling, site.limits().silence(), head)) {
      throw new RefusedException("another node is going back just now");
    }
    run(new Rebuild(site, Kind.ROLLBACK, filling, previous, head));
    return progress().orElseThrow();
  }

  /**
   * Ends the run under way; what it wrote is removed.
   *
   * @throws RefusedException if none is under way in this node
   */
  public synchronized Progress cancel() {
    if (run == null || !isRunning()) {
      throw new RefusedException("nothing is under way in this node");
    }
    run.stop(Phase.CANCELLED, "an operator cancelled it");
    return run.progress();
  }

  private void requireRest() {
    if (isRunning()) {
      throw new RefusedException("a run is under way: " + progress().orElseThrow().kind());
    }
  }

  private boolean start(Generations generations, String why) {
    long head = site.history().headPosition();
    String epoch = ledger + '/' + UUID.randomUUID();
    Optional<Filling> filling =
        site.store().begin(generations.last(), epoch, writer, site.limits().silence(), head);
    filling.ifPresent(
        begun -> {
          LOG.atInfo()
              .addKeyValue("reason", why)
              .addKeyValue("generation", begun.generation())
              .addKeyValue("head", head)
              .log("The views are built from the journal");
          run(
              new Rebuild(
                  site,
                  Kind.REBUILD,
                  begun,
                  new ViewStoreMark(begun.generation(), epoch, 0, Instant.EPOCH, head, null),
                  head));
        });
    return filling.isPresent();
  }

  /** Another node's run, or this one's before, if it is silent. */
  private void goOn(long building) {
    site.store()
        .mark(building)
        .ifPresentOrElse(
            mark -> {
              Filling filling = new Filling(building, mark.epoch(), writer);
              if (site.store().claim(filling, site.limits().silence(), mark.target())) {
                run(new Rebuild(site, Kind.REBUILD, filling, mark, mark.target()));
              }
            },
            () -> site.store().drop(building, null));
  }

  private void run(Rebuild next) {
    run = next;
    isTidy = false;
    worker.execute(
        () -> {
          next.run();
          try {
            after(next);
          } catch (ViewStoreUnavailableException e) {
            LOG.atDebug().setCause(e).log("What a run left is seen to by the next look");
          }
        });
  }

  private void after(Rebuild ended) {
    Filling filling = ended.filling();
    Progress progress = ended.progress();
    switch (progress.phase()) {
      case CANCELLED, FAILED -> {
        if (progress.kind() == Kind.REBUILD) {
          site.store().drop(filling.generation(), filling.epoch());
        } else {
          site.store().release(filling);
        }
      }
      case INTERRUPTED -> site.store().release(filling);
      default -> look.run();
    }
  }

  /** Removes what belongs to no generation that is kept, once after each change. */
  private void tidy(Generations generations) {
    boolean isOver =
        generations.previous() != 0
            && !generations
                .switchedAt()
                .plus(site.limits().keepPrevious())
                .isAfter(site.clock().instant());
    if (isOver) {
      ViewStoreMark previous = site.store().mark(generations.previous()).orElse(null);
      site.store().drop(generations.previous(), previous == null ? null : previous.epoch());
      isTidy = false;
    }
    if (!isTidy) {
      isTidy = true;
      worker.execute(this::removeWhatIsLeft);
    }
  }

  /** Gives way to a run, which waits for this thread. */
  private void removeWhatIsLeft() {
    Generations kept = site.store().generations();
    List<String> keys = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    long[] removed = {0};
    try {
      site.store()
          .scan(
              "*",
              KEYS_AT_ONCE,
              key -> {
                long number = ViewStore.generationOf(key);
                if (number == 0 || (number > 0 && !kept.has(number))) {
                  keys.add(key);
                  numbers.add(number);
                }
                if (keys.size() == KEYS_AT_ONCE) {
                  removed[0] += remove(keys, numbers);
                }
                return isTidy;
              });
      removed[0] += remove(keys, numbers);
    } catch (ViewStoreUnavailableException e) {
      LOG.atDebug().setCause(e).log("Not all that is left of old generations could be removed");
    }
    if (removed[0] > 0) {
      LOG.atInfo().addKeyValue("keys", removed[0]).log("Old generations of the views are removed");
    }
  }

  private long remove(List<String> keys, List<Long> numbers) {
    long removed = keys.isEmpty() ? 0 : site.store().remove(keys, numbers);
    keys.clear();
    numbers.clear();
    LockSupport.parkNanos(BREATH_NANOS);
    return removed;
  }

  /** Ends the run under way; another node, or this one when it is back, goes on. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      if (run != null && isRunning()) {
        run.stop(Phase.INTERRUPTED, "this node stops");
      }
    }
    worker.shutdown();
    try {
      if (!worker.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
