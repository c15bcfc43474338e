/**
 * The view of what can be sold: one row per stock item, folded from the journal.
 *
 * <p>{@link io.bincard.projections.availability.AvailabilityFold} is the only writer of {@link
 * io.bincard.projections.availability.AvailabilityView}. It folds with the domain's own {@code
 * evolve} and asks the ledger where it has lost the thread; it never answers questions and never
 * sends commands.
 */
@NullMarked
package io.bincard.projections.availability;

import org.jspecify.annotations.NullMarked;
