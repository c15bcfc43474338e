package io.bincard.application.writer;

/** Another node leads the ledger, or none; this one did nothing. */
public final class NotLeadingException extends RuntimeException {

  public NotLeadingException(String message) {
    super(message);
  }
}
