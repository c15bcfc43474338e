package io.bincard.projections.reading;

import io.bincard.domain.stock.StockItems;
import io.bincard.projections.storefront.QueriesProperties;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.viewstore.ViewStore;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How views are looked at. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ListsProperties.class)
public class ReadingConfiguration {

  @Bean
  ViewLooks viewLooks(
      ViewStore store,
      ViewStatus status,
      StockItems ledger,
      InstantSource clock,
      QueriesProperties queries) {
    return new ViewLooks(
        store, status, ledger, clock, queries.minPositionWait(), queries.pollInterval());
  }

  @Bean
  SetWalk setWalk(ViewLooks looks, ListsProperties limits) {
    return new SetWalk(looks, limits.maxLookedAt());
  }
}
