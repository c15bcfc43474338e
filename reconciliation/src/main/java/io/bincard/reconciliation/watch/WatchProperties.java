package io.bincard.reconciliation.watch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.reconciliation.watch.*}: what the node that folds compares all the time.
 *
 * @param every {@code every}: from the beginning of one pass over all rows to that of the next; 0
 *     for no passes
 * @param maxRate {@code max-rate}: keys a second that a pass reads at most; 0 for no limit
 * @param queue {@code queue}: changed rows that may wait to be compared; beyond, those that waited
 *     longest are left to the next pass
 * @param pause {@code pause}: how long nothing is compared after the views or PostgreSQL could not
 *     be read
 */
@ConfigurationProperties("bincard.reconciliation.watch")
public record WatchProperties(
    @DefaultValue("1m") Duration every,
    @DefaultValue("20000") int maxRate,
    @DefaultValue("100000") int queue,
    @DefaultValue("1s") Duration pause) {

  public WatchProperties {
    between("every", every.toMillis(), 0, Duration.ofDays(1).toMillis());
    between("max-rate", maxRate, 0, 100_000_000);
    between("queue", queue, 1, 10_000_000);
    between("pause", pause.toMillis(), 1, Duration.ofMinutes(1).toMillis());
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.reconciliation.watch.%s must be %d to %d; times are milliseconds"
              .formatted(key, least, most));
    }
  }
}
