package io.bincard.application.writer;

/**
 * Learns what was committed, in the order of the commits, before the sender is answered; must
 * return at once.
 */
public interface CommitListener {

  /** {@code verdict} was accepted and its events are committed. */
  void committed(Verdict verdict);

  /**
   * The ledger was taken over, for the first time or after its connection was lost, or this
   * listener failed: there may be commits that it was not told of.
   */
  default void takenOver() {}
}
