package io.bincard.application.architecture.bad;

import org.axonframework.modelling.command.AggregateLifecycle;

/** Applies an event though it is no aggregate. */
final class AppliesAnEvent {
  private AppliesAnEvent() {}

  static void apply(Object event) {
    AggregateLifecycle.apply(event);
  }
}
