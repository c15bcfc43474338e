/**
 * The view of SKUs: what they are called, where they are stocked, and lists of them by name,
 * category and status.
 *
 * <p>{@link io.bincard.projections.catalog.CatalogFold} makes the rows. {@link
 * io.bincard.projections.catalog.Skus} answers of them and, where it can, of the ledger; sums over
 * locations are made at the read, for promises lapse without an event. {@link
 * io.bincard.projections.catalog.SkuSearch} can be answered by views alone.
 */
@NullMarked
package io.bincard.projections.catalog;

import org.jspecify.annotations.NullMarked;
