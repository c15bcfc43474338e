package io.bincard.application.books;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import org.jspecify.annotations.Nullable;

/** How a SKU's description comes out of its events, and how its opening balance is written. */
final class SkuRules implements StreamFold.Rules<DescribedSku> {

  /**
   * What a description takes of the heap beside its characters: its place in a linked hash map 48,
   * the SKU, the name and the category with their strings 4 x 40, two states and a price 120. On
   * HotSpot with compressed references, on the safe side.
   */
  private static final long BYTES = 360;

  /** Stored: another shape of it needs another {@link DescribedSku#FOLD_REVISION}. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Balance(
      @Nullable SkuName name,
      @Nullable CategoryId category,
      @Nullable Money unitPrice,
      boolean discontinued) {

    static Balance of(@Nullable SkuDescription said) {
      return said == null
          ? new Balance(null, null, null, false)
          : new Balance(said.name(), said.category(), said.unitPrice(), said.discontinued());
    }

    @Nullable SkuDescription description() {
      return name == null ? null : new SkuDescription(name, category, unitPrice, discontinued);
    }
  }

  /** What {@code id} and {@code sku} take of the heap. */
  static long bytes(Sku id, DescribedSku sku) {
    SkuDescription description = sku.description();
    return BYTES
        + 2L * id.value().length()
        + (description == null ? 0 : 2L * description.name().value().length());
  }

  @Override
  public String revision() {
    return "sku/" + DescribedSku.FOLD_REVISION;
  }

  @Override
  public DescribedSku unborn() {
    return DescribedSku.UNKNOWN;
  }

  @Override
  public DescribedSku evolve(DescribedSku sku, Object event) {
    return sku.evolve((CatalogEvent) event);
  }

  @Override
  public long sequence(DescribedSku sku) {
    return sku.version();
  }

  @Override
  public String write(DescribedSku sku) {
    return LedgerJson.write(Balance.of(sku.description()));
  }

  @Override
  public DescribedSku read(long sequence, String json) {
    return new DescribedSku(sequence, LedgerJson.read(json, Balance.class).description());
  }
}
