package io.bincard.application.tiers;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Makes the days to come before the writer needs them, and drops receipts that are older than their
 * tiers: before the writer starts, then every hour.
 *
 * <p>Every node does it, leading or not: what is done is not done twice, and a day that nobody made
 * would cost the writer a moment in the middle of a batch.
 */
public final class TierKeeper implements SmartLifecycle {

  private static final Logger logger = LoggerFactory.getLogger(TierKeeper.class);

  /** Before the writer, which is at 0. */
  private static final int PHASE = -1;

  private static final Duration INTERVAL = Duration.ofHours(1);

  private final DataSource dataSource;
  private final int daysAhead;
  private final Duration keepReceipts;
  private @Nullable ScheduledExecutorService timer;
  private @Nullable ScheduledFuture<?> turns;

  /**
   * @param keepReceipts how long after its day a receipt may still be asked for
   */
  public TierKeeper(DataSource dataSource, int daysAhead, Duration keepReceipts) {
    this.dataSource = dataSource;
    this.daysAhead = daysAhead;
    this.keepReceipts = keepReceipts;
  }

  /** Does now what is due. */
  public void keep() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      LedgerDay today = LedgerDay.of(GenericEventMessage.clock.instant());
      int made = LedgerDays.make(connection, today, daysAhead + 1);
      int dropped = LedgerDays.dropOldReceipts(connection, keepReceipts);
      if (made + dropped > 0) {
        logger
            .atInfo()
            .addKeyValue("partitionsMade", made)
            .addKeyValue("daysOfReceiptsDropped", dropped)
            .log("The tiers have moved on");
      }
    }
  }

  private void keepQuietly() {
    try {
      keep();
    } catch (SQLException | RuntimeException e) { // a timer that throws is never called again
      logger
          .atWarn()
          .addKeyValue("cause", e.getMessage())
          .log("The tiers could not be kept; they are tried again in an hour");
    }
  }

  @Override
  public synchronized void start() {
    keepQuietly();
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-tiers").factory());
    timer = started;
    turns =
        started.scheduleWithFixedDelay(
            this::keepQuietly, INTERVAL.toMinutes(), INTERVAL.toMinutes(), TimeUnit.MINUTES);
  }

  @Override
  public synchronized void stop() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return turns != null && !turns.isDone();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
