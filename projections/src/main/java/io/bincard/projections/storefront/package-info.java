/**
 * The questions that storefronts ask about stock, over HTTP.
 *
 * <p>{@link io.bincard.projections.storefront.Availabilities} is the question; it is answered from
 * the views and, where they cannot answer, from the ledger, and every answer tells which. A
 * controller here checks parameters and nothing else; nothing here writes.
 */
@NullMarked
package io.bincard.projections.storefront;

import org.jspecify.annotations.NullMarked;
