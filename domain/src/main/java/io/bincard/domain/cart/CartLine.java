package io.bincard.domain.cart;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.Ordered;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Some units of one SKU.
 *
 * @param quantity at least one unit
 * @param unitPrice the list price of a unit
 * @param category what the SKU is sold as here; {@code null} if the policy in force is to say so
 * @param attributes other facts that rules may ask for
 */
public record CartLine(
    Sku sku,
    Quantity quantity,
    Money unitPrice,
    @Nullable CategoryId category,
    Set<Attribute> attributes) {

  public static final int MAX_ATTRIBUTES = 20;

  /**
   * @throws InvalidValueException if there is no unit, more than {@value #MAX_ATTRIBUTES}
   *     attributes, or if the units together cost more than {@value Money#MAX}
   */
  public CartLine {
    quantity = Quantity.positive(quantity.units());
    attributes = Ordered.copyOf(attributes, Attribute::toString);
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw new InvalidValueException(
          "a line must not have more than " + MAX_ATTRIBUTES + " attributes");
    }
    if (unitPrice.amount() > Money.MAX / quantity.units()) {
      throw new InvalidValueException("a line must not cost more than " + Money.MAX);
    }
  }

  /** The list price of all units, in minor units. */
  public long listPrice() {
    return unitPrice.amount() * quantity.units();
  }
}
