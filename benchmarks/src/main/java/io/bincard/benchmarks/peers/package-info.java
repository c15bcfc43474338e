/**
 * What a team would otherwise take, each with its best settings and on the same machine: SQL on the
 * same PostgreSQL, Axon's own engine, Redis that flushes every write, and the same group commit
 * without the ledger around it. Every round is checked here as it is there.
 */
@NullMarked
package io.bincard.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
