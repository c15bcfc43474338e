package io.bincard.reconciliation.feed;

import java.util.Collection;

/** Hears of what was folded. */
@FunctionalInterface
public interface PageListener {

  /**
   * Called when a page is committed, by the thread that folds the next one.
   *
   * @param keys of the rows that its events touched
   * @param upTo up to where every event is folded
   */
  void folded(Collection<String> keys, long upTo);
}
