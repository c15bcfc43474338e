package io.bincard.reconciliation.books;

import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.Repairs;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who holds the journal against itself. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BooksProperties.class)
public class BooksConfiguration {

  @Bean
  BooksTable reconciliationBooksTable(DataSource dataSource) {
    return new BooksTable(dataSource);
  }

  @Bean
  BooksPhase reconciliationBooks(
      DataSource dataSource,
      InstantSource clock,
      BooksTable table,
      Repairs repairs,
      RepairLog log,
      MeterRegistry registry,
      BooksProperties limits) {
    return new BooksPhase(
        new BooksCheck(dataSource, clock, limits.timeout(), limits.told()),
        table,
        repairs,
        log,
        new BooksMetrics(registry));
  }
}
