package io.bincard.domain.stock;

/** The ledger cannot be read now; the question may be asked again. */
public final class LedgerUnavailableException extends RuntimeException {

  public LedgerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
