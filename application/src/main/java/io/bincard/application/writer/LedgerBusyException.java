package io.bincard.application.writer;

/** The writer's queue is full; nothing was done, and the command may be sent again in a moment. */
public final class LedgerBusyException extends RuntimeException {

  /**
   * @param message what the leader said
   */
  public LedgerBusyException(String message) {
    super(message);
  }

  LedgerBusyException(int queuedLines) {
    super("the writer's queue is full with " + queuedLines + " commands");
  }
}
