package io.bincard.application.tiers;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the journal is laid out in time.
 *
 * @param daysAhead days after today whose partitions are made before they are needed
 */
@ConfigurationProperties("bincard.journal")
public record TierProperties(@DefaultValue("7") int daysAhead) {

  private static final int MOST = 365;

  /**
   * @throws IllegalArgumentException if no day, or more than a year, is to be made ahead
   */
  public TierProperties {
    if (daysAhead < 1 || daysAhead > MOST) {
      throw new IllegalArgumentException(
          "bincard.journal.days-ahead must be between 1 and " + MOST + ", not " + daysAhead);
    }
  }
}
