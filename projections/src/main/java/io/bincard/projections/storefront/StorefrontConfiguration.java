package io.bincard.projections.storefront;

import io.bincard.domain.stock.StockItems;
import io.bincard.projections.reading.QueriesProperties;
import io.bincard.projections.reading.ViewLooks;
import java.time.InstantSource;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who answers storefronts: the views first, the ledger behind them. */
@Configuration(proxyBeanMethods = false)
public class StorefrontConfiguration {

  @Bean
  ReadCounts readCounts() {
    return new ReadCounts();
  }

  @Bean
  Availabilities availabilities(
      ViewLooks looks,
      StockItems ledger,
      ReadCounts counts,
      InstantSource clock,
      QueriesProperties properties) {
    return new RememberedAvailabilities(
        new RedisAvailabilities(
            looks, ledger, new LedgerAvailabilities(ledger, counts, clock), counts),
        counts,
        clock,
        properties.rememberedItems(),
        properties.rememberedFor());
  }

  @Bean
  AvailabilityController availabilityController(
      Availabilities availabilities, QueriesProperties properties) {
    return new AvailabilityController(availabilities, properties.maxSkus());
  }

  @Bean
  StorefrontProblemAdvice storefrontProblemAdvice() {
    return new StorefrontProblemAdvice();
  }

  /** The routes' description, where the application has an OpenAPI document. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(GlobalOpenApiCustomizer.class)
  static class Document {

    @Bean
    StorefrontDocument storefrontDocument(QueriesProperties limits) {
      return new StorefrontDocument(limits.maxSkus(), limits.minPositionWait());
    }

    @Bean
    ListsDocument listsDocument() {
      return new ListsDocument();
    }
  }
}
