/**
 * The journal: the append-only record of everything that happened, in PostgreSQL, and Axon's view
 * of it.
 *
 * <p>{@link io.bincard.application.journal.Journal} is the only class that writes the journal's
 * tables; the writer calls it once a batch. Readers come through Axon's event store. What an event
 * means, and which command caused it, is no concern of this package.
 */
@NullMarked
package io.bincard.application.journal;

import org.jspecify.annotations.NullMarked;
