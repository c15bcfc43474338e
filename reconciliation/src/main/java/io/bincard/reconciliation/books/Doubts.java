package io.bincard.reconciliation.books;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of views a run must not touch, for the journal contradicts itself about them.
 *
 * @param rows their keys, as far as they are told
 * @param isCut whether there may be others
 * @param frozen items that the run froze for it
 */
public record Doubts(Set<String> rows, boolean isCut, int frozen) {

  /** Nothing is doubted. */
  public static final Doubts NONE = new Doubts(Set.of(), false, 0);

  public Doubts {
    rows = Set.copyOf(rows);
  }

  /** Why the row {@code key} is not to be touched; {@code null} if it may be. */
  public @Nullable String about(String key) {
    if (rows.contains(key)) {
      return "the journal contradicts itself about it";
    }
    return isCut ? "the journal contradicts itself in more places than are told" : null;
  }
}
