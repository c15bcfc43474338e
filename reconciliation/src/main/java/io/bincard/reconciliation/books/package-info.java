/**
 * The journal held against itself, by SQL alone: positions, sequences, streams, receipts, opening
 * balances, the sums of items, and the lines of orders with what they did to items. The check uses
 * nothing of the ledger's code and changes nothing. As the first phase of a run what came of it is
 * written down and alarmed of; what contradicts itself nobody can repair, so items that are named
 * are frozen if the run applies, and their rows left.
 */
@NullMarked
package io.bincard.reconciliation.books;

import org.jspecify.annotations.NullMarked;
