package io.bincard.reconciliation.report;

import io.bincard.reconciliation.books.BooksTable;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.sweep.RunTable;
import io.bincard.reconciliation.sweep.Sweeps;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who tells of reconciliation, and takes what is asked of it. */
@Configuration(proxyBeanMethods = false)
public class ReportConfiguration {

  @Bean
  ReconciliationController reconciliationController(
      Sweeps sweeps, RunTable runs, BooksTable books, RepairLog log, Fuse fuse) {
    return new ReconciliationController(sweeps, runs, books, log, fuse);
  }

  @Bean
  ReconciliationProblemAdvice reconciliationProblemAdvice() {
    return new ReconciliationProblemAdvice();
  }

  /** The routes' description, where the application has an OpenAPI document. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(GlobalOpenApiCustomizer.class)
  static class Document {

    @Bean
    ReconciliationDocument reconciliationDocument() {
      return new ReconciliationDocument();
    }
  }
}
