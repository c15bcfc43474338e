package io.bincard.domain.catalog;

import io.bincard.domain.LedgerCommand;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import org.jspecify.annotations.Nullable;

/** What is asked of the catalog. */
public sealed interface CatalogCommand extends LedgerCommand {

  Sku sku();

  /**
   * Describe a SKU, in place of whatever was said of it before. It need not be stocked.
   *
   * @param category {@code null} for none
   * @param unitPrice the list price of a unit, {@code null} for none
   */
  record DescribeSku(
      Sku sku,
      SkuName name,
      @Nullable CategoryId category,
      @Nullable Money unitPrice,
      boolean discontinued)
      implements CatalogCommand {}
}
