package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.books.BooksPhase;
import io.bincard.reconciliation.books.Doubts;
import io.bincard.reconciliation.comparison.Comparison;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Moment;
import io.bincard.reconciliation.comparison.Verdict;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.Expectations.Cut;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import io.bincard.reconciliation.repair.Repairs;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.StoredViews;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * <p>The journal is held against itself. Lanes compare bucket by bucket what must be there with
 * what is there, unless this node has proven all of it before. Then all keys and sets are looked
 * through for what is not as it was proven, what nobody expects, and what was expected in a set and
 * not found. Only then, when it is known how much differs, anything is put right.
 */
final class Sweep {

  private static final long MARK_LOOK_MILLIS = 20;
  private static final long MILLIS_A_SECOND = 1_000;

  /** So few that what was just seen of them is still so. */
  private static final int REPAIRED_AT_ONCE = 50;

  /** For how long what was found between runs counts for the fuse. */
  private static final Duration FUSE_MEMORY = Duration.ofHours(1);

  /** What all runs of a node work with. */
  record Tools(
      StoredViews views,
      Expectations expectations,
      ProvenRows proven,
      Looks looks,
      BooksPhase books,
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
  private final @Nullable Given given;
  private final AtomicInteger expected = new AtomicInteger();
  private final PhaseClock times;

  private final AtomicInteger nextBucket;
  private final BitSet done = new BitSet();
  private final AtomicLong compared;
  private final Set<String> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicLong comparedHere = new AtomicLong();

  private volatile ProvenRows known;
  private volatile long begun = System.nanoTime();
  private volatile Run.Phase phase;
  private volatile @Nullable String step;
  private volatile Doubts doubts = Doubts.NONE;
  private volatile long position;
  private volatile long generation;
  private volatile boolean fuseBlown;
  private volatile long unsettledBefore;

  /** Items that this node has frozen in this run. */
  private int frozen;

  /** Buckets below are compared; guarded by {@link #done}. */
  private int checkpoint;

  /**
   * What was found by other means than this run.
   *
   * @param among how many rows
   */
  record Given(List<Discrepancy> differing, long among) {}

  /**
   * @param given {@code null} if everything is to be compared
   */
  Sweep(Run run, Findings findings, Tools tools, @Nullable Given given) {
    this.given = given;
    this.run = run;
    this.findings = findings;
    this.tools = tools;
    this.limits = tools.limits();
    this.known = tools.proven();
    this.checkpoint = run.nextBucket();
    this.nextBucket = new AtomicInteger(checkpoint);
    this.compared = new AtomicLong(run.compared());
    this.unsettledBefore = run.unsettled();
    this.position = run.position();
    this.generation = run.generation();
    this.fuseBlown = run.fuseBlown();
    this.phase = run.parts().contains(Run.Part.BOOKS) ? Run.Phase.BOOKS : Run.Phase.COMPARING;
    this.times = new PhaseClock(run.millis(), System::nanoTime);
    times.enter(phase);
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
        run.parts(),
        run.apply(),
        as == null ? phase : as,
        step,
        times.millis(),
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
    if (run.parts().contains(Run.Part.BOOKS)) {
      holdBooks();
    }
    if (!run.parts().contains(Run.Part.ROWS)) {
      return;
    }
    Mark mark = tools.views().mark();
    if (checkpoint == 0 || generation != mark.generation()) {
      // Nothing that was compared counts: it was by proofs that are gone, or another generation's.
      synchronized (done) {
        checkpoint = 0;
      }
      nextBucket.set(0);
      compared.set(0);
      unsettledBefore = 0;
    }
    generation = mark.generation();
    try {
      if (given != null) {
        position = known.position();
        compared.set(given.among());
        findings.add(mark, given.differing());
      } else {
        checkProgress(mark);
        if (!passByProofs(mark)) {
          compareAll(mark);
        }
      }
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

  /**
   * Looks at all rows by what this node has proven, if it has proven all; a run that comes by the
   * clock compares everything anew all the same.
   */
  private boolean passByProofs(Mark mark) throws InterruptedException {
    ProvenRows proven = tools.proven();
    if (checkpoint > 0
        || run.askedBy().equals(Run.BY_CLOCK)
        || !proven.isWhole(mark)
        || proven.position() < tools.expectations().position()) {
      return false;
    }
    known = proven;
    position = proven.position();
    save(Run.Phase.SCANNING);
    pass(mark, true);
    return proven.isWhole(mark); // or some of it was forgotten in the middle
  }

  private void compareAll(Mark mark) throws InterruptedException {
    boolean learns = tools.proven().follows() && checkpoint == 0;
    known = learns ? tools.proven() : new ProvenRows(limits.maxKeys());
    known.learn(mark);
    compared.set(checkpoint == 0 ? 0 : compared.get());
    save(Run.Phase.COMPARING);
    compare(mark);
    save(Run.Phase.SCANNING);
    pass(mark, false);
    known.learnt(mark);
  }

  /** First of all, for what contradicts itself must not be repaired. */
  private void holdBooks() throws InterruptedException {
    doubts =
        tools
            .books()
            .work(run.id(), run.node(), run.apply(), limits.maxFreezes(), rule -> step = rule)
            .orElseThrow(TakenAwayException::new);
    step = null;
    if (run.parts().contains(Run.Part.ROWS)) {
      save(Run.Phase.COMPARING);
      begun = System.nanoTime();
    }
  }

  private void save(Run.Phase next) {
    phase = next;
    times.enter(next);
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
      findings.add(mark, List.of(Discrepancy.late(mark.position(), folded)));
    }
  }

  // Comparing

  private void compare(Mark mark) throws InterruptedException {
    try (ExecutorService lanes =
        Executors.newFixedThreadPool(
            limits.lanes(), Thread.ofPlatform().name("reconciliation-lane-", 1).factory())) {
      ExecutorCompletionService<@Nullable Void> results = new ExecutorCompletionService<>(lanes);
      learnWhatWasCompared(mark);
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
  private void learnWhatWasCompared(Mark mark) {
    int below = nextBucket.get();
    if (below > 0) {
      try (Cut cut = tools.expectations().cut()) {
        cut.each(
            0,
            below,
            row -> {
              expectOneMore();
              known.assume(mark, row.key(), row.sets());
            });
      }
    }
  }

  private void expectOneMore() {
    if (expected.incrementAndGet() > limits.maxKeys()) {
      throw new SweepFailedException(
          "there are more rows than bincard.reconciliation.max-keys allows for, "
              + limits.maxKeys());
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
          expectOneMore();
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
      ExpectedRow expected = Objects.requireNonNull(page.get(found.key()));
      known.expect(mark, expected.key(), folded);
      if (Comparison.ofRow(expected, found, moment) instanceof Verdict.Equal) {
        known.prove(mark, found, expected.sets(), folded);
      } else {
        suspects.put(found.key(), Set.of());
      }
    }
    tools.metrics().compared(read);
    if (!suspects.isEmpty()) {
      note(mark, suspects.keySet(), tools.looks().look(mark, suspects, known));
    }
    count(page.size());
  }

  private void count(int rows) {
    compared.addAndGet(rows);
    comparedHere.addAndGet(rows);
    tools.metrics().count(rows);
  }

  private void note(Mark mark, Set<String> keys, Looks.Seen looked) {
    findings.add(mark, looked.differing());
    unsettled.removeAll(keys);
    unsettled.addAll(looked.unsettled());
  }

  private void done(int from, int to) {
    synchronized (done) {
      done.set(from, to);
      checkpoint = Math.max(checkpoint, done.nextClearBit(checkpoint));
    }
  }

  // Looking through all keys

  private void pass(Mark mark, boolean compares) throws InterruptedException {
    new Pass(
            tools.views(),
            tools.expectations(),
            tools.looks(),
            tools.clock(),
            mark,
            known,
            limits.maxRate() == 0,
            new Pass.Witness() {
              @Override
              public void reads(int keys) throws InterruptedException {
                tools.throttle().take(keys);
              }

              @Override
              public void compared(int rows) {
                if (compares) {
                  count(rows);
                }
              }

              @Override
              public void looked(Set<String> keys, Looks.Seen seen) {
                note(mark, keys, seen);
              }
            })
        .run();
  }

  // Repairing

  private void blowFuseIfTooMuch() {
    long differed = findings.rows();
    if (given == null) {
      tools.metrics().stands(compared.get(), differed, unsettledBefore + unsettled.size());
    } else {
      // One by one is as much as all at once.
      differed = Math.max(differed, tools.repairs().foundWithin(run.askedBy(), FUSE_MEMORY));
    }
    if (limits.isTooMuch(differed, compared.get())) {
      fuseBlown = true;
      tools.metrics().fuse(true);
      tools.fuse().blow(run.id(), compared.get(), differed);
    }
  }

  private void repair(Mark mark) throws InterruptedException {
    boolean stopped = tools.fuse().state().isPresent();
    Map<String, Findings.Found> found = findings.all();
    List<String> keys = List.copyOf(found.keySet());
    for (int from = 0; from < keys.size(); from += REPAIRED_AT_ONCE) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Map<String, Findings.Found> some = new LinkedHashMap<>(found);
      some.keySet().retainAll(keys.subList(from, Math.min(keys.size(), from + REPAIRED_AT_ONCE)));
      repair(mark, some, stopped);
    }
  }

  private void repair(Mark mark, Map<String, Findings.Found> found, boolean stopped)
      throws InterruptedException {
    Map<String, Set<String>> suspects = LinkedHashMap.newLinkedHashMap(found.size());
    Map<String, Findings.Found> settled = new LinkedHashMap<>(found);
    found.forEach(
        (key, each) -> {
          String doubt = doubts.about(key);
          if (doubt == null) {
            suspects.put(key, each.lines());
          } else {
            settled.remove(key);
            tools.repairs().leave(run.id(), mark, key, each.kind(), doubt);
          }
        });
    Looks.Seen looked = tools.looks().look(mark, suspects, known);
    looked.differing().forEach(each -> settled.remove(each.key()));
    frozen +=
        tools
            .repairs()
            .repair(
                run.id(),
                mark,
                looked.differing(),
                !stopped,
                limits.maxFreezes() - doubts.frozen() - frozen);
    settled.forEach(
        (key, each) ->
            tools
                .repairs()
                .notAgain(
                    run.id(),
                    mark,
                    key,
                    each.kind(),
                    looked.unsettled().contains(key) ? Outcome.UNSETTLED : Outcome.SETTLED));
  }
}
