package io.bincard.domain.hold;

import io.bincard.domain.reservation.HoldId;
import java.util.Optional;

/** What the ledger itself knows of holds: committed facts. Readers ask here when no view can. */
public interface HoldStates {

  /**
   * The hold as of the last commit at the time of the call; empty if it was never placed.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read;
   *     unknown must not be taken for absent
   */
  Optional<Hold> find(HoldId id);
}
