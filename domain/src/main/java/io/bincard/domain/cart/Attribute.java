package io.bincard.domain.cart;

import io.bincard.domain.Code;

/** A fact about a line that rules may ask for, as {@code brand = acme}. */
public record Attribute(String name, String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code name} or {@code value} is no {@link
   *     Code}
   */
  public Attribute {
    Code.checked("the name of an attribute", name);
    Code.checked("the value of an attribute", value);
  }

  @Override
  public String toString() {
    return name + '=' + value;
  }
}
