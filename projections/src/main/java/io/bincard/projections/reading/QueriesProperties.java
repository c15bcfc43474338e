package io.bincard.projections.reading;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.queries.*}: the limits of questions.
 *
 * @param minPositionWait {@code min-position-wait}: how long a read waits for the views to reach
 *     the {@code minPosition} that it asks for
 * @param pollInterval {@code poll-interval}: how often a waiting read looks at Redis for itself
 * @param maxSkus {@code max-skus}: different SKUs that one question may name
 * @param rememberedItems {@code remembered-items}: last answers that are kept, to be said again
 *     when neither Redis nor PostgreSQL answers, some 300 bytes each; 0 for none
 * @param rememberedFor {@code remembered-for}: how old such an answer may be
 */
@ConfigurationProperties("bincard.queries")
public record QueriesProperties(
    @DefaultValue("250ms") Duration minPositionWait,
    @DefaultValue("20ms") Duration pollInterval,
    @DefaultValue("200") int maxSkus,
    @DefaultValue("10000") int rememberedItems,
    @DefaultValue("10m") Duration rememberedFor) {

  public QueriesProperties {
    if (minPositionWait.isNegative()) {
      throw new IllegalArgumentException("bincard.queries.min-position-wait must not be negative");
    }
    if (pollInterval.toMillis() < 1) {
      throw new IllegalArgumentException("bincard.queries.poll-interval must be at least 1ms");
    }
    if (rememberedItems < 0) {
      throw new IllegalArgumentException("bincard.queries.remembered-items must not be negative");
    }
    if (rememberedFor.isNegative()) {
      throw new IllegalArgumentException("bincard.queries.remembered-for must not be negative");
    }
    if (maxSkus < 1) {
      throw new IllegalArgumentException("bincard.queries.max-skus must be at least 1");
    }
  }
}
