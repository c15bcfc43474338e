package io.bincard.benchmarks.load;

/** Where work goes. */
@FunctionalInterface
public interface Sink {

  /**
   * Sends piece {@code number} and returns; {@code done} is told once, by any thread, when the
   * answer came: after the flush, where the sink is durable.
   */
  void send(long number, Done done);

  /** Learns how one piece of work ended. */
  @FunctionalInterface
  interface Done {
    void with(boolean succeeded);
  }
}
