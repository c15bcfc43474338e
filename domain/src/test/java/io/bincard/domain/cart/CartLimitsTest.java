package io.bincard.domain.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.util.Collections;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every limit from both sides: as much is taken, and one more is not. */
class CartLimitsTest {

  private static <T> Set<T> set(int count, IntFunction<T> make) {
    return IntStream.range(0, count).mapToObj(make).collect(Collectors.toSet());
  }

  private static CartLine line(int attributes) {
    return new CartLine(
        new Sku("LAMP"),
        new Quantity(1),
        new Money(1, new CurrencyCode("GBP")),
        null,
        set(attributes, i -> new Attribute("name" + i, "value")));
  }

  private static Cart cart(int lines, int coupons) {
    return new Cart(
        Collections.nCopies(lines, line(0)), set(coupons, i -> new CouponCode("C" + i)), null);
  }

  @Test
  void a_line_has_20_attributes_at_most() {
    assertThat(line(20).attributes()).hasSize(20);
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> line(21));
  }

  @Test
  void a_cart_has_1_to_2000_lines() {
    assertThat(cart(1, 0).lines()).hasSize(1);
    assertThat(cart(2_000, 0).lines()).hasSize(2_000);
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> cart(0, 0));
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> cart(2_001, 0));
  }

  @Test
  void a_cart_shows_20_coupons_at_most() {
    assertThat(cart(1, 20).coupons()).hasSize(20);
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> cart(1, 21));
  }
}
