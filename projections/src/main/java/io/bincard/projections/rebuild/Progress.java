package io.bincard.projections.rebuild;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a run.
 *
 * @param generation the one that is filled
 * @param from the position that the run began behind
 * @param position every event up to here was folded
 * @param to the position to reach, as far as is known by now
 * @param eventsPerSecond since the run began, on average
 * @param rows written so far, those that were written twice counted twice
 * @param secondsLeft until {@code to}, at that rate; -1 if it cannot be told
 * @param why it ended as it did, if it did not end well
 */
public record Progress(
    Kind kind,
    Phase phase,
    long generation,
    long from,
    long position,
    long to,
    long eventsPerSecond,
    long rows,
    long secondsLeft,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String why) {

  /** What a run is for. */
  public enum Kind {
    REBUILD,
    ROLLBACK
  }

  /** Where a run is. */
  public enum Phase {
    READING,
    CATCHING_UP,
    CHECKING,
    SWITCHED,
    CANCELLED,
    /** Redis or the ledger was away, or the node stops; somebody goes on from the checkpoint. */
    INTERRUPTED,
    FAILED;

    /** Whether nothing more comes. */
    public boolean isOver() {
      return compareTo(SWITCHED) >= 0;
    }
  }
}
