package io.bincard.reconciliation.feed;

import io.bincard.domain.LedgerHistory;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.JournalFold;
import io.bincard.reconciliation.expected.PostgresExpectations;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reconciliation's own fold: who keeps it, and who answers from it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FoldProperties.class)
public class FoldConfiguration {

  @Bean
  Expectations expectations(DataSource dataSource) {
    return new PostgresExpectations(dataSource);
  }

  /** The projection itself is no bean, lest Axon register it a second time. */
  @Bean
  ConfigurerModule foldProcessing(
      LedgerHistory history,
      DataSource dataSource,
      ObjectProvider<PageListener> listeners,
      ObjectProvider<FoldInput> inputs,
      FoldProperties limits) {
    List<PageListener> all = listeners.orderedStream().toList();
    LedgerHistory input = history;
    for (FoldInput each : inputs.orderedStream().toList()) {
      input = each.over(input);
    }
    return new FoldProcessing(
        new ExpectedProjection(
            new JournalFold(input, dataSource, limits.cachedStates()), all, limits.pageSize()),
        history,
        limits,
        all);
  }

  /** Metrics, where the application has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {

    @Bean
    MeterBinder foldMetrics(LedgerHistory history, Expectations expectations) {
      return registry ->
          Gauge.builder(
                  "bincard.reconciliation.lag.events",
                  expectations,
                  folded -> history.headPosition() - folded.position())
              .description("Events that reconciliation has not folded yet")
              .register(registry);
    }
  }
}
