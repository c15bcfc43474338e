package io.bincard.reconciliation.feed;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.reconciliation.fold.*}: how the journal is folded for reconciliation.
 *
 * @param pageSize {@code page-size}: events that are folded in one transaction at most
 * @param pace {@code pace}: the least time from one page to the next, in which events gather
 * @param cachedStates {@code cached-states}: items, promises on them, holds and SKUs that are
 *     remembered at most, some 300 bytes each
 * @param claimInterval {@code claim-interval}: how often a node tries to take the fold over from
 *     one that is gone, and how often the one that folds says that it is there
 */
@ConfigurationProperties("bincard.reconciliation.fold")
public record FoldProperties(
    @DefaultValue("20000") int pageSize,
    @DefaultValue("100ms") Duration pace,
    @DefaultValue("100000") int cachedStates,
    @DefaultValue("1s") Duration claimInterval) {

  public FoldProperties {
    between("page-size", pageSize, 1, 100_000);
    between("pace", pace.toMillis(), 1, 60_000);
    between("cached-states", cachedStates, 1, 10_000_000);
    between("claim-interval", claimInterval.toMillis(), 1, 60_000);
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.reconciliation.fold.%s must be %d to %d; times are milliseconds"
              .formatted(key, least, most));
    }
  }
}
