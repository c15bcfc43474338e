package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.comparison.Comparison;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.comparison.Moment;
import io.bincard.reconciliation.comparison.Verdict;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.Expectations.Cut;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import io.bincard.reconciliation.repair.Repairs;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.Sets;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One node's work at one run, from its checkpoint to its end.
 *
 * <p>Lanes compare bucket by bucket what must be there with what is there. Then all keys and sets
 * are looked through for what nobody expects, and what was expected in a set and not found. Only
 * then, when it is known how much differs, anything is put right.
 */
final class Sweep {

  private static final String MARK = "mark";
  private static final long MARK_LOOK_MILLIS = 20;
  private static final long MILLIS_A_SECOND = 1_000;

  /** What all runs of a node work with. */
  record Tools(
      StoredViews views,
      Expectations expectations,
      Looks looks,
      Repairs repairs,
      Fuse fuse,
      Throttle throttle,
      SweepMetrics metrics,
      RunTable table,
      InstantSource clock,
      SweepProperties limits) {}

  /** This node does not work at the run any more. */
  static final class TakenAwayException extends RuntimeException {}

  private final Tools tools;
  private final SweepProperties limits;
  private final Run run;
  private final Findings findings;
  private final SeenRows seen;
  private final long begun = System.nanoTime();

  private final AtomicInteger nextBucket;
  private final BitSet done = new BitSet();
  private final AtomicLong compared;
  private final Set<String> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicLong comparedHere = new AtomicLong();

  private volatile Run.Phase phase = Run.Phase.COMPARING;
  private volatile long position;
  private volatile long generation;
  private volatile boolean fuseBlown;
  private volatile long unsettledBefore;

  /** Buckets below are compared; guarded by {@link #done}. */
  private int checkpoint;

  Sweep(Run run, Findings findings, Tools tools) {
    this.run = run;
    this.findings = findings;
    this.tools = tools;
    this.limits = tools.limits();
    this.seen = new SeenRows(limits.maxKeys());
    this.checkpoint = run.nextBucket();
    this.nextBucket = new AtomicInteger(checkpoint);
    this.compared = new AtomicLong(run.compared());
    this.unsettledBefore = run.unsettled();
    this.position = run.position();
    this.generation = run.generation();
    this.fuseBlown = run.fuseBlown();
  }

  /**
   * How it stands.
   *
   * @param as the phase to be written down
   * @param why why it failed or was broken off
   */
  Run progress(Run.@Nullable Phase as, @Nullable String why) {
    int bucket;
    synchronized (done) {
      bucket = checkpoint;
    }
    return new Run(
        run.id(),
        run.askedBy(),
        run.apply(),
        as == null ? phase : as,
        run.node(),
        run.begunAt(),
        null,
        generation,
        position,
        bucket,
        compared.get(),
        unsettledBefore + unsettled.size(),
        fuseBlown,
        run.attempts(),
        why);
  }

  /** Rows a second that this node has compared on average. */
  long rate() {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return comparedHere.get() * MILLIS_A_SECOND / Math.max(1, millis);
  }

  /** Seconds that the comparison will take on at that rate, of what is left of the buckets. */
  long secondsLeft() {
    int bucket;
    synchronized (done) {
      bucket = checkpoint;
    }
    int here = bucket - run.nextBucket();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    return here <= 0 ? 0 : seconds * (Expectations.BUCKETS - bucket) / here;
  }

  /**
   * Does it.
   *
   * @throws SweepFailedException if another try would not help
   * @throws TakenAwayException if another node works at it by now
   */
  void work() throws InterruptedException {
    Mark mark = tools.views().mark();
    if (generation != 0 && generation != mark.generation()) {
      // What was compared was another generation's.
      synchronized (done) {
        checkpoint = 0;
      }
      nextBucket.set(0);
      compared.set(0);
      unsettledBefore = 0;
    }
    generation = mark.generation();
    try {
      checkProgress(mark);
      compare(mark);
      save(Run.Phase.SCANNING);
      seen.seal();
      scan(mark);
    } catch (Findings.TooManyException e) {
      blowFuseIfTooMuch();
      throw new SweepFailedException(
          "more than "
              + limits.maxFindings()
              + " rows differ: find out why, and rebuild the views");
    }
    blowFuseIfTooMuch();
    if (run.apply()) {
      save(Run.Phase.REPAIRING);
      repair(mark);
    }
  }

