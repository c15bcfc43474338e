package io.bincard.projections.viewstore;

import java.time.Instant;

/**
 * What a generation says of itself.
 *
 * @param generation its number
 * @param epoch the random name of this filling; a row of another epoch counts as unknown
 * @param position every event up to this journal position is in the views
 * @param positionTime when the event at {@code position} was made; the epoch itself if there is
 *     none yet
 * @param target while a run fills it, the position that the run is to reach; 0 otherwise
 */
public record ViewStoreMark(
    long generation, String epoch, long position, Instant positionTime, long target) {}
