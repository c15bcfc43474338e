package io.bincard.reconciliation;

import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.report.ReportConfiguration;
import io.bincard.reconciliation.sweep.SweepConfiguration;
import io.bincard.reconciliation.watch.WatchConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Import;

/** Runs over all rows, wherever something says what the rows must be. */
@AutoConfiguration(afterName = "io.bincard.reconciliation.ReconciliationWiring")
@ConditionalOnBean(Expectations.class)
@Import({SweepConfiguration.class, WatchConfiguration.class, ReportConfiguration.class})
public class SweepWiring {}
