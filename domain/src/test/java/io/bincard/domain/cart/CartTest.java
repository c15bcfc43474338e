package io.bincard.domain.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CartTest {

  private static CartLine line(long quantity, long unitPrice, String currency) {
    return new CartLine(
        new Sku("LAMP"),
        new Quantity(quantity),
        new Money(unitPrice, new CurrencyCode(currency)),
        null,
        Set.of());
  }

  private static Cart cart(CartLine... lines) {
    return new Cart(List.of(lines), Set.of(), null);
  }

  private static void refused(ThrowingCallable made, String rule) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(made).withMessage(rule);
  }

  @Test
  void knows_its_currency_and_what_a_line_costs() {
    assertThat(cart(line(3, 250, "GBP")).currency()).isEqualTo(new CurrencyCode("GBP"));
    assertThat(line(3, 250, "GBP").listPrice()).isEqualTo(750);
  }

  @Test
  void refuses_a_line_without_a_unit() {
    refused(
        () -> line(0, 250, "GBP"),
        "a quantity that moves must be a whole number from 1 to 9007199254740991");
  }

  @Test
  void refuses_a_line_that_costs_more_than_can_be_said() {
    assertThat(line(1, Money.MAX, "GBP").listPrice()).isEqualTo(Money.MAX);
    refused(
        () -> line(2, Money.MAX / 2 + 1, "GBP"), "a line must not cost more than 9007199254740991");
  }

  @Test
  void refuses_a_line_with_too_many_attributes() {
    Set<Attribute> many =
        IntStream.rangeClosed(0, CartLine.MAX_ATTRIBUTES)
            .mapToObj(i -> new Attribute("name" + i, "value"))
            .collect(Collectors.toSet());

    refused(
        () ->
            new CartLine(
                new Sku("LAMP"),
                new Quantity(1),
                new Money(1, new CurrencyCode("GBP")),
                null,
                many),
        "a line must not have more than 20 attributes");
  }

  @Test
  void refuses_no_line_and_too_many() {
    refused(() -> cart(), "a cart must have 1 to 2000 lines");
    refused(
        () -> new Cart(Collections.nCopies(Cart.MAX_LINES + 1, line(1, 1, "GBP")), Set.of(), null),
        "a cart must have 1 to 2000 lines");
  }

  @Test
  void refuses_too_many_coupons() {
    Set<CouponCode> many =
        IntStream.rangeClosed(0, Cart.MAX_COUPONS)
            .mapToObj(i -> new CouponCode("C" + i))
            .collect(Collectors.toSet());

    refused(
        () -> new Cart(List.of(line(1, 1, "GBP")), many, null),
        "a cart must not have more than 20 coupons");
  }

  @Test
  void refuses_mixed_currencies() {
    refused(
        () -> cart(line(1, 1, "GBP"), line(1, 1, "EUR")),
        "all lines of a cart must have the same currency");
  }

  @Test
  void refuses_sums_that_cannot_be_said() {
    String rule = "a cart must not cost more, or have more units, than 9007199254740991";
    refused(() -> cart(line(1, Money.MAX, "GBP"), line(1, 1, "GBP")), rule);
    refused(() -> cart(line(Quantity.MAX, 0, "GBP"), line(1, 0, "GBP")), rule);
    assertThat(cart(line(1, Money.MAX, "GBP"), line(1, 0, "GBP")).lines()).hasSize(2);
  }
}
