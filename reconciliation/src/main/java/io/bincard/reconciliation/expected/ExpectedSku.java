package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A SKU as it was last described.
 *
 * @param fields of the row
 */
record ExpectedSku(String key, Map<String, String> fields, long version, long position)
    implements Expected {

  private static final String PREFIX = "sku:";

  /** Between a name and its SKU in a member of a set of names. */
  private static final char END_OF_NAME = '\0';

  ExpectedSku {
    fields = Map.copyOf(fields);
  }

  static String key(Sku sku) {
    return PREFIX + sku;
  }

  static ExpectedSku of(SkuDescribed said, CommittedEvent committed) {
    CategoryId category = said.category();
    Money price = said.unitPrice();
    return new ExpectedSku(
        key(said.sku()),
        Map.of(
            "sku",
            said.sku().value(),
            "name",
            said.name().value(),
            "discontinued",
            Boolean.toString(said.discontinued()),
            "category",
            category == null ? "" : category.value(),
            "amount",
            price == null ? "" : Long.toString(price.amount()),
            "currency",
            price == null ? "" : price.currency().value()),
        committed.sequence(),
        committed.position());
  }

  /** The sets that the row of a SKU with {@code fields} stands in. */
  static Set<String> sets(Map<String, String> fields) {
    String member =
        field(fields, "name").toLowerCase(Locale.ROOT) + END_OF_NAME + field(fields, "sku");
    String category = field(fields, "category");
    String among = "names\t" + member;
    return category.isEmpty() ? Set.of(among) : Set.of(among, "names:" + category + '\t' + member);
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  @Override
  public ExpectedRow row() {
    return new ExpectedRow(key, version, position, fields, sets(fields));
  }
}
