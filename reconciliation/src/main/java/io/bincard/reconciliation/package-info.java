/**
 * The second opinion: a fold of the journal of its own, the comparison with the views, the repair.
 *
 * <p>It reads the journal through Axon's event processors and knows the domain, never the code of
 * the projections: two computations that share code share faults.
 */
@NullMarked
package io.bincard.reconciliation;

import org.jspecify.annotations.NullMarked;
