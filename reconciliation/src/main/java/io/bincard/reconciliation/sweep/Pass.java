package io.bincard.reconciliation.sweep;

import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.Expectations.Cut;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.Sets;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A look at every key of the live generation, by those that were proven to be right: what has the
 * same digest still is right still, everything else is looked at by itself in the end, unless the
 * watch has done so by then. What was proven and is not there, or not in its sets, is looked at
 * too.
 */
public final class Pass {

  private static final String MARK = "mark";

  /** Rows that wait for the end at most; so many are not looked at because of a few sales. */
  private static final int MOST_SUSPECTS = 20_000;

  /** Hears of what a pass sees; it may end it by an exception. */
  public interface Witness {

    /** So many keys are about to be read. */
    void reads(int keys) throws InterruptedException;

    /** So many rows were held against what is proven, or are known not to be there. */
    void compared(int rows);

    /**
     * Rows were looked at by themselves.
     *
     * @param keys of all of them
     */
    void looked(Set<String> keys, Looks.Seen seen);
  }

  private final StoredViews views;
  private final Expectations expectations;
  private final Looks looks;
  private final InstantSource clock;
  private final Mark mark;
  private final ProvenRows known;
  private final Witness witness;
  private final boolean isAtOnce;
  private final Map<String, Suspicion> suspects = new LinkedHashMap<>();

  /** A moment after which whatever is proven was looked at later than these keys were read. */
  private int read;

  /**
   * Why a row is to be looked at.
   *
   * @param lines of sets that it was found in and that are in doubt
   * @param since what is proven later was looked at since
   */
  private record Suspicion(Set<String> lines, int since) {

    Suspicion and(Suspicion later) {
      Set<String> all = new HashSet<>(lines);
      all.addAll(later.lines);
      return new Suspicion(all, later.since);
    }
  }

  /**
   * @param known all rows of the generation of {@code mark} that there must be
   * @param isAtOnce whether all keys are read at one moment if Redis allows it, as fast as it can,
   *     or page by page
   */
  public Pass(
      StoredViews views,
      Expectations expectations,
      Looks looks,
      InstantSource clock,
      Mark mark,
      ProvenRows known,
      boolean isAtOnce,
      Witness witness) {
    this.views = views;
    this.expectations = expectations;
    this.looks = looks;
    this.clock = clock;
    this.mark = mark;
    this.known = known;
    this.isAtOnce = isAtOnce;
    this.witness = witness;
  }

  /**
   * Does it.
   *
   * @throws ViewsUnreadableException if the views cannot be read
   * @throws OvertakenException if another pass was begun meanwhile
   */
  public void run() throws InterruptedException {
    int number = known.beginPass();
    if (!isAtOnce || !passBySnapshot(number)) {
      views.scan(
          mark,
          keys -> {
            requireOwn(number);
            read = known.moment();
            take(keys);
          });
    }
    look();
    Set<Long> unseen = known.unseen();
    requireOwn(number);
    lookFor(unseen);
  }

  /** Of a snapshot all keys were read before the first one is given. */
  private boolean passBySnapshot(int number) throws InterruptedException {
    AtomicBoolean isBegun = new AtomicBoolean();
    return views.snapshot(
        mark,
        keys -> {
          requireOwn(number);
          if (!isBegun.getAndSet(true)) {
            read = known.moment();
          }
          take(keys);
        });
  }

  /** Another one looks at all rows by the same proofs: what it has seen is no more known here. */
  public static final class OvertakenException extends RuntimeException {}

  private void requireOwn(int number) {
    if (!known.isPass(number)) {
      throw new OvertakenException();
    }
  }

  private void take(StoredViews.Keys keys) throws InterruptedException {
    witness.reads(keys.count());
    for (int i = 0; i < keys.rows().size(); i++) {
      String key = keys.rows().get(i);
      if (!known.isProven(key, keys.digests().get(i))) {
        suspect(key, Set.of());
      }
    }
    for (Map.Entry<String, List<String>> set : keys.sets().entrySet()) {
      takeSet(set.getKey(), set.getValue());
    }
    for (String set : keys.large()) {
      if (Sets.isSet(set)) {
        views.scanSet(mark, set, members -> takeMembers(set, members));
      } else {
        suspect(set, Set.of());
      }
    }
    for (String other : keys.others()) {
      if (!other.equals(MARK)) {
        suspect(other, Set.of());
      }
    }
    witness.compared(keys.rows().size());
    lookIfMany();
  }

  private void takeSet(String set, List<String> members) throws InterruptedException {
    if (Sets.isSet(set)) {
      takeMembers(set, members);
    } else {
      suspect(set, Set.of());
    }
  }

  private void takeMembers(String set, List<String> members) throws InterruptedException {
    for (String member : members) {
      String line = Sets.line(set, member);
      if (!known.isProven(line)) {
        suspectMember(set, member, line);
      }
    }
    lookIfMany();
  }

  private void suspectMember(String set, String member, String line) {
    String owner = Sets.owner(set, member);
    if (owner == null) {
      String key = "no-row:" + line;
      witness.looked(
          Set.of(key),
          new Looks.Seen(
              List.of(
                  new Discrepancy(
                      key,
                      Kind.ORPHAN,
                      null,
                      new FoundRow(key, Map.of(), Set.of(line)),
                      "a member of a set that is of no row")),
              Set.of()));
    } else if (!Sets.mayOutlive(set, member, clock.instant())) {
      suspect(owner, Set.of(line));
    }
  }

  private void suspect(String key, Set<String> lines) {
    suspects.merge(key, new Suspicion(lines, read), Suspicion::and);
  }

  private void lookIfMany() throws InterruptedException {
    if (suspects.size() >= MOST_SUSPECTS) {
      look();
    }
  }

  /** Those that the watch has not found to be right meanwhile. */
  private void look() throws InterruptedException {
    Map<String, Set<String>> these = new LinkedHashMap<>();
    suspects.forEach(
        (key, why) -> {
          if (!known.isProvenSince(why.since(), key, why.lines())) {
            these.put(key, why.lines());
          }
        });
    suspects.clear();
    if (!these.isEmpty()) {
      witness.looked(these.keySet(), looks.look(mark, these, known));
    }
  }

  private void lookFor(Set<Long> hidden) throws InterruptedException {
    Map<Integer, Set<Long>> unseen = new TreeMap<>();
    for (long hash : hidden) {
      unseen.computeIfAbsent(ProvenRows.bucket(hash), _ -> new HashSet<>()).add(hash);
    }
    if (unseen.isEmpty()) {
      return;
    }
    Set<Long> unexpected = new HashSet<>();
    try (Cut cut = expectations.cut()) {
      for (Map.Entry<Integer, Set<Long>> bucket : unseen.entrySet()) {
        Set<Long> hashes = bucket.getValue();
        List<String> keys = new ArrayList<>();
        cut.each(
            bucket.getKey(),
            bucket.getKey() + 1,
            row -> {
              if (hashes.remove(ProvenRows.hash(row.key()))) {
                keys.add(row.key());
              }
            });
        unexpected.addAll(hashes);
        witness.compared((int) keys.stream().filter(known::isUnseen).count());
        keys.forEach(key -> suspect(key, Set.of()));
        lookIfMany();
      }
    }
    look();
    known.drop(unexpected);
  }
}
