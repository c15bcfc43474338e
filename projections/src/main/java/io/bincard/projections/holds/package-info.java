/**
 * The view of holds by the order that they are for: the ledger has no index that could tell.
 *
 * <p>{@link io.bincard.projections.holds.HoldFold} makes the rows, with the domain's own {@code
 * evolve}; {@link io.bincard.projections.holds.OrderHolds} is the question. Rows of holds whose
 * time was over long ago are forgotten, and answers say since when they are whole.
 */
@NullMarked
package io.bincard.projections.holds;

import org.jspecify.annotations.NullMarked;
