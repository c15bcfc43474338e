package io.bincard.domain.catalog;

import io.bincard.domain.stock.Sku;

/** Why the catalog refuses a command. */
public sealed interface CatalogRejection {

  Sku sku();

  /** The SKU was described anew since the sender looked. */
  record StaleSkuVersion(Sku sku, long expectedVersion, long actualVersion)
      implements CatalogRejection {}
}
