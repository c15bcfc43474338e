package io.bincard.application.timers;

import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code GET /actuator/timers}: how it stands with every timer of this node. */
@Endpoint(id = "timers")
public final class TimersEndpoint {

  private final Timers timers;

  public TimersEndpoint(Timers timers) {
    this.timers = timers;
  }

  /** What is answered. */
  public record Answer(List<Timer.Status> timers) {}

  @ReadOperation
  public Answer all() {
    return new Answer(timers.status());
  }
}
