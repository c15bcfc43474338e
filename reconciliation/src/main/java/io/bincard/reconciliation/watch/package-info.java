/**
 * Compares all the time: each row that an event touched as soon as the views are past it, and all
 * rows again and again by what was proven of them. What differs is given to a run.
 */
@NullMarked
package io.bincard.reconciliation.watch;

import org.jspecify.annotations.NullMarked;
