/**
 * How all views are made anew from the journal, beside the ones that are read.
 *
 * <p>A run fills one generation: it reads the ledger's history, folds it in memory and writes only
 * what comes out; {@link io.bincard.projections.rebuild.Rebuilds} begins runs, goes on with those
 * that broke off, and goes back to the generation before. A generation is read by nobody until it
 * is complete and was checked against what was folded and against the ledger's own count; then one
 * pointer moves. Nothing here writes anything but that generation's keys.
 */
@NullMarked
package io.bincard.projections.rebuild;

import org.jspecify.annotations.NullMarked;
