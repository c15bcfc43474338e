package io.bincard.projections.push.hub;

import java.time.Duration;

/**
 * The times and bounds of a hub.
 *
 * @param flushInterval the least time from one flush to the next
 * @param heartbeat after so much silence a client is told that its connection is alive, and where
 *     clients have something to say, one is probed
 * @param slowAfter a write that has waited for so long is a stall
 * @param stalledAfter a connection whose write has waited for so long is as good as dead
 * @param cutAfter a connection whose write has waited for so long is cut
 * @param resumeWait how long this node may take to hear of the position that a client names
 * @param forgetAfter how long an item is folded on when nobody watches it any more
 * @param rememberedItems items whose last change is remembered for clients that come back
 */
public record HubLimits(
    Duration flushInterval,
    Duration heartbeat,
    Duration slowAfter,
    Duration stalledAfter,
    Duration cutAfter,
    Duration resumeWait,
    Duration forgetAfter,
    int rememberedItems) {}
