package io.bincard.projections.push.hub;

import java.util.Locale;

/** How a connection came to its end. */
public enum StreamEnd {
  /** The client closed it. */
  CLIENT,
  /** The network or the client broke it off. */
  RESET,
  /** Cut: the client did not read for too long. */
  TOO_SLOW,
  /** Cut: the client did not answer for too long. */
  SILENT,
  /** Sent on to another node, for this one goes down. */
  DRAINED;

  /** As metrics are told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
