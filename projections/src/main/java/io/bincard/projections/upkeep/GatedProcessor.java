package io.bincard.projections.upkeep;

import java.util.function.BooleanSupplier;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;

/**
 * A pooled processor that stays stopped while its gate is closed, so that neither Axon's start nor
 * an operator sets it on a store that cannot take its events.
 */
public final class GatedProcessor extends PooledStreamingEventProcessor {

  private final BooleanSupplier gate;

  /**
   * A processor behind a gate.
   *
   * @param builder the processor as Axon describes it
   * @param gate whether the processor may start now
   */
  public GatedProcessor(Builder builder, BooleanSupplier gate) {
    super(builder);
    this.gate = gate;
  }

  /** Starts if the gate is open, else does nothing. */
  @Override
  public void start() {
    if (gate.getAsBoolean()) {
      super.start();
    }
  }
}
