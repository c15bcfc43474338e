/**
 * The catalog of the ledger: takes what is said of SKUs and tells it again.
 *
 * <p>The rules are in the domain; {@link io.bincard.application.catalog.CatalogDecider} is the
 * shell around them in the writer's thread, {@link io.bincard.application.catalog.JournalCatalog}
 * answers readers out of the journal. Nothing here counts units or makes prices.
 */
@NullMarked
package io.bincard.application.catalog;

import org.jspecify.annotations.NullMarked;
