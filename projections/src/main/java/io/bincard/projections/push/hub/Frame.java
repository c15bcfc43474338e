package io.bincard.projections.push.hub;

import io.bincard.domain.stock.StockItemId;

/** One thing that a client is told; how it is written is the outlet's. */
public sealed interface Frame {

  /** The state of an item that the client knows nothing of. It moves no position. */
  record Snapshot(ItemFrame item) implements Frame {}

  /**
   * The state of an item after a change.
   *
   * @param isLast whether nothing up to its position is still to come, so that it moves the
   *     client's position there; of several that are sent together only the last one does
   */
  record Change(ItemFrame item, boolean isLast) implements Frame {}

  /** The ledger has no such item, so far. */
  record Unknown(StockItemId item) implements Frame {}

  /** What the client knows is to be dropped, its position too. */
  record Resync(ResyncReason reason) implements Frame {}

  /**
   * The client is to come back at once, to another node.
   *
   * @param token a redirect token; empty if none could be made
   */
  record Redirect(String token, long expiresInMillis) implements Frame {}

  /**
   * The connection is alive.
   *
   * @param position all changes up to it have been sent; {@link #NO_POSITION} if that is not known
   */
  record Heartbeat(long position) implements Frame {

    public static final long NO_POSITION = -1;
  }
}
