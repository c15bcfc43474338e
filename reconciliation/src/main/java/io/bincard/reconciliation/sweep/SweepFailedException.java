package io.bincard.reconciliation.sweep;

/** A run cannot go on, and another try would not help; the message says why to people. */
final class SweepFailedException extends RuntimeException {

  SweepFailedException(String why) {
    super(why);
  }
}
