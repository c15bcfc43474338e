package io.bincard.projections.storefront;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockItemId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was answered last of each item, and says it again, told to be stale and how old,
 * when neither the views nor the ledger can be asked: an old number is of more use to a storefront
 * than none. Whoever asks for a position is not answered so, and an item that this node never
 * answered for stays unknown.
 */
final class RememberedAvailabilities implements Availabilities {

  private final Availabilities fresh;
  private final ReadCounts counts;
  private final InstantSource clock;
  private final Duration longest;
  private final Map<StockItemId, Remembered> last;

  /** An answer, and when it was given. */
  private record Remembered(Availability answer, Instant at) {}

  /**
   * @param fresh who is asked first
   * @param items how many answers are remembered at most, those not asked for longest leaving first
   * @param longest how old an answer may be that is said again
   */
  RememberedAvailabilities(
      Availabilities fresh, ReadCounts counts, InstantSource clock, int items, Duration longest) {
    this.fresh = fresh;
    this.counts = counts;
    this.clock = clock;
    this.longest = longest;
    this.last =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<StockItemId, Remembered> eldest) {
            return size() > items;
          }
        };
  }

  @Override
  public Optional<Availability> find(StockItemId item, long minPosition) {
    try {
      Optional<Availability> answer = fresh.find(item, minPosition);
      answer.ifPresent(known -> remember(List.of(known)));
      return answer;
    } catch (LedgerUnavailableException e) {
      Availability known = minPosition == ANY_POSITION ? recall(item) : null;
      if (known == null) {
        throw e;
      }
      return Optional.of(known);
    }
  }

  @Override
  public List<Optional<Availability>> findEach(List<StockItemId> items) {
    try {
      List<Optional<Availability>> answers = fresh.findEach(items);
      remember(answers.stream().flatMap(Optional::stream).toList());
      return answers;
    } catch (LedgerUnavailableException e) {
      List<Optional<Availability>> answers = new ArrayList<>(items.size());
      for (StockItemId item : items) {
        Availability known = recall(item);
        if (known == null) {
          throw e; // a part of the answer would look like all of it
        }
        answers.add(Optional.of(known));
      }
      return answers;
    }
  }

  private void remember(List<Availability> answers) {
    Instant now = clock.instant();
    synchronized (last) {
      for (Availability answer : answers) {
        last.put(answer.item(), new Remembered(answer, now));
      }
    }
  }

  private @Nullable Availability recall(StockItemId item) {
    Remembered known;
    synchronized (last) {
      known = last.get(item);
    }
    if (known == null) {
      return null;
    }
    Duration since = Duration.between(known.at(), clock.instant());
    if (since.compareTo(longest) > 0) {
      return null;
    }
    counts.read(Source.MEMORY);
    return known.answer().saidAgain(Math.max(0, since.toMillis()));
  }
}
