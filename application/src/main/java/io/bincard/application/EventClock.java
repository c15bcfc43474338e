package io.bincard.application;

import io.bincard.application.timers.SteadyClock;
import java.time.Clock;
import org.axonframework.eventhandling.GenericEventMessage;

/**
 * Has Axon, and with it the whole ledger, go by a {@link SteadyClock} until this is closed. A clock
 * that somebody else has set stays: it is in the hands of a test.
 */
final class EventClock implements AutoCloseable {

  private final Clock clock;
  private final Clock former;

  private EventClock(SteadyClock clock, Clock former) {
    this.clock = clock;
    this.former = former;
  }

  static EventClock set(SteadyClock clock) {
    Clock former = GenericEventMessage.clock;
    if (former instanceof SteadyClock || former.equals(Clock.systemUTC())) {
      GenericEventMessage.clock = clock;
    }
    return new EventClock(clock, former);
  }

  @Override
  public void close() {
    if (GenericEventMessage.clock.equals(clock)) {
      GenericEventMessage.clock = former;
    }
  }
}
