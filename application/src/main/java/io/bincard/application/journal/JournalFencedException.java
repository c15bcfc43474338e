package io.bincard.application.journal;

/**
 * Another writer has taken the ledger over; this one must not write again before it has taken it
 * back.
 */
public final class JournalFencedException extends RuntimeException {

  public JournalFencedException(String message) {
    super(message);
  }
}
