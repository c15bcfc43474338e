package io.bincard.projections.viewstore;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a generation says of itself.
 *
 * @param generation its number
 * @param epoch the random name of this filling; a row of another epoch counts as unknown
 * @param position every event up to this journal position is in the views
 * @param positionTime when the event at {@code position} was made; the epoch itself if there is
 *     none yet
 * @param target while a run fills it, the position that the run is to reach; 0 otherwise
 * @param verified the last comparison of all rows with the ledger; null if there was none
 */
public record ViewStoreMark(
    long generation,
    String epoch,
    long position,
    Instant positionTime,
    long target,
    @Nullable Verified verified) {

  /**
   * When a row was last compared with the ledger and found equal; empty if that has not been done
   * since it changed.
   *
   * @param rowPosition up to which no event is missing in the row
   */
  public Optional<Instant> verifiedAt(long rowPosition) {
    return Optional.ofNullable(verified)
        .filter(comparison -> rowPosition <= comparison.position())
        .map(Verified::at);
  }
}
