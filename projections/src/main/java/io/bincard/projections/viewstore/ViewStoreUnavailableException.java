package io.bincard.projections.viewstore;

/**
 * Redis did not answer in time or answered with an error; the views can neither be read nor written
 * now.
 */
public final class ViewStoreUnavailableException extends RuntimeException {

  public ViewStoreUnavailableException(String message) {
    super(message);
  }

  public ViewStoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
