/**
 * Receipts: what every idempotency key was told, kept with the events that it caused.
 *
 * <p>A key that was answered once is answered the same for ever. The writer looks receipts up
 * before it runs a command and hands new ones to the journal, which stores them in the transaction
 * of the events.
 */
@NullMarked
package io.bincard.application.receipts;

import org.jspecify.annotations.NullMarked;
