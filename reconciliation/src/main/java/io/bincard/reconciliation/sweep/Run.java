package io.bincard.reconciliation.sweep;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run of reconciliation, as it is written down.
 *
 * @param askedBy {@code person}, {@code clock} or {@code watch}
 * @param parts what it is to do
 * @param apply whether what differs is put right
 * @param step what it is at within its phase, {@code null} where that has no steps
 * @param millis how long nodes have worked at each phase
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
    Set<Part> parts,
    boolean apply,
    Phase phase,
    @Nullable String step,
    Map<Phase, Long> millis,
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

  public Run {
    parts = Set.copyOf(parts);
    millis = Map.copyOf(millis);
  }

  /** What a run does. */
  public enum Part {
    /** The journal is held against itself. */
    BOOKS,
    /** All rows of the views are compared with the journal. */
    ROWS;

    /** As in questions and answers. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a run is at, or how it ended. */
  public enum Phase {
    /** The journal is held against itself. */
    BOOKS,
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
