/**
 * Who is told what of the journal: one {@link io.bincard.projections.push.hub.StockHub} a node, fed
 * by one thread, {@link io.bincard.projections.push.hub.HubLoop}.
 *
 * <p>Everything here but {@link io.bincard.projections.push.hub.HubLoop#execute} and the counts
 * belongs to that one thread. What goes out, and how, is behind {@link
 * io.bincard.projections.push.hub.Outlet}; nothing here knows of HTTP and nothing waits for a
 * client.
 */
@NullMarked
package io.bincard.projections.push.hub;

import org.jspecify.annotations.NullMarked;
