/**
 * What keeps the view store filled: it notices that Redis is away, emptied, swapped or behind, and
 * makes good.
 *
 * <p>{@link io.bincard.projections.upkeep.ViewStoreWatcher} is the one that acts, {@link
 * io.bincard.projections.upkeep.ViewStatus} tells everybody else what it found. Nothing here knows
 * what a view contains.
 */
@NullMarked
package io.bincard.projections.upkeep;

import org.jspecify.annotations.NullMarked;
