package io.bincard.projections.rebuild;

/** A generation cannot be made live: it is not what the journal says. */
final class RebuildFailedException extends RuntimeException {

  RebuildFailedException(String message) {
    super(message);
  }
}
