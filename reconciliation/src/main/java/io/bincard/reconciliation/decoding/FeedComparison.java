package io.bincard.reconciliation.decoding;

import io.bincard.reconciliation.decoding.FeedDifference.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Holds what the fold was given against what decoding saw, position by position, whichever of the
 * two is first. It remembers the last positions of each, so many at most: what is further apart is
 * passed over and counted. Safe for two threads.
 */
final class FeedComparison {

  private final int window;

  /** Digests of the last positions that decoding saw. */
  private final long[] seen;

  /** Pages of the fold that decoding has not reached the end of. */
  private final Deque<FoldedPage> waiting = new ArrayDeque<>();

  private final List<FeedDifference> found = new ArrayList<>();
  private long waitingPositions;
  private boolean isOn;
  private long from;
  private long upTo;
  private long compared;
  private long passedOver;

  /**
   * @param window positions that are remembered of each feed at most
   */
  FeedComparison(int window) {
    this.window = window;
    this.seen = new long[window];
  }

  /** Decoding sees every event behind {@code position} from now on, or goes on there. */
  synchronized void begin(long position) {
    clear();
    from = position;
    upTo = position;
    isOn = true;
  }

  /** Decoding sees nothing for a while. */
  synchronized void end() {
    clear();
    isOn = false;
  }

  private void clear() {
    waiting.forEach(page -> passedOver += page.upTo() - page.after());
    waiting.clear();
    waitingPositions = 0;
    found.clear();
  }

  synchronized boolean isOn() {
    return isOn;
  }

  /** Up to where decoding saw every event. */
  synchronized long decoded() {
    return upTo;
  }

  /** How many positions were compared. */
  synchronized long compared() {
    return compared;
  }

  /** How many positions the fold was given that could not be compared. */
  synchronized long passedOver() {
    return passedOver;
  }

  /** Decoding saw an event; it is known to be committed. */
  synchronized void saw(long position, long digest) {
    if (!isOn || position <= from) {
      return; // from before
    }
    if (position <= upTo) {
      found.add(new FeedDifference(Kind.OUT_OF_ORDER, position, position, 1));
      return;
    }
    long next = upTo + 1;
    if (position > next) {
      found.add(new FeedDifference(Kind.OUT_OF_ORDER, next, position - 1, position - next));
      for (long lost = Math.max(next, position - window); lost < position; lost++) {
        seen[slot(lost)] = Digest.ANY; // told once is enough
      }
    }
    seen[slot(position)] = digest;
    upTo = position;
  }

  /** Compares what can be by now, and returns all that was found since. */
  synchronized List<FeedDifference> settle() {
    while (!waiting.isEmpty() && waiting.getFirst().upTo() <= upTo) {
      FoldedPage page = waiting.removeFirst();
      waitingPositions -= page.size();
      compare(page);
    }
    List<FeedDifference> all = List.copyOf(found);
    found.clear();
    return all;
  }

  /** The fold was given a page, and has committed what it made of it. */
  synchronized List<FeedDifference> folded(FoldedPage page) {
    if (!isOn || page.upTo() <= from) {
      passedOver += page.upTo() - page.after();
      return List.of();
    }
    waiting.addLast(page);
    waitingPositions += page.size();
    while (waitingPositions > window && waiting.size() > 1) {
      FoldedPage oldest = waiting.removeFirst();
      waitingPositions -= oldest.size();
      passedOver += oldest.upTo() - oldest.after();
    }
    return settle();
  }

  private void compare(FoldedPage page) {
    long known = Math.max(page.start(), Math.max(from, upTo - window));
    long first = Math.min(known, page.upTo());
    passedOver += first - page.after();
    compared += page.upTo() - first;
    Tally missed = new Tally(Kind.MISSED);
    Tally other = new Tally(Kind.OTHER);
    for (long position = first + 1; position <= page.upTo(); position++) {
      long told = page.digest(position);
      long saw = seen[slot(position)];
      if (told == saw || saw == Digest.ANY) {
        continue;
      }
      if (told != Digest.NONE) {
        other.add(position);
      } else if (Digest.isFolded(saw)) {
        missed.add(position);
      }
    }
    if (page.hasStrays() && other.events == 0) {
      other.add(page.upTo());
    }
    missed.tell();
    other.tell();
  }

  private int slot(long position) {
    return (int) (position % window);
  }

  /** Differences of one kind in one page. */
  private final class Tally {

    private final Kind kind;
    private long first;
    private long last;
    private long events;

    Tally(Kind kind) {
      this.kind = kind;
    }

    void add(long position) {
      first = events == 0 ? position : first;
      last = position;
      events++;
    }

    void tell() {
      if (events > 0) {
        found.add(new FeedDifference(kind, first, last, events));
      }
    }
  }
}
