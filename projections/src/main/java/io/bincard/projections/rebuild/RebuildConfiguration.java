package io.bincard.projections.rebuild;

import io.bincard.domain.LedgerHistory;
import io.bincard.projections.ProjectionsProperties;
import io.bincard.projections.filling.PageGate;
import io.bincard.projections.filling.View;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreWatcher;
import io.bincard.projections.viewstore.ViewStore;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who makes all views anew. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RebuildProperties.class)
public class RebuildConfiguration {

  @Bean
  Rebuilds rebuilds(
      @Value("${bincard.ledger:main}") String ledger,
      ViewStore store,
      LedgerHistory history,
      List<View> views,
      ViewStatus status,
      PageGate gate,
      InstantSource clock,
      ProjectionsProperties projections,
      RebuildProperties limits) {
    return Rebuilds.of(
        ledger, store, history, views, status, gate, clock, projections.batchSize(), limits);
  }

  /** What operators ask, where the application has Actuator. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Endpoint.class)
  static class Operations {

    @Bean
    ViewsEndpoint viewsEndpoint(
        ViewStore store, ViewStatus status, ViewStoreWatcher watcher, Rebuilds rebuilds) {
      return new ViewsEndpoint(store, status, watcher, rebuilds);
    }
  }
}
