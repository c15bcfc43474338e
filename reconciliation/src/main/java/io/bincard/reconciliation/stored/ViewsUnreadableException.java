package io.bincard.reconciliation.stored;

/** The views cannot be read or put right now; they may be asked again. */
public final class ViewsUnreadableException extends RuntimeException {

  public ViewsUnreadableException(String message) {
    super(message);
  }

  public ViewsUnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
