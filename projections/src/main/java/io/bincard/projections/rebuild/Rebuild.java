package io.bincard.projections.rebuild;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.projections.filling.Fold;
import io.bincard.projections.filling.PageGate;
import io.bincard.projections.filling.View;
import io.bincard.projections.rebuild.Progress.Kind;
import io.bincard.projections.rebuild.Progress.Phase;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.viewstore.BatchOutcome;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.SwitchOutcome;
import io.bincard.projections.viewstore.Verified;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One run: brings a generation from where its mark is to the end of the ledger, and makes it live.
 *
 * <p>What is folded stays in memory until all of it was read, a checkpoint is due or memory is
 * full; so a row is written a few times, however many events it has. The position moves when the
 * rows are in. Runs on one thread, beside the {@link Lanes} that write.
 */
final class Rebuild implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  private static final int ROWS_AT_ONCE = 500;
  private static final int BATCHES_AT_ONCE = 4;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Turns of catching up with a live generation that another node moves on meanwhile. */
  private static final int MOST_TURNS = 1_000;

  /** What a run works on. */
  record Site(
      ViewStore store,
      LedgerHistory history,
      List<View> views,
      ViewStatus status,
      PageGate gate,
      InstantSource clock,
      int pageSize,
      RebuildProperties limits) {}

  private final Site site;
  private final ViewStore store;
  private final Kind kind;
  private final Filling filling;
  private final boolean isNew;
  private final List<Fold> folds;
  private final Set<Class<? extends LedgerEvent>> kinds;
  private final Digests digests = new Digests();

  /** Keys of rows that were written after all of them were read back. */
  private final Set<String> sinceCheck = new HashSet<>();

  private final int statesInMemory;
  private final Lanes lanes;

  private final Instant startedAt;
  private final long startedNanos = System.nanoTime();
  private final long from;
  private volatile Phase phase = Phase.READING;
  private volatile long position;
  private volatile long target;
  private final LongAdder rows = new LongAdder();
  private volatile @Nullable Instant endedAt;
  private volatile @Nullable String why;
  private volatile @Nullable Phase stopAs;

  private @Nullable Verified verified;
  private long marked;
  private Instant time;
  private long lastCheckpoint = startedNanos;
  private long lastTold = startedNanos;
  private long lastClaimed = startedNanos;

  /**
   * A run that was not started yet.
   *
   * @param filling the generation, which takes this run's rows
   * @param mark what it says of itself
   * @param target the position to reach, as far as is known
   */
  Rebuild(Site site, Kind kind, Filling filling, ViewStoreMark mark, long target) {
    this.site = site;
    this.store = site.store();
    this.kind = kind;
    this.filling = filling;
    this.isNew = mark.position() == 0;
    this.from = mark.position();
    this.position = from;
    this.marked = from;
    this.time = mark.positionTime();
    this.target = target;
    this.startedAt = site.clock().instant();
    this.statesInMemory = site.limits().statesInMemory();
    this.lanes = new Lanes(site.limits().connections());
    this.folds =
        site.views().stream()
            .map(view -> view.fold(keys -> store.rows(filling, keys), View.EVERYTHING))
            .toList();
    this.kinds =
        site.views().stream()
            .flatMap(view -> view.kinds().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  Filling filling() {
    return filling;
  }

  Progress progress() {
    Instant ended = endedAt;
    Instant until = ended == null ? site.clock().instant() : ended;
    long millis = Math.max(1, Duration.between(startedAt, until).toMillis());
    long rate = (position - from) * 1000 / millis;
    return new Progress(
        kind,
        phase,
        filling.generation(),
        from,
        position,
        target,
        rate,
        rows.sum(),
        phase.isOver() ? 0 : rate == 0 ? -1 : (target - position + rate - 1) / rate,
        startedAt,
        ended,
        why);
  }

  /** Ends the run as soon as it can, as {@code phase} and for the reason {@code reason}. */
  void stop(Phase as, String reason) {
    why = reason;
    stopAs = as;
  }

  @Override
  public void run() {
    Phase end;
    try (lanes) {
      LOG.atInfo()
          .addKeyValue("kind", kind)
          .addKeyValue("generation", filling.generation())
          .addKeyValue("from", from)
          .addKeyValue("to", target)
          .log("A generation of the views is filled");
      fill();
      end = Phase.SWITCHED;
    } catch (CancellationException e) {
      end = stopAs == null ? Phase.INTERRUPTED : stopAs;
    } catch (ViewStoreUnavailableException | LedgerUnavailableException e) {
      end = Phase.INTERRUPTED;
      why = e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause().getMessage());
    } catch (RuntimeException e) {
      end = Phase.FAILED;
      why = e instanceof RebuildFailedException ? e.getMessage() : e.toString();
      LOG.atDebug().setCause(e).log("A generation of the views could not be filled");
    }
    endedAt = site.clock().instant();
    phase = end;
    LOG.atLevel(end == Phase.SWITCHED ? Level.INFO : Level.WARN)
        .addKeyValue("generation", filling.generation())
        .addKeyValue("position", position)
        .addKeyValue("eventsPerSecond", progress().eventsPerSecond())
        .addKeyValue("rows", rows.sum())
        .addKeyValue("why", why)
        .log("The filling of a generation ended: {}", end);
  }

  private void fill() {
    boolean isChecked = kind == Kind.REBUILD;
    RowCheck check = new RowCheck(store, filling, lanes, this::step);
    if (isChecked && !isNew) {
      check.load(digests, names());
    }
    target = site.history().headPosition();
    read(target);
    write();
    catchUp();
    if (isChecked) {
      phase = Phase.CHECKING;
      Instant checkedAt = site.clock().instant();
      check(check);
      sinceCheck.clear();
      catchUp();
      check.compare(digests, sinceCheck, "after the check");
      verified = new Verified(position, checkedAt);
    }
    switchOver();
  }

  private List<String> names() {
    return site.views().stream().map(View::name).toList();
  }

  /** Reads until less than a page is missing. */
  private void catchUp() {
    phase = Phase.CATCHING_UP;
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      target = site.history().headPosition();
      if (target - position <= site.pageSize()) {
        return;
      }
      read(target);
      write();
    }
    throw new LedgerUnavailableException(
        "the ledger goes on faster than it can be read", new IllegalStateException());
  }

  /** Folds every event up to {@code upTo}. */
  private void read(long upTo) {
    if (upTo <= position) {
      return;
    }
    site.history()
        .read(
            position,
            upTo,
            kinds,
            part -> {
              for (Fold fold : folds) {
                fold.take(part.events());
              }
              position = part.upTo();
              time = part.time();
              if (folds.stream().mapToInt(Fold::held).sum() > statesInMemory) {
                write();
                folds.forEach(Fold::forget);
              } else if (isDue(lastCheckpoint, site.limits().checkpoint())) {
                write();
              }
              step();
              hold();
              return true;
            });
    if (position != upTo) {
      throw new LedgerUnavailableException(
          "the ledger's history ends at " + position + " and not at " + upTo,
          new IllegalStateException());
    }
  }

  /** Between two steps: whether to go on, that this run is still there, and how far it is. */
  private void step() {
    if (stopAs != null) {
      throw new CancellationException();
    }
    if (isDue(lastClaimed, site.limits().silence().dividedBy(4))) {
      lastClaimed = System.nanoTime();
      requireOurs(store.claim(filling, site.limits().silence(), target));
    }
    if (isDue(lastTold, site.limits().progress())) {
      lastTold = System.nanoTime();
      Progress now = progress();
      LOG.atInfo()
          .addKeyValue("generation", now.generation())
          .addKeyValue("phase", now.phase())
          .addKeyValue("position", now.position())
          .addKeyValue("to", now.to())
          .addKeyValue("eventsPerSecond", now.eventsPerSecond())
          .addKeyValue("secondsLeft", now.secondsLeft())
          .log("A generation of the views is being filled");
    }
  }

  private static boolean isDue(long last, Duration interval) {
    return System.nanoTime() - last >= interval.toNanos();
  }

  private static void requireOurs(boolean isOurs) {
    if (!isOurs) {
      throw new ViewStoreUnavailableException(
          "another run fills the generation, or it was given up");
    }
  }

  /** Waits while the run is ahead of the rate that it may have. */
  private void hold() {
    int maxRate = site.limits().maxRate();
    while (maxRate > 0 && (position - from) * NANOS / maxRate > System.nanoTime() - startedNanos) {
      LockSupport.parkNanos(PAUSE_NANOS);
      step();
    }
  }

  /** Writes what was touched, then moves the position. */
  private void write() {
    Deque<CompletableFuture<BatchOutcome>> underWay = new ArrayDeque<>();
    List<ViewRow> added = new ArrayList<>(ROWS_AT_ONCE);
    List<ViewRow> changed = new ArrayList<>(ROWS_AT_ONCE);
    // What Redis may forget soon is not written: no row may go between its writing and the check.
    Instant soon = site.clock().instant().plus(ViewRow.SHORTENED);
    for (Fold fold : folds) {
      fold.drain(
          row -> {
            if (row.isForgottenAt(soon)) {
              return;
            }
            boolean isFirst = digests.put(row.key(), Digests.of(row));
            if (phase != Phase.READING) {
              sinceCheck.add(row.key());
            }
            // A rollback goes on with rows that nobody has looked at.
            boolean isAdded = isFirst && kind == Kind.REBUILD && row.keptUntil() == null;
            List<ViewRow> batch = isAdded ? added : changed;
            batch.add(row);
            if (batch.size() == ROWS_AT_ONCE) {
              underWay.add(isAdded ? fill(batch) : put(batch));
              batch.clear();
              step();
              if (underWay.size() > BATCHES_AT_ONCE) {
                require(Lanes.joined(underWay.remove()));
              }
            }
          });
    }
    underWay.add(fill(added));
    underWay.add(put(changed));
    underWay.forEach(outcome -> require(Lanes.joined(outcome)));
    require(store.apply(filling, List.of(), marked, position, time));
    marked = position;
    lastCheckpoint = System.nanoTime();
  }

  private CompletableFuture<BatchOutcome> put(List<ViewRow> batch) {
    List<ViewRow> some = List.copyOf(batch);
    rows.add(some.size());
    return lanes.run(() -> store.put(filling, some));
  }

  private CompletableFuture<BatchOutcome> fill(List<ViewRow> batch) {
    List<ViewRow> some = List.copyOf(batch);
    rows.add(some.size());
    return lanes.run(() -> store.fill(filling, some));
  }

  private static void require(BatchOutcome outcome) {
    requireOurs(outcome == BatchOutcome.APPLIED);
  }

  private void check(RowCheck check) {
    check.compare(digests, names());
    for (View view : site.views()) {
      OptionalLong ofLedger = view.rows(site.history(), position);
      if (ofLedger.isPresent()) {
        long inStore = check.count(view.name());
        if (inStore != ofLedger.getAsLong()) {
          throw new RebuildFailedException(
              "%s has %d rows at position %d, and the ledger counts %d"
                  .formatted(view.name(), inStore, position, ofLedger.getAsLong()));
        }
      }
    }
  }

  /**
   * Makes the generation live between two pages of the journal: it has every event that the one
   * before has, and the next page goes to it.
   */
  private void switchOver() {
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      SwitchOutcome outcome = site.gate().whileClosed(this::switchIfLevel);
      if (outcome == SwitchOutcome.SWITCHED) {
        return;
      }
      requireOurs(outcome == SwitchOutcome.BEHIND);
      step();
    }
    throw new LedgerUnavailableException(
        "another node goes on faster than the generation", new IllegalStateException());
  }

  private SwitchOutcome switchIfLevel() {
    long live = store.live();
    if (live == filling.generation()) {
      return SwitchOutcome.OVERTAKEN;
    }
    long reached = store.mark(live).map(ViewStoreMark::position).orElse(0L);
    // A live row may be ahead of its generation's mark, as far as the ledger was when it was asked.
    read(Math.max(reached, site.history().headPosition()));
    write();
    SwitchOutcome outcome = store.makeLive(filling, live, verified);
    if (outcome == SwitchOutcome.SWITCHED && site.status().state() instanceof Serving) {
      site.status().become(new Serving(filling.generation(), filling.epoch()));
    }
    return outcome;
  }
}
