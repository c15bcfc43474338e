package io.bincard.projections.reading;

import io.bincard.domain.stock.StockItems;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.viewstore.BreakerProperties;
import io.bincard.projections.viewstore.ViewReads;
import io.bincard.projections.viewstore.ViewStore;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How views are looked at. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  QueriesProperties.class,
  BreakerProperties.class,
  ListsProperties.class
})
public class ReadingConfiguration {

  @Bean
  ViewReads viewReads(ViewStore store, BreakerProperties limits, InstantSource clock) {
    return new ViewReads(store, limits, clock);
  }

  @Bean
  ViewLooks viewLooks(
      ViewReads views,
      ViewStatus status,
      StockItems ledger,
      InstantSource clock,
      QueriesProperties queries) {
    return new ViewLooks(
        views, status, ledger, clock, queries.minPositionWait(), queries.pollInterval());
  }

  @Bean
  SetWalk setWalk(ViewLooks looks, ListsProperties limits) {
    return new SetWalk(looks, limits.maxLookedAt());
  }
}
