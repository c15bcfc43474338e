/**
 * Several nodes on one ledger: who leads, by a lease in PostgreSQL; how the others learn of it and
 * of every commit; how they send commands on. Knows the writer and the journal, and of HTTP only
 * the one request from node to node. What a command means is none of its business.
 *
 * <p>Nothing here keeps a replaced leader from writing: the epoch that every commit checks does.
 */
@NullMarked
package io.bincard.application.cluster;

import org.jspecify.annotations.NullMarked;
