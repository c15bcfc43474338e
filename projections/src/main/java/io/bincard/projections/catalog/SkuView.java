package io.bincard.projections.catalog;

import static io.bincard.projections.viewstore.StoredRow.bytes;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.viewstore.StoredRow;
import io.bincard.projections.viewstore.ViewRow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The row of one SKU.
 *
 * @param version sequence of the event that the description is of
 */
record SkuView(Sku sku, SkuDescription description, long version) {

  /** The name of the view, which all its keys begin with. */
  static final String NAME = "sku";

  private static final String NONE = "";

  /** The key of the row of {@code sku}. */
  static String key(Sku sku) {
    return NAME + ':' + sku;
  }

  /** The row to be stored. */
  ViewRow row() {
    Map<String, byte[]> fields = new HashMap<>();
    fields.put("sku", bytes(sku));
    fields.put("name", bytes(description.name()));
    fields.put("discontinued", bytes(description.discontinued()));
    // What is not said has its field too: one of the description before would shine through.
    CategoryId category = description.category();
    fields.put("category", bytes(category == null ? NONE : category));
    Money unitPrice = description.unitPrice();
    fields.put("amount", bytes(unitPrice == null ? NONE : unitPrice.amount()));
    fields.put("currency", bytes(unitPrice == null ? NONE : unitPrice.currency()));
    return new ViewRow(key(sku), version, fields, NamedSkus.of(this), null);
  }

  /** What is stored in {@code row}. */
  static SkuView of(StoredRow row) {
    return new SkuView(
        new Sku(row.text("sku")),
        new SkuDescription(
            new SkuName(row.text("name")),
            category(row),
            unitPrice(row),
            row.truth("discontinued")),
        row.version());
  }

  private static @Nullable CategoryId category(StoredRow row) {
    String category = row.text("category");
    return category.equals(NONE) ? null : new CategoryId(category);
  }

  private static @Nullable Money unitPrice(StoredRow row) {
    String currency = row.text("currency");
    return currency.equals(NONE)
        ? null
        : new Money(row.number("amount"), new CurrencyCode(currency));
  }
}
