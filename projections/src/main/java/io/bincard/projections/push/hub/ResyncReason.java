package io.bincard.projections.push.hub;

import java.util.Locale;

/** Why a client is told to drop what it knows. */
public enum ResyncReason {
  /** It was away for longer than this node remembers changes. */
  TOO_OLD,
  /** It names a position that the ledger has not, or not in time. */
  UNKNOWN_POSITION,
  /** Events of an item were missed or cannot be read. */
  GAP,
  /** It did not read for too long. */
  TOO_SLOW;

  /** As clients and metrics are told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
