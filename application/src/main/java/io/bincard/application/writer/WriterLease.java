package io.bincard.application.writer;

import io.bincard.application.journal.Journal;
import java.sql.SQLException;

/**
 * The right to write the ledger. {@link #journal}, {@link #release} and {@link #drop} belong to the
 * writer's thread; any thread may ask the rest.
 *
 * <p>Whoever is given the journal knows that no earlier writer's transaction is still under way and
 * that none can begin, so what the receipts say then is final.
 */
public interface WriterLease {

  /** Whether {@link #journal} need not take the ledger over. */
  boolean isHeld();

  /**
   * The journal to write; takes the ledger over if need be.
   *
   * @throws NotLeadingException if another node leads
   * @throws SQLException if the ledger is out of reach
   */
  Journal journal() throws SQLException;

  /** Gives the ledger up in good order; another node may lead at once. */
  void release();

  /** Drops the connection, whose state is in doubt. */
  void drop();

  /** The epoch that this node took the ledger over with last, 0 before the first. */
  long epoch();

  /**
   * {@link #epoch} while it is certain that nobody else has written since, 0 otherwise. It ends
   * when the lease does, by this node's own clock, also in a node that was paused and does not know
   * yet that it was replaced.
   */
  long certainEpoch();
}
