package io.bincard.projections.catalog;

import io.bincard.domain.catalog.Catalog;
import io.bincard.domain.stock.StockItems;
import io.bincard.domain.stock.StockLocations;
import io.bincard.projections.filling.View;
import io.bincard.projections.reading.ListsProperties;
import io.bincard.projections.reading.SetWalk;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Availabilities;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who answers what SKUs are called and where they are stocked. */
@Configuration(proxyBeanMethods = false)
public class CatalogConfiguration {

  @Bean
  View skuView() {
    return CatalogFold.view();
  }

  @Bean
  Skus skus(
      ViewLooks looks,
      Availabilities availabilities,
      StockItems items,
      StockLocations locations,
      Catalog catalog) {
    return new Skus(looks, availabilities, items, locations, catalog);
  }

  @Bean
  SkuController skuController(
      Skus skus,
      ViewLooks looks,
      SetWalk sets,
      Availabilities availabilities,
      ListsProperties limits) {
    return new SkuController(skus, new SkuSearch(looks, sets, availabilities), limits.maxPage());
  }
}
