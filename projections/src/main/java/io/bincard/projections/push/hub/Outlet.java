package io.bincard.projections.push.hub;

/**
 * The way out to one client. It never waits: what the network does not take stays with it, and it
 * is not ready until that is gone. All methods are called by the hub's thread.
 */
public interface Outlet {

  /**
   * Whether it takes another frame. Where it does not, it has {@link HubLoop#execute} run {@link
   * StockHub#writable} as soon as it does.
   */
  boolean isReady();

  /**
   * Takes {@code frame}, which leaves with {@link #flush} at the latest. The last frame of a
   * connection it takes even if it is not ready.
   */
  void give(Frame frame);

  /** Hands everything that was given to the network; returns the bytes. */
  long flush();

  /** Whether clients have something to say on it, so that their silence means something. */
  boolean clientsSpeak();

  /**
   * Asks the client, which was silent, whether it is there; {@link StockHub#answeredProbe} tells.
   */
  void probe();

  /** Closes when what was given has left, or at once if {@code atOnce}. */
  void close(boolean atOnce);
}
