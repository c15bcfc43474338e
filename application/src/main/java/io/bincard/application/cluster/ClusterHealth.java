package io.bincard.application.cluster;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether this node leads or follows, and whom; up while it knows. */
public final class ClusterHealth implements HealthIndicator {

  private final LeaseWatch watch;
  private final LedgerLease lease;
  private final Leadership leadership;

  public ClusterHealth(LeaseWatch watch, LedgerLease lease, Leadership leadership) {
    this.watch = watch;
    this.lease = lease;
    this.leadership = leadership;
  }

  @Override
  public Health health() {
    Health.Builder health = watch.seesTheLease() ? Health.up() : Health.outOfService();
    Leader leader = leadership.sight().leader();
    health.withDetail("role", lease.isHeld() ? "leader" : "follower");
    if (leader != null) {
      health.withDetail("epoch", leader.epoch());
      if (leader.url() != null) {
        health.withDetail("leader", leader.url().toString());
      }
    }
    return health.build();
  }
}
