/**
 * What rows the views must have, by reconciliation's own fold of the journal, kept in tables of its
 * own. It shares no code with the projections, nor the domain's {@code evolve}: two computations
 * that share code share bugs. What it knows of a row is what the row must say, to the byte.
 */
@NullMarked
package io.bincard.reconciliation.expected;

import org.jspecify.annotations.NullMarked;
