package io.bincard.domain.catalog;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import org.jspecify.annotations.Nullable;

/**
 * What happened in the catalog. Stored for ever: a component may be added as nullable, never
 * renamed or removed.
 */
public sealed interface CatalogEvent extends LedgerEvent {

  Sku sku();

  /** This, and nothing of before, is what there is to say of the SKU. */
  record SkuDescribed(
      Sku sku,
      SkuName name,
      @Nullable CategoryId category,
      @Nullable Money unitPrice,
      boolean discontinued)
      implements CatalogEvent {

    public SkuDescription description() {
      return new SkuDescription(name, category, unitPrice, discontinued);
    }
  }
}
