/**
 * How a projection follows the journal: many events at a time, and no more of them in memory than
 * it can take.
 */
@NullMarked
package io.bincard.projections.journal;

import org.jspecify.annotations.NullMarked;
