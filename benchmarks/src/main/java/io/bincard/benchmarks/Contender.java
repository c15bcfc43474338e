package io.bincard.benchmarks;

import io.bincard.benchmarks.load.Sample;
import java.time.Duration;

/** Runs one round of a row of the table and holds it against what was stored. */
@FunctionalInterface
interface Contender {

  /**
   * One round of about {@code time}.
   *
   * @throws IllegalStateException if what is stored is not what was answered
   */
  Sample round(Duration time) throws Exception;
}
