package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentCartsTest {

  private static Cart cart(int lines) {
    CartLine line =
        new CartLine(
            new Sku("MUG"),
            new Quantity(1),
            new Money(100, new CurrencyCode("GBP")),
            null,
            Set.of());
    return new Cart(Collections.nCopies(lines, line), Set.of(), null);
  }

  @Test
  void remembers_the_last() {
    RecentCarts carts = new RecentCarts(2);
    for (int lines = 1; lines <= 3; lines++) {
      carts.add(cart(lines));
    }

    assertThat(carts.all()).containsExactlyInAnyOrder(cart(2), cart(3));
  }

  @Test
  void does_not_remember_the_largest() {
    RecentCarts carts = new RecentCarts(2);
    carts.add(cart(RecentCarts.MAX_LINES));
    carts.add(cart(RecentCarts.MAX_LINES + 1));

    assertThat(carts.all()).containsExactly(cart(RecentCarts.MAX_LINES));
  }
}
