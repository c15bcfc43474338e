package io.bincard.application.writer;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up while the writer runs and its last batch reached the journal, or another node leads. */
public final class WriterHealth implements HealthIndicator {

  private final SingleWriterCommandBus writer;

  public WriterHealth(SingleWriterCommandBus writer) {
    this.writer = writer;
  }

  @Override
  public Health health() {
    return writer.isRunning() && (writer.isFollowing() || writer.reachesTheJournal())
        ? Health.up().withDetail("queuedCommands", writer.queuedCommands()).build()
        : Health.outOfService().withDetail("queuedCommands", writer.queuedCommands()).build();
  }
}
