package io.bincard.domain.stock;

import io.bincard.domain.Code;

/**
 * The order that takes units or brings them back, by the order service's own number.
 * Case-sensitive, validated, never rewritten.
 */
public record OrderId(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no code: 1 to 64 of ASCII
   *     letters, digits, space and {@code . _ - + : #}, first and last a letter or digit
   */
  public OrderId {
    Code.checked("an order id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
