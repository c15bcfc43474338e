package io.bincard.reconciliation.sweep;

import io.bincard.domain.CommandLoad;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.register.Canaries;
import io.bincard.domain.stock.StockFreezes;
import io.bincard.domain.stock.StockItems;
import io.bincard.reconciliation.books.BooksConfiguration;
import io.bincard.reconciliation.books.BooksPhase;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.Repairs;
import io.bincard.reconciliation.stored.StoredViews;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Who compares all rows, and who puts them right. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SweepProperties.class)
@Import(BooksConfiguration.class)
public class SweepConfiguration {

  @Bean
  StoredViews storedViews(
      @Value("${spring.data.redis.url:redis://localhost:6379}") String url,
      @Value("${bincard.projections.redis-timeout:500ms}") Duration timeout,
      SweepProperties limits) {
    return new StoredViews(url, timeout, limits.redisConnections(), limits.snapshotPatience());
  }

  @Bean
  RunTable reconciliationRuns(DataSource dataSource) {
    return new RunTable(dataSource);
  }

  @Bean
  RepairLog repairLog(DataSource dataSource) {
    return new RepairLog(dataSource);
  }

  @Bean
  Fuse reconciliationFuse(DataSource dataSource, Canaries canaries) {
    return new Fuse(dataSource, canaries);
  }

  @Bean
  Repairs viewRepairs(StoredViews views, RepairLog log, StockItems ledger, StockFreezes freezes) {
    return new Repairs(views, log, ledger, freezes);
  }

  @Bean
  SweepMetrics sweepMetrics(MeterRegistry registry) {
    return new SweepMetrics(registry);
  }

  @Bean
  ProvenRows provenRows(SweepProperties limits) {
    return new ProvenRows(limits.maxKeys());
  }

  @Bean
  Looks looks(
      StoredViews views,
      Expectations expectations,
      LedgerHistory history,
      InstantSource clock,
      SweepProperties limits) {
    return new Looks(views, expectations, history, clock, limits.looks(), limits.lookPause());
  }

  @Bean
  Sweeps sweeps(
      StoredViews views,
      Expectations expectations,
      BooksPhase books,
      Repairs repairs,
      RepairLog log,
      Fuse fuse,
      RunTable table,
      ProvenRows proven,
      Looks looks,
      SweepMetrics metrics,
      CommandLoad load,
      InstantSource clock,
      SweepProperties limits) {
    return new Sweeps(
        new Sweep.Tools(
            views,
            expectations,
            proven,
            looks,
            books,
            repairs,
            fuse,
            limits.throttle(load, limits.maxRate()),
            metrics,
            table,
            clock,
            limits),
        log);
  }
}
