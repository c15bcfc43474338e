package io.bincard.projections.lowstock;

import io.bincard.projections.reading.ListsProperties;
import io.bincard.projections.reading.SetWalk;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Availabilities;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who answers what there is little of. */
@Configuration(proxyBeanMethods = false)
public class LowStockConfiguration {

  @Bean
  LowStockController lowStockController(
      ViewLooks looks, SetWalk sets, Availabilities availabilities, ListsProperties limits) {
    return new LowStockController(new LowStock(looks, sets, availabilities), limits.maxPage());
  }
}
