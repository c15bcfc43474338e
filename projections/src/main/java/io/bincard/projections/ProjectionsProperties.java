package io.bincard.projections;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.projections.*}: how the views are filled and looked after. The address of Redis is
 * {@code spring.data.redis.url}.
 *
 * @param batchSize {@code batch-size}: events that are written to the views at once at most
 * @param pace {@code pace}: the least time from one batch to the next, in which events gather
 * @param cachedItems {@code cached-items}: states that the projection remembers at most, some 200
 *     bytes each and 100 more for each hold that is open on the item
 * @param watchInterval {@code watch-interval}: how often the view store is looked at; a lost one is
 *     noticed this late
 * @param stallLimit {@code stall-limit}: how long the views may lack events without moving before
 *     their processor is started anew; also how often a rebuild tells of its progress
 * @param claimInterval {@code claim-interval}: how often a node tries to take the views over from
 *     one that is gone, and how often the one that fills them says that it is there
 * @param redisTimeout {@code redis-timeout}: how long Redis may take to accept a connection, to
 *     answer, and to have a connection free, each
 * @param redisConnections {@code redis-connections}: connections to Redis at most
 */
@ConfigurationProperties("bincard.projections")
public record ProjectionsProperties(
    @DefaultValue("1000") int batchSize,
    @DefaultValue("10ms") Duration pace,
    @DefaultValue("100000") int cachedItems,
    @DefaultValue("500ms") Duration watchInterval,
    @DefaultValue("5s") Duration stallLimit,
    @DefaultValue("1s") Duration claimInterval,
    @DefaultValue("500ms") Duration redisTimeout,
    @DefaultValue("64") int redisConnections) {

  public ProjectionsProperties {
    atLeastOne("batch-size", batchSize);
    atLeastOne("pace", pace.toMillis());
    atLeastOne("cached-items", cachedItems);
    atLeastOne("watch-interval", watchInterval.toMillis());
    atLeastOne("stall-limit", stallLimit.toMillis());
    atLeastOne("claim-interval", claimInterval.toMillis());
    atLeastOne("redis-timeout", redisTimeout.toMillis());
    atLeastOne("redis-connections", redisConnections);
  }

  private static void atLeastOne(String key, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "bincard.projections." + key + " must be at least 1 or 1ms");
    }
  }
}
