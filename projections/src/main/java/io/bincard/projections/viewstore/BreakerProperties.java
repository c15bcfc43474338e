package io.bincard.projections.viewstore;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.queries.breaker.*}: when readers leave the view store alone.
 *
 * @param window {@code window}: the last reads that are looked at
 * @param leastCalls {@code least-calls}: reads before anything is concluded from them
 * @param failurePercent {@code failure-percent}: failed ones among them that open the breaker
 * @param slowAfter {@code slow-after}: a read that takes longer is slow
 * @param slowPercent {@code slow-percent}: slow ones among them that open the breaker
 * @param trialCalls {@code trial-calls}: reads that try the store after a pause
 * @param firstPause {@code first-pause}: how long nobody asks, the first time; each trial that goes
 *     wrong doubles it
 * @param longestPause {@code longest-pause}: the longest such pause, before the chance in it
 */
@ConfigurationProperties("bincard.queries.breaker")
public record BreakerProperties(
    @DefaultValue("100") int window,
    @DefaultValue("20") int leastCalls,
    @DefaultValue("50") int failurePercent,
    @DefaultValue("100ms") Duration slowAfter,
    @DefaultValue("80") int slowPercent,
    @DefaultValue("5") int trialCalls,
    @DefaultValue("500ms") Duration firstPause,
    @DefaultValue("10s") Duration longestPause) {

  private static final int MOST_CALLS = 10_000;
  private static final int ALL = 100;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public BreakerProperties {
    between("window", window, 1, MOST_CALLS);
    between("least-calls", leastCalls, 1, window);
    between("failure-percent", failurePercent, 1, ALL);
    between("slow-percent", slowPercent, 1, ALL);
    between("trial-calls", trialCalls, 1, MOST_CALLS);
    between("slow-after", slowAfter, LONGEST);
    between("first-pause", firstPause, longestPause);
    between("longest-pause", longestPause, LONGEST);
  }

  private static void between(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.queries.breaker.%s must be %d to %d".formatted(key, least, most));
    }
  }

  private static void between(String key, Duration value, Duration most) {
    if (value.toMillis() < 1 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "bincard.queries.breaker.%s must be 1 to %d ms".formatted(key, most.toMillis()));
    }
  }
}
