package io.bincard.projections.push.admission;

import java.util.Locale;

/** Why a connection was not taken. */
public enum Refusal {
  /** The client has as many as one may have. */
  CLIENT_LIMIT,
  /** The node has as many as it takes. */
  NODE_LIMIT,
  /** The node goes down. */
  STOPPING,
  /** A page of another origin asked. */
  ORIGIN;

  /** As metrics are told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
