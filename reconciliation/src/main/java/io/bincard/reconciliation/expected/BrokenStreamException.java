package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;

/**
 * The journal does not agree with itself: an event that cannot follow the ones before it on its
 * stream. Nothing is guessed; the fold stands until somebody has looked.
 */
public final class BrokenStreamException extends RuntimeException {

  private final String stream;
  private final long position;

  BrokenStreamException(CommittedEvent committed, String why) {
    super(
        "%s cannot go on with %s, sequence %d, at position %d: %s"
            .formatted(
                committed.stream(),
                committed.event().getClass().getSimpleName(),
                committed.sequence(),
                committed.position(),
                why));
    this.stream = committed.stream();
    this.position = committed.position();
  }

  /** The stream that is broken. */
  public String stream() {
    return stream;
  }

  /** Where the event that cannot follow stands in the journal. */
  public long position() {
    return position;
  }
}
