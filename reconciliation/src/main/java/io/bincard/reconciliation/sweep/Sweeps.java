package io.bincard.reconciliation.sweep;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.support.CronExpression;

/**
 * The runs of this node: begins one when it is due or asked for, goes on with one that another node
 * left, and says while it works that it does.
 *
 * <p>A run that is broken off, by a database that is away as by a kill, is gone on with from its
 * checkpoint, by whichever node looks first, so many times at most.
 */
public final class Sweeps implements SmartLifecycle {

  private static final Logger logger = LoggerFactory.getLogger(Sweeps.class);

  private static final long STOP_SECONDS = 5;
  private static final Set<Run.Part> EVERYTHING = Set.of(Run.Part.BOOKS, Run.Part.ROWS);

  private final Sweep.Tools tools;
  private final RepairLog log;
  private final SweepProperties limits;
  private final RunTable table;
  private final @Nullable CronExpression nightly;
  private final String node = UUID.randomUUID().toString();

  // Guarded by this
  private @Nullable ExecutorService worker;
  private @Nullable ScheduledExecutorService ticker;
  private @Nullable Sweep current;
  private @Nullable UUID currentRun;
  private @Nullable Instant due;
  private long toldAt = System.nanoTime();

  Sweeps(Sweep.Tools tools, RepairLog log) {
    this.tools = tools;
    this.log = log;
    this.limits = tools.limits();
    this.table = tools.table();
    this.nightly =
        limits.nightly().equals(SweepProperties.NEVER)
            ? null
            : CronExpression.parse(limits.nightly());
  }

  /** Why a run that was asked for is not begun. */
  public sealed interface Begun {

    /** It is begun. */
    record Yes(Run run) implements Begun {}

    /** Another one is under way, in whichever node. */
    record OneIsUnderWay() implements Begun {}

    /**
     * It was to repair, and the fuse is blown.
     *
     * @param run the one that blew it
     */
    record FuseIsBlown(UUID run) implements Begun {}
  }

  /**
   * Begins a run of everything in this node.
   *
   * @param apply whether it repairs what it finds
   */
  public Begun begin(boolean apply) {
    return begin(EVERYTHING, apply);
  }

  /**
   * Begins a run in this node.
   *
   * @param parts what it does
   * @param apply whether it repairs what it finds
   */
  public Begun begin(Set<Run.Part> parts, boolean apply) {
    Optional<Fuse.Blown> blown = apply ? tools.fuse().state() : Optional.empty();
    if (blown.isPresent()) {
      return new Begun.FuseIsBlown(blown.get().run());
    }
    Optional<Run> run = table.begin(Run.BY_PERSON, null, parts, apply, node);
    run.ifPresent(this::work);
    return run.<Begun>map(Begun.Yes::new).orElseGet(Begun.OneIsUnderWay::new);
  }

  /**
   * Begins a run over all rows because nothing is known of them yet; {@code false} if one is under
   * way.
   */
  public boolean learn() {
    return beginByWatch(null);
  }

  /**
   * Begins a run that puts right what was found otherwise; {@code false} if one is under way.
   *
   * @param among how many rows it was found
   */
  public boolean putRight(List<Discrepancy> differing, long among) {
    return beginByWatch(new Sweep.Given(differing, among));
  }

  private boolean beginByWatch(Sweep.@Nullable Given given) {
    boolean apply = limits.watchApply() && tools.fuse().state().isEmpty();
    Optional<Run> run = table.begin(Run.BY_WATCH, null, Set.of(Run.Part.ROWS), apply, node);
    run.ifPresent(begun -> work(begun, given));
    return run.isPresent();
  }

  /** Whether this node works at a run. */
  public synchronized boolean isBusy() {
    return currentRun != null;
  }

  /** Looks for what is due or was left, and says what there is to say; once in a while. */
  void tick() {
    try {
      tools.metrics().fuse(tools.fuse().state().isPresent());
      if (!tellProgress()) {
        beginIfDue();
        table.takeOver(node, limits.silence()).ifPresent(this::goOn);
      }
    } catch (DataAccessException e) {
      logger.atDebug().setCause(e).log("The runs of reconciliation cannot be looked at");
    } catch (RuntimeException e) {
      logger.atError().setCause(e).log("The runs of reconciliation are not looked after");
    }
  }

  /** Whether a run of this node is under way. */
  private synchronized boolean tellProgress() {
    Sweep sweep = current;
    UUID id = currentRun;
    if (id == null) {
      return false;
    }
    if (sweep == null) {
      table.beat(id, node);
      return true;
    }
    boolean ours = table.save(sweep.progress(null, null));
    if (!ours && worker != null) {
      worker.shutdownNow(); // another node works at it: this one was silent for too long
      worker = newWorker();
    }
    if (System.nanoTime() - toldAt > limits.progress().toNanos()) {
      toldAt = System.nanoTime();
      tell("Reconciliation is at work", sweep);
    }
    return true;
  }

