package io.bincard.reconciliation.watch;

import io.bincard.domain.CommandLoad;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.sweep.Looks;
import io.bincard.reconciliation.sweep.SweepProperties;
import io.bincard.reconciliation.sweep.Sweeps;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who compares all the time. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WatchProperties.class)
public class WatchConfiguration {

  @Bean
  Watch reconciliationWatch(
      StoredViews views,
      Expectations expectations,
      ProvenRows proven,
      Looks looks,
      Sweeps sweeps,
      CommandLoad load,
      MeterRegistry registry,
      InstantSource clock,
      WatchProperties limits,
      SweepProperties sweepLimits) {
    return new Watch(
        views,
        expectations,
        proven,
        looks,
        sweeps,
        sweepLimits.throttle(load, limits.maxRate()),
        new WatchMetrics(registry, clock),
        clock,
        limits,
        sweepLimits.lateAfter());
  }
}
