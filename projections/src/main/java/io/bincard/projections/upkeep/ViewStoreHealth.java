package io.bincard.projections.upkeep;

import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Refused;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.upkeep.ViewStoreState.Unknown;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Out of service while the views are being filled, for then the ledger would carry every read; up
 * otherwise, also without Redis, because a node that answers from the ledger is better than none.
 */
public final class ViewStoreHealth implements HealthIndicator {

  private final ViewStatus status;

  public ViewStoreHealth(ViewStatus status) {
    this.status = status;
  }

  @Override
  public Health health() {
    return switch (status.state()) {
      case Serving(long generation, String epoch) ->
          Health.up()
              .withDetail("views", "serving")
              .withDetail("generation", generation)
              .withDetail("epoch", epoch)
              .withDetail("position", status.position())
              .build();
      case Rebuilding(long position, long target) ->
          Health.outOfService()
              .withDetail("views", "rebuilding")
              .withDetail("position", position)
              .withDetail("target", target)
              .build();
      case Unavailable(String reason) ->
          Health.up().withDetail("views", "unavailable").withDetail("reason", reason).build();
      case Refused(String reason) ->
          Health.up().withDetail("views", "refused").withDetail("reason", reason).build();
      case Unknown _ -> Health.outOfService().withDetail("views", "unknown").build();
    };
  }
}
