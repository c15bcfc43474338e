/**
 * What is done about rows that differ: asked of the ledger once more, written down, put right by
 * the store's own gate, written down again. What the ledger and the fold do not agree on is frozen,
 * and where too much differs the fuse stops all repairs until a person resets it.
 */
@NullMarked
package io.bincard.reconciliation.repair;

import org.jspecify.annotations.NullMarked;
