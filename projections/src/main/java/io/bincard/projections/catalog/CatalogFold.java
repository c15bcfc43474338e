package io.bincard.projections.catalog;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.filling.Fold;
import io.bincard.projections.filling.StoredRows;
import io.bincard.projections.filling.View;
import io.bincard.projections.viewstore.ViewRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** Makes rows of what is said of SKUs. A description says all there is: nothing is remembered. */
public final class CatalogFold implements Fold {

  private final Map<Sku, SkuView> touched = new LinkedHashMap<>();

  private CatalogFold() {}

  /** The view of SKUs. */
  public static View view() {
    return new View() {
      @Override
      public String name() {
        return SkuView.NAME;
      }

      @Override
      public Set<Class<? extends LedgerEvent>> kinds() {
        return Set.of(CatalogEvent.class);
      }

      @Override
      public Fold fold(StoredRows stored, int remembered) {
        return new CatalogFold();
      }

      @Override
      public OptionalLong rows(LedgerHistory history, long position) {
        return OptionalLong.of(history.streams(DescribedSku.STREAM_PREFIX, position));
      }
    };
  }

  @Override
  public void take(List<CommittedEvent> events) {
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof SkuDescribed said) {
        touched.put(said.sku(), new SkuView(said.sku(), said.description(), committed.sequence()));
      }
    }
  }

  @Override
  public void drain(Consumer<ViewRow> rows) {
    touched.values().forEach(view -> rows.accept(view.row()));
    touched.clear();
  }

  @Override
  public int held() {
    return touched.size();
  }

  @Override
  public void forget() {
    touched.clear();
  }
}
