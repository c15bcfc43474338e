package io.bincard.projections.viewstore;

import java.time.Instant;

/**
 * What the store says of itself.
 *
 * @param epoch the random name of this filling of the store; a row of another epoch counts as
 *     unknown
 * @param position every event up to this journal position is in the views
 * @param positionTime when the event at {@code position} was made; the epoch itself if there is
 *     none yet
 * @param rebuildTo the position from which on the views are as good as before they were lost
 */
public record ViewStoreMark(String epoch, long position, Instant positionTime, long rebuildTo) {

  /** Whether the views have not caught up yet with where the ledger was when this epoch began. */
  public boolean isRebuilding() {
    return position < rebuildTo;
  }
}
