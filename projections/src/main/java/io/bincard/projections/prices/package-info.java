/**
 * Prices of SKUs by number of units, made by the ledger's pricing of the policy in force and kept
 * in Redis for a moment.
 *
 * <p>{@link io.bincard.projections.prices.KeptPrices} is only a shortcut: what is kept belongs to
 * one version of the policy and one of the description, so that it goes with either, and without
 * Redis prices are made each time.
 */
@NullMarked
package io.bincard.projections.prices;

import org.jspecify.annotations.NullMarked;
