package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.LedgerHistory.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Folds the journal into the tables {@code expected_…}. Used by one thread at a time, in a
 * transaction of the caller's.
 *
 * <p>The states that were used last stay in memory. They are good as long as the tables stand where
 * this fold left them; whatever came between, a transaction that was undone or another node, is
 * told by that.
 */
public final class JournalFold {

  /** How much longer than the view a forgotten row is kept here, by the time of events. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

  /** How much time of events passes at least between two looks for what is forgotten. */
  private static final Duration FORGETTING = Duration.ofMinutes(1);

  private static final long NOWHERE = -1;

  private final LedgerHistory history;
  private final ExpectedTables tables;
  private final int remembered;
  private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;
  private long folded = NOWHERE;
  private Instant lastForgetting = Instant.MIN;

  /** A state and what it takes of the limit. */
  private record Known(Expected state, int weight) {}

  /**
   * @param remembered states and promises that are kept in memory between two calls at most
   */
  public JournalFold(LedgerHistory history, DataSource dataSource, int remembered) {
    this.history = history;
    this.tables = new ExpectedTables(dataSource);
    this.remembered = remembered;
  }

  /**
   * What was folded.
   *
   * @param touched keys of the rows that its events touched
   * @param after up to where every event was folded before
   * @param upTo up to where every event is folded now
   */
  public record Page(Set<String> touched, long after, long upTo) {}

  /**
   * Takes the events behind {@code after} up to {@code upTo}, as far as the tables do not have
   * them.
   *
   * @throws BrokenStreamException if an event cannot follow the ones before it
   * @throws IllegalStateException if the tables lack events from before
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the journal cannot be read
   * @throws org.springframework.dao.DataAccessException if the tables cannot
   */
  public Page fold(long after, long upTo) {
    long stored = tables.lock();
    if (stored >= upTo) {
      return new Page(Set.of(), stored, stored);
    }
    if (stored < after) {
      throw new IllegalStateException(
          "the tables expected_… have the events up to %d and the next ones that come are behind %d"
              .formatted(stored, after));
    }
    if (stored != folded) {
      known.clear();
      weight = 0;
    }
    folded = NOWHERE;
    Set<String> touched = new HashSet<>();
    history.read(
        stored,
        upTo,
        Expected.KINDS,
        part -> {
          take(part, touched);
          return true;
        });
    tables.moveTo(upTo);
    folded = upTo;
    return new Page(touched, stored, upTo);
  }

  private void take(Part part, Set<String> touched) {
    recall(part.events());
    Map<String, Expected> changed = new HashMap<>();
    for (CommittedEvent committed : part.events()) {
      String key = Expected.key(committed.event());
      Known before = known.get(key);
      Expected after = Expected.after(before == null ? null : before.state(), committed);
      if (before == null || before.state() != after) {
        remember(after);
      }
      changed.put(key, after);
    }
    tables.write(changed.values());
    touched.addAll(changed.keySet());
    settle(changed.values());
    if (part.time().isAfter(lastForgetting.plus(FORGETTING))) {
      lastForgetting = part.time();
      tables.forget(part.time().minus(FORGOTTEN_AFTER));
    }
  }

  /** Reads the states that {@code events} are about and that are not in memory. */
  private void recall(Collection<CommittedEvent> events) {
    Set<String> missing = new HashSet<>();
    for (CommittedEvent committed : events) {
      String key = Expected.key(committed.event());
      if (!known.containsKey(key)) {
        missing.add(key);
      }
    }
    tables.read(missing).forEach(this::remember);
  }

  private void remember(Expected state) {
    Known now = new Known(state, weightOf(state));
    Known before = known.put(state.key(), now);
    weight += now.weight() - (before == null ? 0 : before.weight());
  }

  /** Weighs {@code changed} anew and lets go of what was not used for longest. */
  private void settle(Collection<Expected> changed) {
    changed.forEach(this::remember);
    Iterator<Known> eldest = known.values().iterator();
    while (weight > remembered && eldest.hasNext()) {
      weight -= eldest.next().weight();
      eldest.remove();
    }
  }

  private static int weightOf(Expected state) {
    return state instanceof ExpectedItem item ? 1 + item.promises().count() : 1;
  }
}
