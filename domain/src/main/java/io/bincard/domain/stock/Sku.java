package io.bincard.domain.stock;

import io.bincard.domain.Code;

/** What is sold: a stock keeping unit. Case-sensitive, validated, never rewritten. */
public record Sku(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no code: 1 to 64 of ASCII
   *     letters, digits, space and {@code . _ - + : #}, first and last a letter or digit
   */
  public Sku {
    Code.checked("a SKU", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
