/**
 * Opening balances: states of streams, stored now and then so that a stream is read from its last
 * one on and not from its first event. They are made from committed events in the background and
 * are never the truth: one that is missing, of another fold or damaged costs a longer read.
 *
 * <p>What a state is and how it is written comes in as {@link
 * io.bincard.application.snapshots.StreamFold.Rules}; this package knows no stock.
 */
@NullMarked
package io.bincard.application.snapshots;

import org.jspecify.annotations.NullMarked;
