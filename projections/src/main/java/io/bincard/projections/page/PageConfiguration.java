package io.bincard.projections.page;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The page of live stock. */
@Configuration(proxyBeanMethods = false)
public class PageConfiguration {

  @Bean
  StockPageController stockPageController() {
    return new StockPageController();
  }
}
