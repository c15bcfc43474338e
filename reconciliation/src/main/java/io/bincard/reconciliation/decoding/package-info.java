/**
 * A second witness of the journal: PostgreSQL's logical decoding tells of each insert out of the
 * write-ahead log, in the order of the commits, without any query, index or memory of ours.
 *
 * <p>What the fold was given is held against that, position by position, and so is how far the fold
 * and the views are. A fault in the way that the journal is read is found even if everybody who
 * reads it has the same one. Nothing is kept in PostgreSQL: the slot ends with its connection.
 */
@NullMarked
package io.bincard.reconciliation.decoding;

import org.jspecify.annotations.NullMarked;
