package io.bincard.domain.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Opening balances are states that {@link DescribedSku#evolve} once came to. What it makes of one
 * history is promised here for each {@link DescribedSku#FOLD_REVISION}.
 */
class DescribedSkuFoldContractTest {

  private static final Sku MUG = new Sku("RED-MUG");

  private static final List<CatalogEvent> HISTORY =
      List.of(
          new SkuDescribed(
              MUG,
              new SkuName("Red mug"),
              new CategoryId("mugs"),
              new Money(1_999, new CurrencyCode("GBP")),
              false),
          new SkuDescribed(MUG, new SkuName("Mug, red"), null, null, true));

  /** Only added to: if the fold means something new, it has a new number here. */
  private static final Map<Integer, List<String>> PROMISED =
      Map.of(
          1,
          List.of(
              "DescribedSku[version=0, description=SkuDescription[name=Red mug, category=mugs,"
                  + " unitPrice=1999 GBP, discontinued=false]]",
              "DescribedSku[version=1, description=SkuDescription[name=Mug, red, category=null,"
                  + " unitPrice=null, discontinued=true]]"));

  @Test
  void the_fold_comes_to_the_states_that_its_revision_stands_for() {
    DescribedSku first = DescribedSku.UNKNOWN.evolve(HISTORY.getFirst());

    assertThat(PROMISED.getOrDefault(DescribedSku.FOLD_REVISION, List.of("no promise yet")))
        .as("a fold with another meaning needs another DescribedSku.FOLD_REVISION and a line here")
        .containsExactly(first.toString(), first.evolve(HISTORY.getLast()).toString());
  }
}
