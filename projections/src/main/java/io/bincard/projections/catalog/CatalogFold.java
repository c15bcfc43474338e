package io.bincard.projections.catalog;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.viewstore.ViewRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes rows of what is said of SKUs. A description says all there is, so nothing is remembered.
 */
public final class CatalogFold {

  private CatalogFold() {}

  /** The last row of each SKU that {@code events}, in their order, are about. */
  public static List<ViewRow> rows(List<CommittedEvent> events) {
    Map<Sku, SkuView> last = new LinkedHashMap<>();
    for (CommittedEvent each : events) {
      if (each.event() instanceof SkuDescribed described) {
        last.put(described.sku(), SkuView.of(described, each.sequence()));
      }
    }
    return last.values().stream().map(SkuView::row).toList();
  }
}
