package io.bincard.application.writer;

/**
 * Learns what was committed, in the writer's thread, before the sender is answered; must return at
 * once.
 */
public interface CommitListener {

  /** {@code verdict} was accepted and its events are committed. */
  void committed(Verdict verdict);

  /**
   * The ledger was taken over, for the first time or after its connection was lost: there may be
   * commits that this listener was not told of.
   */
  default void takenOver() {}
}
