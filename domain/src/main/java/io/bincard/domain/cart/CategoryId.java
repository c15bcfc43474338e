package io.bincard.domain.cart;

import io.bincard.domain.Code;

/** What a SKU is sold as, in the shop's own words. Case-sensitive, validated, never rewritten. */
public record CategoryId(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link Code}
   */
  public CategoryId {
    Code.checked("a category", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
