package io.bincard.reconciliation.watch;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.feed.PageListener;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import io.bincard.reconciliation.sweep.Looks;
import io.bincard.reconciliation.sweep.Pass;
import io.bincard.reconciliation.sweep.Sweeps;
import io.bincard.reconciliation.sweep.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Compares all the time, in the node that folds: by one thread the rows that events touched, as
 * soon as the views are past those events, and by another one all rows, pass after pass. What
 * differs becomes a run, with evidence, fuse and repair; what was seen to differ before and is as
 * it was is not told again.
 */
public final class Watch implements PageListener, SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private static final int CHANGED_AT_ONCE = 1_000;
  private static final Duration VIEWS_LOOK = Duration.ofMillis(5);
  private static final int REMEMBERED = 10_000;
  private static final int MOST_DOUBLINGS = 6;
  private static final long STOP_MILLIS = 5_000;

  private final StoredViews views;
  private final Expectations expectations;
  private final ProvenRows proven;
  private final Looks looks;
  private final Sweeps sweeps;
  private final Throttle throttle;
  private final WatchMetrics metrics;
  private final InstantSource clock;
  private final WatchProperties limits;
  private final Duration lateAfter;
  private final ChangedRows changed;
  private final Semaphore isToPass = new Semaphore(0);

  // Used by the thread of passes alone
  private int learnt;
  private int passesUntilLearning;

  // Guarded by this
  private final List<Thread> hands = new ArrayList<>();

  /** What differs and was given to a run, as it was found then. Guarded by itself. */
  private final Map<String, Integer> told = new HashMap<>();

  Watch(
      StoredViews views,
      Expectations expectations,
      ProvenRows proven,
      Looks looks,
      Sweeps sweeps,
      Throttle throttle,
      WatchMetrics metrics,
      InstantSource clock,
      WatchProperties limits,
      Duration lateAfter) {
    this.views = views;
    this.expectations = expectations;
    this.proven = proven;
    this.looks = looks;
    this.sweeps = sweeps;
    this.throttle = throttle;
    this.metrics = metrics;
    this.clock = clock;
    this.limits = limits;
    this.lateAfter = lateAfter;
    this.changed = new ChangedRows(limits.queue());
  }

  // What the fold tells

  @Override
  public void begun(long position) {
    proven.follow(position);
    isToPass.release(); // rather than at the time of the next one
  }

  @Override
  public void folded(Collection<String> keys, long after, long upTo) {
    proven.touched(keys, after, upTo);
    changed.add(keys, upTo);
  }

  @Override
  public void ended() {
    proven.leave();
    changed.clear();
    metrics.proven(null);
  }

  // Rows that changed

  private void compareChanged() throws InterruptedException {
    ChangedRows.Batch batch = changed.take(CHANGED_AT_ONCE);
    Mark mark = views.mark();
    long stood = mark.position();
    long since = System.nanoTime();
    while (mark.position() < batch.upTo()) {
      if (!proven.follows()) {
        return;
      }
      if (mark.position() != stood) {
        stood = mark.position();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > lateAfter.toNanos()) {
        var unused = tell(List.of(Discrepancy.late(stood, batch.upTo())));
        since = System.nanoTime();
      }
      TimeUnit.NANOSECONDS.sleep(VIEWS_LOOK.toNanos());
      mark = views.mark();
    }
    Map<String, Set<String>> rows = HashMap.newHashMap(batch.keys().size());
    batch.keys().forEach(key -> rows.put(key, Set.of()));
    Looks.Seen seen = looks.look(mark, rows, proven);
    metrics.changed(batch.keys().size());
    forgetBut(batch.keys(), seen.differing());
    List<String> untold = tell(seen.differing().stream().map(Watch::justWritten).toList());
    if (!untold.isEmpty()) {
      changed.add(untold, batch.upTo());
      TimeUnit.NANOSECONDS.sleep(limits.pause().toNanos());
    }
  }

  private static Discrepancy justWritten(Discrepancy found) {
    return new Discrepancy(
        found.key(),
        found.kind(),
        found.expected(),
        found.found(),
        found.cause() + "; seen right after its event: is the view itself wrong?");
  }

  // All rows

  /** What a pass saw. */
  private final class Sight implements Pass.Witness {

    private final List<Discrepancy> differing = new ArrayList<>();
    private final Set<String> unsettled = new HashSet<>();

    @Override
    public void reads(int keys) throws InterruptedException {
      throttle.take(keys);
    }

    @Override
    public void compared(int rows) {
      metrics.passed(rows);
    }

    @Override
    public void looked(Set<String> keys, Looks.Seen seen) {
      forgetBut(keys, seen.differing());
      differing.addAll(seen.differing());
      unsettled.removeAll(keys);
      unsettled.addAll(seen.unsettled());
    }
  }

  private void passOverAll() throws InterruptedException {
    if (!proven.follows() || sweeps.isBusy()) {
      return;
    }
    Mark mark = views.mark();
    if (!proven.isWhole(mark)) {
      metrics.proven(null);
      learn();
      return;
    }
    learnt = 0;
    Instant begun = clock.instant();
    long position = Math.min(mark.position(), proven.position());
    Sight sight = new Sight();
    try {
      new Pass(views, expectations, looks, clock, mark, proven, false, sight).run();
    } catch (Pass.OvertakenException e) {
      LOG.atDebug().log("A run looks at all rows, so this pass need not");
      return;
    }
    if (!proven.isWhole(mark)) {
      return;
    }
    metrics.pass(sight.differing.size(), sight.unsettled.size());
    if (sight.differing.isEmpty()
        && sight.unsettled.stream().allMatch(key -> proven.isTouchedSince(key, position))) {
      views.verified(mark, position, begun);
      metrics.proven(begun);
    }
    changed.add(tell(sight.differing), position);
  }

  /** Has everything compared, less and less often where that leads to nothing. */
  private void learn() {
    if (--passesUntilLearning <= 0 && sweeps.learn()) {
      learnt = Math.min(learnt + 1, MOST_DOUBLINGS);
      passesUntilLearning = 1 << learnt;
    }
  }

  // What differs

  /** Rows that were looked at and are right by now may differ anew some day. */
  private void forgetBut(Collection<String> keys, List<Discrepancy> differing) {
    synchronized (told) {
      Set<String> right = new HashSet<>(keys);
      differing.forEach(each -> right.remove(each.key()));
      told.keySet().removeAll(right);
    }
  }

  /** Returns the rows that are to be looked at again, for a run is under way. */
  private List<String> tell(List<Discrepancy> differing) {
    List<Discrepancy> news = new ArrayList<>();
    synchronized (told) {
      for (Discrepancy each : differing) {
        Integer before = told.get(each.key());
        if (before == null || before != each.hashCode()) {
          news.add(each);
        }
      }
    }
    if (news.isEmpty()) {
      return List.of();
    }
    LOG.atWarn()
        .addKeyValue("rows", news.size())
        .addKeyValue("key", news.getFirst().key())
        .addKeyValue("kind", news.getFirst().kind().word())
        .addKeyValue("cause", news.getFirst().cause())
        .log("Rows of the views differ from the ledger");
    if (sweeps.putRight(news, proven.size())) {
      synchronized (told) {
        if (told.size() > REMEMBERED) {
          told.clear();
        }
        news.forEach(each -> told.put(each.key(), each.hashCode()));
      }
      return List.of();
    }
    LOG.atInfo().addKeyValue("rows", news.size()).log("Another run is under way");
    return news.stream().map(Discrepancy::key).toList();
  }

  // Lifecycle

  /** Something that is done again and again. */
  @FunctionalInterface
  private interface Work {
    void once() throws InterruptedException;
  }

  @Override
  public synchronized void start() {
    hands.add(hand("reconciliation-changes", Duration.ZERO, this::compareChanged));
    if (!limits.every().isZero()) {
      hands.add(hand("reconciliation-passes", limits.every(), this::passOverAll));
    }
    hands.forEach(Thread::start);
  }

  private Thread hand(String name, Duration every, Work work) {
    return Thread.ofPlatform().daemon().name(name).unstarted(() -> go(every, work));
  }

  private void go(Duration every, Work work) {
    try {
      while (true) {
        long begun = System.nanoTime();
        boolean isPass = !every.isZero();
        boolean isDone = tryOnce(work, isPass);
        long left = every.toNanos() - (System.nanoTime() - begun);
        pause(Duration.ofNanos(isDone ? left : Math.max(left, limits.pause().toNanos())), isPass);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the node stops
    }
  }

  private void pause(Duration time, boolean isPass) throws InterruptedException {
    if (!isPass) {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } else if (isToPass.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
      isToPass.drainPermits();
    }
  }

  private boolean tryOnce(Work work, boolean isPass) throws InterruptedException {
    try {
      work.once();
      return true;
    } catch (ViewsUnreadableException | LedgerUnavailableException | DataAccessException e) {
      LOG.atInfo()
          .addKeyValue("why", String.valueOf(e.getMessage()))
          .log("Nothing is compared for a while");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Rows were not compared");
    }
    if (isPass) {
      metrics.passFailed();
    }
    return false;
  }

  @Override
  public void stop() {
    List<Thread> all;
    synchronized (this) {
      all = List.copyOf(hands);
      hands.clear();
    }
    all.forEach(Thread::interrupt);
    try {
      for (Thread each : all) {
        each.join(STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return !hands.isEmpty();
  }
}
