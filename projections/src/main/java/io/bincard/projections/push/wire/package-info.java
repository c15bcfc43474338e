/**
 * The two ways out: server-sent events and WebSocket.
 *
 * <p>Neither has a thread or a buffer of its own that grows: a write that the network does not take
 * at once is finished when the selector says so, and until then the outlet is not ready. Events
 * take the socket out of Tomcat's hands of HTTP once the head of the answer is sent, as WebSocket
 * does, for an HTTP request that stays open keeps a hundred kilobytes of buffers.
 */
@NullMarked
package io.bincard.projections.push.wire;

import org.jspecify.annotations.NullMarked;
