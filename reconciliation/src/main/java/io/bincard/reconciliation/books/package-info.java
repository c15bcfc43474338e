/**
 * The journal held against itself, by SQL alone: positions, sequences, streams, receipts, opening
 * balances, and the lines of orders with what they did to items. Nothing of the ledger's code is
 * used, and nothing is changed; what contradicts itself here nobody can repair.
 */
@NullMarked
package io.bincard.reconciliation.books;

import org.jspecify.annotations.NullMarked;
