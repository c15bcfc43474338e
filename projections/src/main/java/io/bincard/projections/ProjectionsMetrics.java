package io.bincard.projections;

import io.bincard.projections.filling.ViewsProjection;
import io.bincard.projections.storefront.ReadCounts;
import io.bincard.projections.storefront.Source;
import io.bincard.projections.upkeep.ViewStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What the read side tells of itself to a monitor. */
final class ProjectionsMetrics implements MeterBinder {

  private static final String VIEW = "view";

  private final ViewStatus status;
  private final ViewsProjection projection;
  private final ReadCounts reads;

  ProjectionsMetrics(ViewStatus status, ViewsProjection projection, ReadCounts reads) {
    this.status = status;
    this.projection = projection;
    this.reads = reads;
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
