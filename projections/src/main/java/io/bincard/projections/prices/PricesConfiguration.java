package io.bincard.projections.prices;

import io.bincard.domain.discount.PriceLists;
import io.bincard.projections.catalog.Skus;
import io.bincard.projections.reading.ListsProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Who answers what SKUs cost. */
@Configuration(proxyBeanMethods = false)
public class PricesConfiguration {

  @Bean
  PricesController pricesController(
      Skus skus, PriceLists ledger, RedisConnectionFactory connections, ListsProperties limits) {
    return new PricesController(
        new Prices(skus, ledger, new KeptPrices(connections, limits.priceListLife())));
  }
}
