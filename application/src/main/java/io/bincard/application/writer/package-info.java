/**
 * The single writer: one queue, one thread that decides, one that commits, one transaction a batch.
 *
 * <p>{@link io.bincard.application.writer.SingleWriterCommandBus} is Axon's command bus; everything
 * that changes the ledger passes it. It answers a command only after the commit of its batch. What
 * a command means is up to the handlers that subscribe; they answer with a {@link
 * io.bincard.application.writer.Verdict}.
 */
@NullMarked
package io.bincard.application.writer;

import org.jspecify.annotations.NullMarked;
