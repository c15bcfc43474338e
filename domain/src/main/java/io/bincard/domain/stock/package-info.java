/**
 * The stock item: one SKU at one location, the unit of consistency of the ledger.
 *
 * <p>{@link io.bincard.domain.stock.StockItem} decides on commands and folds events; the other
 * types are its words. {@link io.bincard.domain.stock.StockItems} is the one way for readers to ask
 * the ledger itself. Holds, discounts and anything that reads a clock or a store stay out.
 */
@NullMarked
package io.bincard.domain.stock;

import org.jspecify.annotations.NullMarked;