  private void save(Run.Phase next) {
    phase = next;
    if (!tools.table().save(progress(null, null))) {
      throw new TakenAwayException();
    }
  }

  /** Views that stand still while the journal moves on cannot be compared. */
  private void checkProgress(Mark first) throws InterruptedException {
    long folded = tools.expectations().position();
    long end = System.nanoTime() + limits.lateAfter().toNanos();
    Mark mark = first;
    while (mark.position() < folded && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(MARK_LOOK_MILLIS);
      mark = tools.views().mark();
    }
    if (mark.position() < folded && mark.position() == first.position()) {
      findings.add(
          mark,
          new Discrepancy(
              MARK,
              Kind.LATE,
              null,
              new FoundRow(MARK, Map.of("position", Long.toString(mark.position()))),
              "the views stand at "
                  + mark.position()
                  + " while the journal is at "
                  + folded
                  + " or beyond"));
    }
  }

  // Comparing

  private void compare(Mark mark) throws InterruptedException {
    try (ExecutorService lanes =
        Executors.newFixedThreadPool(
            limits.lanes(), Thread.ofPlatform().name("reconciliation-lane-", 1).factory())) {
      ExecutorCompletionService<@Nullable Void> results = new ExecutorCompletionService<>(lanes);
      learnWhatWasCompared();
      for (int i = 0; i < limits.lanes(); i++) {
        results.submit(lane(mark));
      }
      try {
        for (int i = 0; i < limits.lanes(); i++) {
          results.take().get();
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      } finally {
        lanes.shutdownNow();
      }
    }
  }

  /** Rows below the checkpoint are expected all the same. */
  private void learnWhatWasCompared() {
    int below = nextBucket.get();
    if (below > 0) {
      try (Cut cut = tools.expectations().cut()) {
        cut.each(0, below, seen::add);
      }
    }
  }

  private Callable<@Nullable Void> lane(Mark mark) {
    return () -> {
      try (Cut cut = tools.expectations().cut()) {
        isOf(cut);
        for (int from = nextBucket.getAndAdd(limits.chunk());
            from < Expectations.BUCKETS;
            from = nextBucket.getAndAdd(limits.chunk())) {
          int to = Math.min(Expectations.BUCKETS, from + limits.chunk());
          compare(mark, cut, from, to);
          done(from, to);
        }
      }
      return null;
    };
  }

  private synchronized void isOf(Cut cut) {
    position = position == 0 ? cut.position() : Math.min(position, cut.position());
  }

  private void compare(Mark mark, Cut cut, int from, int to) throws InterruptedException {
    Map<String, ExpectedRow> page = LinkedHashMap.newLinkedHashMap(StoredViews.AT_ONCE);
    List<InterruptedException> interrupted = new ArrayList<>();
    cut.each(
        from,
        to,
        row -> {
          seen.add(row);
          page.put(row.key(), row);
          if (page.size() == StoredViews.AT_ONCE && interrupted.isEmpty()) {
            try {
              compare(mark, cut.position(), page);
            } catch (InterruptedException e) {
              interrupted.add(e);
            }
            page.clear();
          }
        });
    if (!interrupted.isEmpty()) {
      throw interrupted.getFirst();
    }
    compare(mark, cut.position(), page);
  }

  private void compare(Mark mark, long folded, Map<String, ExpectedRow> page)
      throws InterruptedException {
    if (page.isEmpty()) {
      return;
    }
    tools.throttle().take(page.size());
    long read = System.nanoTime();
    StoredViews.Reading reading = tools.views().rows(mark, page.keySet());
    Moment moment =
        new Moment(
            mark.epoch(),
            reading.mark().position(),
            folded,
            Long.MAX_VALUE,
            tools.clock().instant());
    Map<String, Set<String>> suspects = new LinkedHashMap<>();
    for (FoundRow found : reading.rows()) {
      if (!(Comparison.ofRow(page.get(found.key()), found, moment) instanceof Verdict.Equal)) {
        suspects.put(found.key(), Set.of());
      }
    }
    tools.metrics().compared(read);
    look(mark, suspects);
    compared.addAndGet(page.size());
    comparedHere.addAndGet(page.size());
  }

  private void look(Mark mark, Map<String, Set<String>> suspects) throws InterruptedException {
    if (!suspects.isEmpty()) {
      Looks.Seen looked = tools.looks().look(mark, suspects);
      looked.differing().forEach(each -> findings.add(mark, each));
      unsettled.removeAll(suspects.keySet());
      unsettled.addAll(looked.unsettled());
    }
  }

  private void done(int from, int to) {
    synchronized (done) {
      done.set(from, to);
      checkpoint = Math.max(checkpoint, done.nextClearBit(checkpoint));
    }
  }

  // Scanning

  private void scan(Mark mark) throws InterruptedException {
    Map<String, Set<String>> suspects = new LinkedHashMap<>();
    List<String> sets = new ArrayList<>();
    tools
        .views()
        .scanKeys(
            mark,
            keys -> {
              for (String key : keys) {
                if (Sets.isSet(key)) {
                  sets.add(key);
                } else if (!key.equals(MARK) && !seen.hasRow(key)) {
                  suspects.put(key, Set.of());
                }
              }
              if (suspects.size() + sets.size() >= StoredViews.AT_ONCE) {
                lookIn(mark, sets, suspects);
              }
            });
    lookIn(mark, sets, suspects);
    lookForLostMembers(mark);
  }

  /** Looks at what was gathered, and forgets it. */
  private void lookIn(Mark mark, List<String> sets, Map<String, Set<String>> suspects) {
    try {
      tools.throttle().take(sets.size() + suspects.size());
      tools.views().scanSets(mark, sets, (set, members) -> suspect(mark, set, members, suspects));
      look(mark, suspects);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ViewsUnreadableException("the run was stopped", e);
    }
    sets.clear();
    suspects.clear();
  }

  private void suspect(
      Mark mark, String set, List<String> members, Map<String, Set<String>> suspects) {
    for (String member : members) {
      String owner = Sets.owner(set, member);
      String line = Sets.line(set, member);
      if (owner == null) {
        String key = "no-row:" + line;
        findings.add(
            mark,
            new Discrepancy(
                key,
                Kind.ORPHAN,
                null,
                new FoundRow(key, Map.of(), Set.of(line)),
                "a member of a set that is of no row"));
      } else if (!seen.find(owner, line)
          && !Sets.mayOutlive(set, member, tools.clock().instant())) {
        suspects.merge(owner, Set.of(line), Sweep::both);
      }
    }
  }

  private static Set<String> both(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  private void lookForLostMembers(Mark mark) throws InterruptedException {
    Set<String> keys = new LinkedHashSet<>();
    try (Cut cut = tools.expectations().cut()) {
      for (int bucket = 0; bucket < Expectations.BUCKETS; bucket++) {
        if (seen.lacks(bucket)) {
          cut.each(
              bucket,
              bucket + 1,
              row -> {
                if (seen.lacks(row)) {
                  keys.add(row.key());
                }
              });
        }
        if (keys.size() >= StoredViews.AT_ONCE || bucket == Expectations.BUCKETS - 1) {
          Map<String, Set<String>> suspects = LinkedHashMap.newLinkedHashMap(keys.size());
          keys.forEach(key -> suspects.put(key, Set.of()));
          look(mark, suspects);
          keys.clear();
        }
      }
    }
  }

  // Repairing

  private void blowFuseIfTooMuch() {
    tools.metrics().stands(compared.get(), findings.rows(), unsettledBefore + unsettled.size());
    if (limits.isTooMuch(findings.rows(), compared.get())) {
      fuseBlown = true;
      tools.metrics().fuse(true);
      tools.fuse().blow(run.id(), compared.get(), findings.rows());
    }
  }

  private void repair(Mark mark) throws InterruptedException {
    boolean stopped = tools.fuse().state().isPresent();
    int frozen = 0;
    for (Map.Entry<String, Findings.Found> each : findings.all().entrySet()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      String key = each.getKey();
      Kind kind = each.getValue().kind();
      Looks.Seen looked = tools.looks().look(mark, Map.of(key, each.getValue().lines()));
      if (!looked.unsettled().isEmpty()) {
        tools.repairs().notAgain(run.id(), mark, key, kind, Outcome.UNSETTLED);
      } else if (looked.differing().isEmpty()) {
        tools.repairs().notAgain(run.id(), mark, key, kind, Outcome.SETTLED);
      }
      for (Discrepancy discrepancy : looked.differing()) {
        boolean mayFreeze = frozen < limits.maxFreezes();
        Outcome outcome = tools.repairs().repair(run.id(), mark, discrepancy, !stopped, mayFreeze);
        frozen += outcome == Outcome.FROZEN ? 1 : 0;
      }
    }
  }
}
