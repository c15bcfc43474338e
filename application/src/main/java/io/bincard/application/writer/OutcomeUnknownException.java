package io.bincard.application.writer;

/**
 * The ledger was out of reach while the command ran: it may have happened or not. The same key
 * tells, once it is back.
 */
public final class OutcomeUnknownException extends RuntimeException {

  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
