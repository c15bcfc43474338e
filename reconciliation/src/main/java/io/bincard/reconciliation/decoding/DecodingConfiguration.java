package io.bincard.reconciliation.decoding;

import io.bincard.domain.LedgerHistory;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who has PostgreSQL's logical decoding watch the journal. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("bincard.reconciliation.decoding.enabled")
@EnableConfigurationProperties(DecodingProperties.class)
public class DecodingConfiguration {

  @Bean
  FeedWitness feedWitness(
      @Value("${spring.datasource.url}") String url,
      @Value("${bincard.ledger:main}") String ledger,
      DecodingProperties settings,
      DataSource dataSource,
      LedgerHistory history,
      Expectations expectations,
      ObjectProvider<StoredViews> views,
      MeterRegistry registry) {
    return new FeedWitness(
        new FeedWitness.Place(url, ledger),
        settings,
        new DecodingNeeds(dataSource, ledger, settings.user()),
        history,
        expectations,
        () -> position(views.getIfAvailable()),
        new FeedMetrics(registry));
  }

  private static long position(@Nullable StoredViews views) {
    if (views == null) {
      throw new ViewsUnreadableException("there are no views");
    }
    return views.mark().position();
  }
}
