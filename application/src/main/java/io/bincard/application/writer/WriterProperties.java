package io.bincard.application.writer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The writer's limits.
 *
 * @param maxBatch commands that share one transaction at most
 * @param queueCapacity commands that may wait; one more is refused with 503
 * @param groupQueueWait how long a group of commands waits for room in the queue before it is
 *     refused
 * @param cachedItems stock items whose state is kept in memory; others are read again from the
 *     journal
 * @param knownKeys keys that are remembered to have a receipt, 12 bits each; with more, every key
 *     is looked up in PostgreSQL
 * @param takeoverWait how long to wait for the previous writer of this ledger to let go
 * @param retryFor how long a batch is tried again while PostgreSQL is out of reach before its
 *     senders are told that the outcome is unknown
 */
@ConfigurationProperties("bincard.writer")
public record WriterProperties(
    @DefaultValue("1000") int maxBatch,
    @DefaultValue("20000") int queueCapacity,
    @DefaultValue("10s") Duration groupQueueWait,
    @DefaultValue("1000000") int cachedItems,
    @DefaultValue("20000000") long knownKeys,
    @DefaultValue("10s") Duration takeoverWait,
    @DefaultValue("5s") Duration retryFor) {}
