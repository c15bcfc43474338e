package io.bincard.reconciliation.decoding;

import io.bincard.reconciliation.decoding.FeedDifference.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/** What the witness tells a monitor. Safe for many threads. */
final class FeedMetrics {

  private final Map<Kind, Counter> differences = new EnumMap<>(Kind.class);
  private final MeterRegistry registry;

  FeedMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Kind kind : Kind.values()) {
      differences.put(
          kind,
          Counter.builder("bincard.reconciliation.feed.differs")
              .tag("kind", kind.word())
              .description("Events that the fold's feed and logical decoding do not agree on")
              .register(registry));
    }
  }

  /**
   * @param lag events that decoding has not seen yet; NaN while it is not asked to
   */
  void lag(DoubleSupplier lag) {
    Gauge.builder("bincard.reconciliation.feed.lag.events", lag, DoubleSupplier::getAsDouble)
        .strongReference(true)
        .description("Events that logical decoding has not told of yet")
        .register(registry);
  }

  void differs(FeedDifference difference) {
    Objects.requireNonNull(differences.get(difference.kind()))
        .increment((double) difference.events());
  }
}
