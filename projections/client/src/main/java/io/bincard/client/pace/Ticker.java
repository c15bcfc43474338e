package io.bincard.client.pace;

/** Time that only goes forward. */
public interface Ticker {

  /** The time of this machine. */
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since whenever. */
  long nanos();

  /**
   * Has {@code wake} called when time has jumped. The time of a machine does not jump; that of a
   * test does.
   */
  default void onJump(Runnable wake) {}
}
