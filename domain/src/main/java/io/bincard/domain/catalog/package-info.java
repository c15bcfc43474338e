/**
 * What SKUs are called: the ledger's own words about what is sold, whether or not any of it lies
 * anywhere.
 *
 * <p>{@link io.bincard.domain.catalog.DescribedSku} decides and folds, one a SKU. Stock knows
 * nothing of it, and no unit moves by it; a price is made by pricing, from the list price that
 * stands here or from the one that an order brings.
 */
@NullMarked
package io.bincard.domain.catalog;

import org.jspecify.annotations.NullMarked;
