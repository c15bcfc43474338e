package io.bincard.domain.hold;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.Ordered;
import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Some units of one SKU that an order asks for.
 *
 * @param location where from; {@code null} leaves that to the ledger
 * @param quantity at least one unit
 * @param unitPrice the list price of a unit, {@code null} if no price is asked for
 * @param category what the SKU is sold as here; {@code null} if the policy in force is to say so
 * @param attributes other facts that rules may ask for
 */
public record OrderLine(
    Sku sku,
    @Nullable LocationId location,
    Quantity quantity,
    @Nullable Money unitPrice,
    @Nullable CategoryId category,
    Set<Attribute> attributes) {

  /**
   * @throws InvalidValueException if there is no unit, if with its price it is no line of a cart,
   *     or if it says without a price what only a price depends on
   */
  public OrderLine {
    quantity = Quantity.positive(quantity.units());
    attributes = Ordered.copyOf(attributes, Attribute::toString);
    if (unitPrice != null) {
      CartLine unused = new CartLine(sku, quantity, unitPrice, category, attributes);
    } else if (category != null || !attributes.isEmpty()) {
      throw new InvalidValueException("a category or attributes need a unitPrice");
    }
  }

  /** Units that no price is asked for. */
  public static OrderLine of(Sku sku, @Nullable LocationId location, Quantity quantity) {
    return new OrderLine(sku, location, quantity, null, null, Set.of());
  }

  /**
   * The same as a line of a cart.
   *
   * @throws NullPointerException if no price is asked for
   */
  CartLine toCartLine() {
    return new CartLine(sku, quantity, Objects.requireNonNull(unitPrice), category, attributes);
  }
}
