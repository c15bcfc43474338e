package io.bincard.projections.rebuild;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.rebuild.*}: how views are made anew.
 *
 * @param states {@code states}: states in memory at most, 1 to 100,000,000, if a quarter of the
 *     heap has room for them; beyond that they are written and read again
 * @param maxRate {@code max-rate}: events a second at most; 0 for no limit
 * @param checkpoint {@code checkpoint}: how often what was folded is written, so that a run that
 *     breaks off loses no more than that
 * @param progress {@code progress}: how often a run tells of itself in the log, and how soon one
 *     that broke off is taken up again
 * @param silence {@code silence}: how long the node that runs may be silent before another one goes
 *     on
 * @param keepPrevious {@code keep-previous}: how long the generation that was replaced is kept for
 *     going back
 * @param connections {@code connections}: connections to Redis that a run writes and reads by, 1 to
 *     16
 */
@ConfigurationProperties("bincard.rebuild")
public record RebuildProperties(
    @DefaultValue("1000000") int states,
    @DefaultValue("0") int maxRate,
    @DefaultValue("1m") Duration checkpoint,
    @DefaultValue("5s") Duration progress,
    @DefaultValue("10s") Duration silence,
    @DefaultValue("1h") Duration keepPrevious,
    @DefaultValue("2") int connections) {

  private static final int MOST_STATES = 100_000_000;
  private static final int MOST_CONNECTIONS = 16;
  private static final int STATE_BYTES = 256;
  private static final int HEAP_SHARE = 4;

  public RebuildProperties {
    between("states", states, 1, MOST_STATES);
    between("max-rate", maxRate, 0, Integer.MAX_VALUE);
    between("checkpoint", checkpoint.toMillis(), 1, Duration.ofDays(1).toMillis());
    between("progress", progress.toMillis(), 1, Duration.ofHours(1).toMillis());
    between("silence", silence.toMillis(), 1, Duration.ofHours(1).toMillis());
    between("keep-previous", keepPrevious.toMillis(), 0, Duration.ofDays(365).toMillis());
    between("connections", connections, 1, MOST_CONNECTIONS);
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.rebuild." + key + " must be from " + least + " to " + most + " (or ms)");
    }
  }

  /** States that may be in memory at once. */
  int statesInMemory() {
    return (int) Math.min(states, Runtime.getRuntime().maxMemory() / HEAP_SHARE / STATE_BYTES);
  }
}
