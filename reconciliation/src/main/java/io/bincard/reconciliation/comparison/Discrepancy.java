package io.bincard.reconciliation.comparison;

import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.stored.FoundRow;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row that does not say what it must, at equal position.
 *
 * @param expected null if there must be no row
 * @param found as it was read; a row without fields if there was none
 * @param cause in words, if it is known
 */
public record Discrepancy(
    String key, Kind kind, @Nullable ExpectedRow expected, FoundRow found, @Nullable String cause) {

  private static final String MARK = "mark";

  /** The views stand at {@code position} while the journal is at {@code journal} or beyond. */
  public static Discrepancy late(long position, long journal) {
    return new Discrepancy(
        MARK,
        Kind.LATE,
        null,
        new FoundRow(MARK, Map.of("position", Long.toString(position))),
        "the views stand at " + position + " while the journal is at " + journal + " or beyond");
  }

  /** Lines of sets that the row must not stand in, whether its own word or a set tells so. */
  public Set<String> strays() {
    Set<String> strays = new HashSet<>(found.sets());
    strays.addAll(Comparison.ownLines(found));
    strays.removeAll(expected == null ? Set.of() : expected.sets());
    return strays;
  }

  /** What went wrong with a row, as far as the row itself shows it. */
  public enum Kind {
    /** There is no row, or an older one, though the view has passed the row's last event. */
    LOST,
    /** More was counted than happened: a version beyond the ledger's, or the last event twice. */
    DOUBLED,
    /** The view made no progress for too long while the journal moved on. */
    LATE,
    /** The version is right and the content is not. */
    EDITED,
    /** There is a row, or a member of a set, of something that the ledger never had. */
    ORPHAN,
    /** The ledger's own fold and reconciliation's do not agree: neither is to be trusted. */
    FOLDS_DISAGREE;

    /** The kind that is called {@code word}. */
    public static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** As in answers, metrics and the log of repairs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
