/**
 * How reconciliation follows the journal: an Axon processor of its own, whose messages say only how
 * far the journal goes.
 *
 * <p>What is there is then read from PostgreSQL, a range at a time, and never from what this
 * process remembers of its own commits: what the views are filled from would tell both the same
 * wrong thing. State, position and token move in one transaction.
 */
@NullMarked
package io.bincard.reconciliation.feed;

import org.jspecify.annotations.NullMarked;
