package io.bincard.domain.cart;

import io.bincard.domain.Code;

/** What a customer types in to be given a discount. Case-sensitive, validated, never rewritten. */
public record CouponCode(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link Code}
   */
  public CouponCode {
    Code.checked("a coupon", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
