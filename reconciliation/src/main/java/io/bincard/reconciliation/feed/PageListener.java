package io.bincard.reconciliation.feed;

import java.util.Collection;

/** Hears of what this node folds. */
public interface PageListener {

  /** This node begins to fold, or goes on, behind {@code position}. */
  void begun(long position);

  /**
   * Called when a page is committed, by the thread that folds the next one.
   *
   * @param keys of the rows that its events touched
   * @param after up to where every event was folded before
   * @param upTo up to where every event is folded now
   */
  void folded(Collection<String> keys, long after, long upTo);

  /** This node folds no more, for now. */
  void ended();
}
