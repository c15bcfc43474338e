package io.bincard.projections.filling;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import java.util.OptionalLong;
import java.util.Set;

/** One kind of rows that are made of the journal, whoever fills them. */
public interface View {

  /** For a fold that forgets nothing by itself. */
  int EVERYTHING = Integer.MAX_VALUE;

  /** What the keys of its rows begin with, before a colon; never the name of another view. */
  String name();

  /** The events that it is about, by their class or a root of theirs. */
  Set<Class<? extends LedgerEvent>> kinds();

  /**
   * A fold that remembers nothing yet.
   *
   * @param stored the rows that the fold's own are written over
   * @param remembered states that are kept at most between two turns, {@link #EVERYTHING} for no
   *     limit
   */
  Fold fold(StoredRows stored, int remembered);

  /**
   * How many rows there must be at {@code position}, told without folding; empty if that cannot be
   * told. A rebuild is held against it.
   */
  default OptionalLong rows(LedgerHistory history, long position) {
    return OptionalLong.empty();
  }
}
