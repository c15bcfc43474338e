package io.bincard.domain.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.domain.Decision;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.CatalogCommand.DescribeSku;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.catalog.CatalogRejection.StaleSkuVersion;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.ExpectedVersion.Exactly;
import io.bincard.domain.stock.Sku;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescribedSkuTest {

  private static final Sku MUG = new Sku("RED-MUG");
  private static final SkuName NAME = new SkuName("Red mug, 250 ml – \"Bruch\"");
  private static final CategoryId MUGS = new CategoryId("mugs");
  private static final Money PRICE = new Money(1_999, new CurrencyCode("GBP"));

  private static final DescribeSku WHOLE = new DescribeSku(MUG, NAME, MUGS, PRICE, false);
  private static final DescribeSku BARE = new DescribeSku(MUG, NAME, null, null, false);

  private static Decision<CatalogEvent, CatalogRejection> decide(
      DescribedSku sku, CatalogCommand command) {
    return sku.decide(command, ExpectedVersion.ANY);
  }

  private static DescribedSku after(DescribeSku... commands) {
    DescribedSku sku = DescribedSku.UNKNOWN;
    for (DescribeSku command : commands) {
      for (CatalogEvent event :
          ((Decision.Accepted<CatalogEvent, CatalogRejection>) decide(sku, command)).events()) {
        sku = sku.evolve(event);
      }
    }
    return sku;
  }

  @Test
  void a_sku_is_described_whether_or_not_any_of_it_lies_anywhere() {
    assertThat(decide(DescribedSku.UNKNOWN, WHOLE))
        .isEqualTo(Decision.accept(new SkuDescribed(MUG, NAME, MUGS, PRICE, false)));
    assertThat(after(WHOLE))
        .isEqualTo(new DescribedSku(0, new SkuDescription(NAME, MUGS, PRICE, false)));
  }

  @Test
  void a_description_replaces_the_whole_of_the_one_before() {
    assertThat(after(WHOLE, BARE))
        .isEqualTo(new DescribedSku(1, new SkuDescription(NAME, null, null, false)));
  }

  @Test
  void the_same_again_is_taken_and_changes_nothing() {
    assertThat(decide(after(WHOLE), WHOLE)).isEqualTo(new Decision.Accepted<>(List.of()));
    assertThat(after(WHOLE, BARE, WHOLE).version()).isEqualTo(2);
  }

  static Stream<DescribeSku> others() {
    return Stream.of(
        new DescribeSku(MUG, new SkuName("red mug, 250 ml"), MUGS, PRICE, false),
        new DescribeSku(MUG, NAME, new CategoryId("Mugs"), PRICE, false),
        new DescribeSku(MUG, NAME, null, PRICE, false),
        new DescribeSku(MUG, NAME, MUGS, new Money(1_999, new CurrencyCode("EUR")), false),
        new DescribeSku(MUG, NAME, MUGS, new Money(1_998, PRICE.currency()), false),
        new DescribeSku(MUG, NAME, MUGS, null, false),
        new DescribeSku(MUG, NAME, MUGS, PRICE, true));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatever_is_different_is_a_new_description(DescribeSku other) {
    assertThat(decide(after(WHOLE), other)).isNotEqualTo(new Decision.Accepted<>(List.of()));
    assertThat(after(WHOLE, other).version()).isEqualTo(1);
  }

  @Test
  void a_version_that_is_gone_is_refused_before_anything_else() {
    DescribedSku sku = after(WHOLE, BARE);

    assertThat(sku.decide(BARE, new Exactly(0)))
        .isEqualTo(Decision.reject(new StaleSkuVersion(MUG, 0, 1)));
    assertThat(DescribedSku.UNKNOWN.decide(BARE, new Exactly(0)))
        .isEqualTo(Decision.reject(new StaleSkuVersion(MUG, 0, DescribedSku.NO_VERSION)));
    assertThat(sku.decide(WHOLE, new Exactly(1))).isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void its_stream_is_named_after_the_sku() {
    assertThat(DescribedSku.stream(new Sku("RED MUG:1"))).isEqualTo("sku:RED MUG:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "\u202egnp.exe"})
  void a_name_is_plain_text(String words) {
    assertThatThrownBy(() -> new SkuName(words))
        .isExactlyInstanceOf(InvalidValueException.class)
        .hasMessage("a name must have 1 to 200 printable characters and must not be blank");
  }

  @Test
  void a_name_is_kept_as_it_is_up_to_its_length() {
    String longest = " " + "é".repeat(SkuName.MAX_LENGTH - 1);

    assertThat(new SkuName(longest)).hasToString(longest);
    assertThatThrownBy(() -> new SkuName(longest + "é")).isInstanceOf(InvalidValueException.class);
  }
}
