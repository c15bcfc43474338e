package io.bincard.reconciliation.decoding;

import io.bincard.domain.CommittedEvent;

/**
 * What the fold was given in one go, as digests: of a page that is longer than can be remembered,
 * of its end.
 */
final class FoldedPage {

  private final long after;
  private final long upTo;
  private final long start;
  private final long[] digests;
  private long last;
  private boolean isStray;

  /**
   * @param after up to where every event was given before
   * @param upTo up to where every event is given with this
   * @param most positions that are remembered at most
   */
  FoldedPage(long after, long upTo, int most) {
    this.after = after;
    this.upTo = upTo;
    this.start = Math.max(after, upTo - most);
    this.digests = new long[(int) (upTo - start)];
    this.last = after;
  }

  /** Takes what was given next. */
  void take(CommittedEvent event) {
    long position = event.position();
    if (position <= last || position > upTo) {
      isStray = true;
      if (position > start && position <= upTo) {
        digests[index(position)] = Digest.WRONG;
      }
      return;
    }
    last = position;
    if (position > start) {
      digests[index(position)] = Digest.of(position, event.stream(), event.sequence());
    }
  }

  long after() {
    return after;
  }

  long upTo() {
    return upTo;
  }

  /** The digests of all positions behind this one are known. */
  long start() {
    return start;
  }

  int size() {
    return digests.length;
  }

  /** {@link Digest#NONE} if no event of that position was given. */
  long digest(long position) {
    return digests[index(position)];
  }

  /** Whether an event came twice, too late, or from outside the page. */
  boolean hasStrays() {
    return isStray;
  }

  private int index(long position) {
    return (int) (position - start - 1);
  }
}
