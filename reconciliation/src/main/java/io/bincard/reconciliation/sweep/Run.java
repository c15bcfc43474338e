package io.bincard.reconciliation.sweep;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run over all rows, as it is written down.
 *
 * @param askedBy {@code person}, {@code clock} or {@code watch}
 * @param apply whether what differs is put right
 * @param node the one that works at it, or did last
 * @param generation of the views, 0 while that is not known
 * @param position what was expected was as of this position or later, 0 while that is not known
 * @param nextBucket every bucket below is compared
 * @param compared rows
 * @param unsettled rows that moved whenever they were looked at, or were behind
 * @param fuseBlown whether this run blew the fuse
 * @param attempts how often a node has begun or gone on with it
 * @param why why it failed, or was broken off last
 */
public record Run(
    UUID id,
    String askedBy,
    boolean apply,
    Phase phase,
    String node,
    Instant begunAt,
    @Nullable Instant endedAt,
    long generation,
    long position,
    int nextBucket,
    long compared,
    long unsettled,
    boolean fuseBlown,
    int attempts,
    @Nullable String why) {

  /** Who asked for a run: a person, the clock, or who watches all the time. */
  static final String BY_PERSON = "person";

  static final String BY_CLOCK = "clock";
  static final String BY_WATCH = "watch";

  /** What a run is at, or how it ended. */
  public enum Phase {
    /** Rows are compared with what they must say. */
    COMPARING,
    /** All keys and sets are looked through for what nobody expects. */
    SCANNING,
    /** What differs is put right. */
    REPAIRING,
    /** Everything was compared and done. */
    DONE,
    /** It was given up. */
    FAILED;

    /** As in answers and tables. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Phase of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
