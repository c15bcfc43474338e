package io.bincard.reconciliation.sweep;

import io.bincard.domain.LedgerHistory;
import io.bincard.reconciliation.comparison.Comparison;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Moment;
import io.bincard.reconciliation.comparison.Verdict;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.StoredViews;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at single rows until it is known of each whether it says what it must, a few times at most.
 * The mark is read first, then the row and its sets, then how far the ledger is; and of rows that
 * are not as they were expected to be, the expectation once more when it has all of that. So
 * whatever such a row has must be in it.
 */
public final class Looks {

  /** How long the fold may take to get where the ledger was when the row was read. */
  private static final Duration FOLD_PATIENCE = Duration.ofSeconds(1);

  private static final long FOLD_LOOK_MILLIS = 5;

  private final StoredViews views;
  private final Expectations expectations;
  private final LedgerHistory history;
  private final InstantSource clock;
  private final int most;
  private final Duration pause;

  /**
   * @param history asked how far the ledger is: rows may be of commits of which this process has
   *     not heard yet
   * @param most looks at one row
   * @param pause between two of them
   */
  public Looks(
      StoredViews views,
      Expectations expectations,
      LedgerHistory history,
      InstantSource clock,
      int most,
      Duration pause) {
    this.views = views;
    this.expectations = expectations;
    this.history = history;
    this.clock = clock;
    this.most = most;
    this.pause = pause;
  }

  /**
   * What came of it.
   *
   * @param unsettled keys of rows that moved all the time
   */
  public record Seen(List<Discrepancy> differing, Set<String> unsettled) {}

  /**
   * Looks at rows of the generation of {@code mark}.
   *
   * @param suspects keys, each with the lines of sets that it was found in and that are in doubt
   * @param known told of those that are right
   */
  public Seen look(Mark mark, Map<String, Set<String>> suspects, ProvenRows known)
      throws InterruptedException {
    List<Discrepancy> differing = new ArrayList<>();
    Map<String, Set<String>> left = suspects;
    for (int look = 0; look < most && !left.isEmpty(); look++) {
      if (look > 0) {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
      left = lookOnce(mark, left, known, differing);
    }
    return new Seen(differing, left.keySet());
  }

  /**
   * Adds to {@code differing}, and returns what is to be looked at again. Most rows are as they
   * were expected to be before they were read; only for the others the fold is waited for.
   */
  private Map<String, Set<String>> lookOnce(
      Mark mark, Map<String, Set<String>> suspects, ProvenRows known, List<Discrepancy> differing)
      throws InterruptedException {
    long folded = expectations.position();
    Map<String, ExpectedRow> before = expected(suspects.keySet());
    Map<String, Set<String>> asked = LinkedHashMap.newLinkedHashMap(suspects.size());
    suspects.forEach(
        (key, lines) -> {
          Set<String> all = new HashSet<>(lines);
          all.addAll(sets(before.get(key)));
          asked.put(key, all);
        });
    StoredViews.Reading reading = views.rows(mark, asked);
    long head = history.headPosition();
    Moment read =
        new Moment(mark.epoch(), reading.mark().position(), folded, head, clock.instant());
    List<FoundRow> others = new ArrayList<>();
    for (FoundRow found : reading.rows()) {
      ExpectedRow expected = before.get(found.key());
      if (Comparison.of(expected, found, read) instanceof Verdict.Equal) {
        known.prove(mark, found, sets(expected), folded);
      } else {
        others.add(found);
      }
    }
    if (others.isEmpty()) {
      return Map.of();
    }
    Moment moment = new Moment(mark.epoch(), read.mark(), awaitFold(head), head, read.now());
    Map<String, ExpectedRow> after = expected(others.stream().map(FoundRow::key).toList());
    Map<String, Set<String>> again = new LinkedHashMap<>();
    for (FoundRow found : others) {
      String key = found.key();
      ExpectedRow expected = closest(before.get(key), after.get(key), found);
      // A set that it came to between the two questions was not asked for.
      boolean isAsked = asked.getOrDefault(key, Set.of()).containsAll(sets(expected));
      Verdict verdict = isAsked ? Comparison.of(expected, found, moment) : new Verdict.NotYet();
      switch (verdict) {
        case Verdict.Equal _ ->
            known.prove(
                mark,
                found,
                sets(expected),
                Objects.equals(expected, after.get(key)) ? moment.folded() : folded);
        case Verdict.Differs differs -> differing.add(differs.discrepancy());
        case Verdict.NotYet _ -> again.put(key, suspects.getOrDefault(key, Set.of()));
      }
    }
    return again;
  }

  private static Set<String> sets(@Nullable ExpectedRow expected) {
    return expected == null ? Set.of() : expected.sets();
  }

  /** PostgreSQL has no text with a NUL in it, and so no row that is called so is expected. */
  private Map<String, ExpectedRow> expected(Collection<String> keys) {
    return expectations.find(keys.stream().filter(key -> key.indexOf('\0') < 0).toList());
  }

  /** A row that moves all the time may be of the version that was expected before it was read. */
  private static @Nullable ExpectedRow closest(
      @Nullable ExpectedRow before, @Nullable ExpectedRow after, FoundRow found) {
    return before != null && Long.toString(before.version()).equals(found.version())
        ? before
        : after;
  }

  /** How far the fold is, once it is at {@code head} or has had its time. */
  private long awaitFold(long head) throws InterruptedException {
    long end = System.nanoTime() + FOLD_PATIENCE.toNanos();
    long position = expectations.position();
    while (position < head && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(FOLD_LOOK_MILLIS);
      position = expectations.position();
    }
    return position;
  }
}
