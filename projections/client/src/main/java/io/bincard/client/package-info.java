/**
 * Follows the live stock of chosen items: every change once it is committed, across lost
 * connections and nodes that come and go.
 *
 * <p>{@link io.bincard.client.StockClient} is where to begin. It needs nothing but the JDK: {@code
 * wire} reads events and their JSON, {@code pace} says when to wait and for how long. What a
 * listener has been told is never older than what it was told before, unless it is told to drop it.
 */
@NullMarked
package io.bincard.client;

import org.jspecify.annotations.NullMarked;
