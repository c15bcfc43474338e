package io.bincard.projections.rebuild;

/** What was asked for cannot be begun now. */
public final class RefusedException extends RuntimeException {

  RefusedException(String message) {
    super(message);
  }
}
