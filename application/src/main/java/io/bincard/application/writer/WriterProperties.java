package io.bincard.application.writer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The writer's limits.
 *
 * @param maxBatch commands that share one transaction at most
 * @param queueCapacity commands that may wait; one more is refused with 503
 * @param groupQueueWait how long a group of commands waits for room in the queue before it is
 *     refused
 * @param cachedItems stock items whose state is kept in memory; others are read again from the
 *     journal
 * @param knownKeys keys that are remembered to have a receipt, 20 bits each; with more, every key
 *     is looked up in PostgreSQL
 * @param takeoverWait how long to wait for the previous writer of this ledger to let go
 * @param retryFor how long a batch is tried again while PostgreSQL is out of reach before its
 *     senders are told that the outcome is unknown
 * @param cachedBytes how much of the heap those states may take, a quarter if it is not set; the
 *     ledger's memory for readers has the same limits
 * @param snapshotEvery how many events of a stream there are between its opening balances; 0 makes
 *     none
 */
@ConfigurationProperties("bincard.writer")
public record WriterProperties(
    @DefaultValue("1000") int maxBatch,
    @DefaultValue("20000") int queueCapacity,
    @DefaultValue("10s") Duration groupQueueWait,
    @DefaultValue("1000000") int cachedItems,
    @DefaultValue("20000000") long knownKeys,
    @DefaultValue("10s") Duration takeoverWait,
    @DefaultValue("5s") Duration retryFor,
    @Nullable DataSize cachedBytes,
    @DefaultValue("100") int snapshotEvery) {

  private static final int LARGEST_PART_OF_THE_HEAP = 4;
  private static final int MOST_EVENTS = 1_000_000;

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public WriterProperties {
    if (cachedItems < 1) {
      throw new IllegalArgumentException("bincard.writer.cached-items must be at least 1");
    }
    if (cachedBytes != null && cachedBytes.compareTo(DataSize.ofMegabytes(1)) < 0) {
      throw new IllegalArgumentException("bincard.writer.cached-bytes must be at least 1MB");
    }
    if (snapshotEvery < 0 || snapshotEvery > MOST_EVENTS) {
      throw new IllegalArgumentException(
          "bincard.writer.snapshot-every must be 0 to " + MOST_EVENTS);
    }
  }

  /** How many states stay in memory. */
  public LiveStates.Limits liveStates() {
    return new LiveStates.Limits(
        cachedItems,
        cachedBytes == null
            ? Runtime.getRuntime().maxMemory() / LARGEST_PART_OF_THE_HEAP
            : cachedBytes.toBytes());
  }
}
