package io.bincard.domain.catalog;

import io.bincard.domain.stock.Sku;
import java.util.Optional;

/**
 * What the ledger itself knows of SKUs: committed facts. Readers ask here when no view can answer.
 */
public interface Catalog {

  /**
   * The SKU as of the last commit at the time of the call; empty if nobody described it.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read;
   *     unknown must not be taken for absent
   */
  Optional<DescribedSku> find(Sku sku);
}
