package io.bincard.domain.cart;

import io.bincard.domain.Code;

/** Who buys, by the order service's own number. Case-sensitive, validated, never rewritten. */
public record CustomerId(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link Code}
   */
  public CustomerId {
    Code.checked("a customer", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
