package io.bincard.application.writer;

import org.jspecify.annotations.Nullable;

/**
 * The ledger was out of reach while the command ran: it may have happened or not. The same key
 * tells, once it is back.
 */
public final class OutcomeUnknownException extends RuntimeException {

  public OutcomeUnknownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
