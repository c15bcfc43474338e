package io.bincard.client;

/**
 * Is told what there is of the items that a subscription follows.
 *
 * <p>All calls of one subscription come from its one thread, one after the other. A listener may
 * take its time: the connection is read on meanwhile, and of each item only the last value is kept
 * for it. What it throws is logged and counted, and changes nothing.
 */
@FunctionalInterface
public interface StockListener {

  /**
   * What there is of an item: first as it is, then after each change.
   *
   * <p>Between two calls of {@link #resynced}, the version of an item never goes back.
   */
  void level(StockLevel level);

  /** The ledger does not know the item, so far: it is not known that there is none of it. */
  default void unknown(String sku) {}

  /**
   * Everything that was told is to be dropped; it is told anew.
   *
   * @param reason one word, for logs
   */
  default void resynced(String reason) {}

  /** How far what was told can be trusted from now on. */
  default void state(Subscription.State state) {}

  /** The connection told what cannot be; {@link #resynced} follows, and another connection. */
  default void gap(Gap gap, String detail) {}

  /**
   * The server does not take the question, and no other attempt would change that; {@link
   * Subscription.State#CLOSED} follows.
   *
   * @param detail the server's words
   */
  default void refused(int status, String detail) {}
}
