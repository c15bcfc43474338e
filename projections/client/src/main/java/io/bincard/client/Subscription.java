package io.bincard.client;

/** Items that are followed, until it is closed. */
public interface Subscription extends AutoCloseable {

  /** How far what the listener was told can be trusted, best first. */
  enum State {
    /** Nothing has come yet, or not all of it. */
    CONNECTING,
    /** Everything up to some position has come, and changes come as they happen. */
    CONNECTED,
    /** A heartbeat is late. */
    QUIET,
    /** The connection is lost and another one is sought, or everything is told anew. */
    RECONNECTING,
    /** Nothing has come for so long that what was told may be out of date. */
    STALE,
    /** The end: nothing comes any more. */
    CLOSED
  }

  /**
   * What has happened so far.
   *
   * @param position of the ledger up to which every change has come, 0 if none is known
   * @param connections that were answered
   * @param failures connections that were lost, refused or never made
   * @param redirects connections that a node which went down sent elsewhere
   * @param resyncs how often everything was told anew
   * @param gaps how often a connection told what cannot be
   * @param told calls of the listener with an item
   * @param conflated values that were never told, because a newer one came before the listener was
   *     ready
   * @param late values that were never told, because a connection before had told newer ones
   * @param listenerErrors calls that the listener threw out of
   */
  record Statistics(
      long position,
      long connections,
      long failures,
      long redirects,
      long resyncs,
      long gaps,
      long told,
      long conflated,
      long late,
      long listenerErrors) {}

  State state();

  Statistics statistics();

  /**
   * Ends it, without waiting: a call of the listener that is under way goes on, and {@link
   * State#CLOSED} is the last that it is told.
   */
  @Override
  void close();
}
