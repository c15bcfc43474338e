package io.bincard.projections;

import io.bincard.projections.filling.ViewsProjection;
import io.bincard.projections.storefront.ReadCounts;
import io.bincard.projections.storefront.Source;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.viewstore.ViewReads;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** What the read side tells of itself to a monitor. */
final class ProjectionsMetrics implements MeterBinder {

  private static final String VIEW = "view";

  private final ViewStatus status;
  private final ViewsProjection projection;
  private final ViewReads views;
  private final ReadCounts reads;
  private final InstantSource clock;

  ProjectionsMetrics(
      ViewStatus status,
      ViewsProjection projection,
      ViewReads views,
      ReadCounts reads,
      InstantSource clock) {
    this.status = status;
    this.projection = projection;
    this.views = views;
    this.reads = reads;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("bincard.view.position", status, ViewStatus::position)
        .tag(VIEW, ViewsProjection.GROUP)
        .description("Journal position that the view has reached")
        .register(registry);
    Gauge.builder("bincard.view.lag.events", status, ViewStatus::lag)
        .tag(VIEW, ViewsProjection.GROUP)
        .description("Events that the view lacked when last looked at")
        .register(registry);
    TimeGauge.builder(
            "bincard.view.lag",
            status,
            TimeUnit.MILLISECONDS,
            known -> known.behindMillis(clock.instant()))
        .tag(VIEW, ViewsProjection.GROUP)
        .description("Time since the view was last seen to lack nothing")
        .register(registry);
    Gauge.builder("bincard.view.store.open", views, ViewReads::letsThrough)
        .description("What the breaker lets through to the view store: 1 all, 0.5 a few, 0 none")
        .register(registry);
    FunctionCounter.builder("bincard.view.store.refused", views, ViewReads::refused)
        .description("Reads of the view store that the breaker did not let through")
        .register(registry);
    FunctionCounter.builder("bincard.view.events.applied", projection, ViewsProjection::applied)
        .tag(VIEW, ViewsProjection.GROUP)
        .description("Events that the projection took, repeated ones included")
        .register(registry);
    for (Source source : Source.values()) {
      FunctionCounter.builder("bincard.reads", reads, counts -> counts.of(source))
          .tag("source", source.word())
          .description("Stock items that storefronts asked for, by who answered")
          .register(registry);
    }
  }
}
