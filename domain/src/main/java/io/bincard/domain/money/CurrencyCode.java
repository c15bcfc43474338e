package io.bincard.domain.money;

import io.bincard.domain.InvalidValueException;

/** A currency by its three letters of ISO 4217, as {@code GBP}. Whether it exists is not asked. */
public record CurrencyCode(String value) {

  private static final int LENGTH = 3;

  /**
   * @throws InvalidValueException if {@code value} is not three letters A-Z
   */
  public CurrencyCode {
    if (value.length() != LENGTH || !value.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new InvalidValueException("a currency must be three letters A-Z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