  private void beginIfDue() {
    if (nightly == null) {
      return;
    }
    Instant now = tools.clock().instant();
    Instant at = due;
    ZonedDateTime next = nightly.next(now.atZone(limits.zone()));
    due = next == null ? null : next.toInstant();
    if (at == null || at.isAfter(now)) {
      return;
    }
    boolean stopped = tools.fuse().state().isPresent();
    if (limits.nightlyApply() && stopped) {
      logger.atWarn().log("The nightly run repairs nothing, for the fuse is blown");
    }
    // Every node tries, and one succeeds.
    table
        .begin(Run.BY_CLOCK, at, EVERYTHING, limits.nightlyApply() && !stopped, node)
        .ifPresent(this::work);
  }

  private void goOn(Run run) {
    if (run.attempts() > limits.attempts()) {
      Run failed = new Sweep(run, findings(run), tools, null).progress(Run.Phase.FAILED, run.why());
      table.save(failed);
      logger
          .atError()
          .addKeyValue("run", run.id())
          .addKeyValue("why", run.why())
          .log("A run of reconciliation was broken off too often and is given up");
      return;
    }
    logger
        .atInfo()
        .addKeyValue("run", run.id())
        .addKeyValue("bucket", run.nextBucket())
        .log("A run of reconciliation goes on");
    work(run);
  }

  private Findings findings(Run run) {
    return new Findings(
        run.id(), log.found(run.id()), tools.repairs(), tools.metrics(), limits.maxFindings());
  }

  private void work(Run run) {
    work(run, null);
  }

  private synchronized void work(Run run, Sweep.@Nullable Given given) {
    ExecutorService hands = worker;
    if (hands == null) {
      table.release(run.id(), node); // this node goes down
      return;
    }
    currentRun = run.id();
    hands.execute(
        () -> {
          try {
            workAt(run, given);
          } finally {
            synchronized (this) {
              current = null;
              currentRun = null;
            }
          }
        });
  }

  private void workAt(Run run, Sweep.@Nullable Given given) {
    Sweep sweep = new Sweep(run, findings(run), tools, given);
    synchronized (this) {
      current = sweep;
      toldAt = System.nanoTime();
    }
    tell("Reconciliation begins", sweep);
    try {
      sweep.work();
      table.save(sweep.progress(Run.Phase.DONE, null));
      tell("Reconciliation is done", sweep);
    } catch (SweepFailedException e) {
      table.save(sweep.progress(Run.Phase.FAILED, e.getMessage()));
      logger
          .atError()
          .addKeyValue("run", run.id())
          .addKeyValue("why", e.getMessage())
          .log("A run of reconciliation failed");
    } catch (Sweep.TakenAwayException e) {
      logger.atWarn().addKeyValue("run", run.id()).log("Another node goes on with this run");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ViewsUnreadableException | LedgerUnavailableException | DataAccessException e) {
      brokenOff(sweep, e, Level.WARN);
    } catch (RuntimeException e) {
      brokenOff(sweep, e, Level.ERROR);
    }
  }

  private void brokenOff(Sweep sweep, RuntimeException cause, Level level) {
    logger
        .atLevel(level)
        .setCause(cause)
        .log("A run of reconciliation was broken off and is gone on with later");
    try {
      table.save(sweep.progress(null, cause.toString()));
    } catch (DataAccessException e) {
      logger.atDebug().setCause(e).log("Why a run was broken off is not written down");
    }
  }

  private void tell(String what, Sweep sweep) {
    Run run = sweep.progress(null, null);
    logger
        .atInfo()
        .addKeyValue("run", run.id())
        .addKeyValue("phase", run.phase().word() + (run.step() == null ? "" : " " + run.step()))
        .addKeyValue("rows", run.compared())
        .addKeyValue("rowsPerSecond", sweep.rate())
        .addKeyValue("secondsLeft", sweep.secondsLeft())
        .addKeyValue("unsettled", run.unsettled())
        .log(what);
  }

  // Lifecycle

  private static ExecutorService newWorker() {
    return Executors.newSingleThreadExecutor(
        Thread.ofPlatform().name("reconciliation-run").factory());
  }

  @Override
  public synchronized void start() {
    worker = newWorker();
    ScheduledExecutorService looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("reconciliation-runs").factory());
    long every = limits.lookEvery().toNanos();
    var unused = looks.scheduleWithFixedDelay(this::tick, every, every, TimeUnit.NANOSECONDS);
    ticker = looks;
  }

  @Override
  public void stop() {
    ExecutorService hands;
    ScheduledExecutorService looks;
    UUID left;
    synchronized (this) {
      hands = worker;
      looks = ticker;
      left = currentRun;
      worker = null;
      ticker = null;
    }
    if (hands == null || looks == null) {
      return;
    }
    looks.shutdownNow();
    hands.shutdownNow();
    try {
      if (!hands.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        logger.atWarn().log("A run of reconciliation does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (left != null) {
      try {
        table.release(left, node);
      } catch (DataAccessException e) {
        logger.atDebug().setCause(e).log("A run is left to whoever looks after it is silent");
      }
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return worker != null;
  }
}
