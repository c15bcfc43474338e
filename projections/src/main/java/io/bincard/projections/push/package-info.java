/**
 * Live stock: what changes is told to whoever listens, by server-sent events or a WebSocket, from
 * every node.
 *
 * <p>{@link io.bincard.projections.push.PushConfiguration} is the table of contents. {@code hub}
 * says what is told to whom, {@code wire} how, {@code admission} who may listen. Nothing here is
 * stored, and Redis is not asked: the journal is followed and the ledger is the truth.
 */
@NullMarked
package io.bincard.projections.push;

import org.jspecify.annotations.NullMarked;
