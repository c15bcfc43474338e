package io.bincard.projections.push;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.push.admission.Admission;
import io.bincard.projections.push.admission.RedirectTokens;
import io.bincard.projections.push.admission.Refusal;
import io.bincard.projections.push.hub.PushCounts;
import io.bincard.projections.push.hub.ResyncReason;
import io.bincard.projections.push.hub.StockHub;
import io.bincard.projections.push.hub.StreamEnd;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** What pushing tells of itself to a monitor. */
final class PushMetrics implements MeterBinder {

  private static final String REASON = "reason";

  private final PushCounts counts;
  private final Admission admission;
  private final RedirectTokens tokens;
  private final StockHub hub;
  private final StockItems ledger;

  PushMetrics(
      PushCounts counts,
      Admission admission,
      RedirectTokens tokens,
      StockHub hub,
      StockItems ledger) {
    this.counts = counts;
    this.admission = admission;
    this.tokens = tokens;
    this.hub = hub;
    this.ledger = ledger;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("bincard.push.connections", admission, Admission::taken)
        .description("Connections for live stock")
        .register(registry);
    Gauge.builder("bincard.push.lag.events", this, PushMetrics::lag)
        .description("Events that this node knows of and has not pushed yet")
        .register(registry);
    counter(registry, "frames", "Frames that were sent", PushCounts::frames);
    counter(registry, "bytes", "Bytes that were sent", PushCounts::bytes);
    counter(
        registry,
        "conflated",
        "Changes that were not sent, for the next one of the item came before the flush",
        PushCounts::conflated);
    counter(registry, "stalls", "Writes that a client let wait for too long", PushCounts::stalls);
    for (ResyncReason reason : ResyncReason.values()) {
      FunctionCounter.builder("bincard.push.resyncs", counts, each -> each.resyncs(reason))
          .tag(REASON, reason.word())
          .description("Times that a client was told to drop what it knows")
          .register(registry);
    }
    for (StreamEnd end : StreamEnd.values()) {
      FunctionCounter.builder("bincard.push.ends", counts, each -> each.ends(end))
          .tag(REASON, end.word())
          .description("Connections that ended")
          .register(registry);
    }
    for (Refusal refusal : Refusal.values()) {
      FunctionCounter.builder("bincard.push.refused", admission, each -> each.refused(refusal))
          .tag(REASON, refusal.word())
          .description("Connections that were not taken")
          .register(registry);
    }
    FunctionCounter.builder("bincard.push.moved", admission, Admission::moved)
        .description("Connections that another node sent here")
        .register(registry);
    FunctionCounter.builder("bincard.push.tokens.unaccepted", tokens, RedirectTokens::unaccepted)
        .description("Redirect tokens that were shown and not taken")
        .register(registry);
    Timer flushes =
        Timer.builder("bincard.push.flush")
            .description("Time to hand what is due to all connections")
            .register(registry);
    counts.tellFlushes(nanos -> flushes.record(Duration.ofNanos(nanos)));
    DistributionSummary health =
        DistributionSummary.builder("bincard.push.health")
            .description("How well connections do, 0 to 100, each asked every ten seconds")
            .serviceLevelObjectives(1, 25, 50, 75, 99)
            .register(registry);
    counts.tellHealth(health::record);
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToDoubleFunction<PushCounts> value) {
    FunctionCounter.builder("bincard.push." + name, counts, value)
        .description(description)
        .register(registry);
  }

  private double lag() {
    try {
      return Math.max(0, ledger.headPosition() - hub.position());
    } catch (LedgerUnavailableException e) {
      return Double.NaN;
    }
  }
}
