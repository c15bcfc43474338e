package io.bincard.application.timers;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The ledger's time, and its timers.
 *
 * @param lookEvery how often a timer that waits looks at the clock and at who leads, at least
 * @param failuresToOpen failures in a row after which a timer no longer keeps to its own times
 * @param firstPause the pause after the first failure; each further one doubles it
 * @param longestPause the longest such pause
 * @param clockTolerance how far this machine's clock may be ahead of PostgreSQL's when the node
 *     takes the ledger over
 */
@ConfigurationProperties("bincard.timers")
public record TimerProperties(
    @DefaultValue("1s") Duration lookEvery,
    @DefaultValue("5") int failuresToOpen,
    @DefaultValue("1s") Duration firstPause,
    @DefaultValue("5m") Duration longestPause,
    @DefaultValue("2s") Duration clockTolerance) {

  private static final int MOST_FAILURES = 1_000;

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public TimerProperties {
    between("look-every", lookEvery, Duration.ofMillis(10), Duration.ofMinutes(1));
    between("first-pause", firstPause, Duration.ofMillis(10), Duration.ofHours(1));
    between("longest-pause", longestPause, firstPause, Duration.ofDays(1));
    between("clock-tolerance", clockTolerance, Duration.ZERO, Duration.ofHours(1));
    if (failuresToOpen < 1 || failuresToOpen > MOST_FAILURES) {
      throw new IllegalArgumentException(
          "bincard.timers.failures-to-open must be 1 to " + MOST_FAILURES);
    }
  }

  private static void between(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "bincard.timers.%s must be %d to %d ms"
              .formatted(key, least.toMillis(), most.toMillis()));
    }
  }
}
