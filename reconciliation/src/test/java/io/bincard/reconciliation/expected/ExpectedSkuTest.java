package io.bincard.reconciliation.expected;

import static io.bincard.reconciliation.expected.Events.SKU;
import static io.bincard.reconciliation.expected.Events.after;
import static io.bincard.reconciliation.expected.Events.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import org.junit.jupiter.api.Test;

class ExpectedSkuTest {

  private static final SkuDescribed BARE =
      new SkuDescribed(SKU, new SkuName("Ärmel"), null, null, true);
  private static final SkuDescribed WHOLE =
      new SkuDescribed(
          SKU,
          new SkuName("Mug, RED"),
          new CategoryId("mugs"),
          new Money(999, new CurrencyCode("EUR")),
          false);

  @Test
  void the_last_description_is_all_of_a_row() {
    ExpectedRow row = after(BARE, WHOLE).row();

    assertThat(row.key()).isEqualTo("sku:A");
    assertThat(row.version()).isEqualTo(1);
    assertThat(row.fields())
        .containsOnly(
            entry("sku", "A"),
            entry("name", "Mug, RED"),
            entry("discontinued", "false"),
            entry("category", "mugs"),
            entry("amount", "999"),
            entry("currency", "EUR"));
    assertThat(row.sets()).containsOnly("names\tmug, red\0A", "names:mugs\tmug, red\0A");
  }

  @Test
  void what_is_not_said_has_an_empty_field() {
    ExpectedRow row = after(WHOLE, BARE).row();

    assertThat(row.fields())
        .containsEntry("category", "")
        .containsEntry("amount", "")
        .containsEntry("currency", "")
        .containsEntry("discontinued", "true");
    assertThat(row.sets()).containsOnly("names\tärmel\0A");
  }

  @Test
  void a_gap_is_told() {
    assertThatThrownBy(() -> Expected.after(after(BARE), at(2, WHOLE)))
        .isInstanceOf(BrokenStreamException.class);
  }
}
