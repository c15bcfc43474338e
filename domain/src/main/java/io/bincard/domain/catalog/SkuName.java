package io.bincard.domain.catalog;

import io.bincard.domain.PlainText;

/** What customers know a SKU by. Validated, never rewritten. */
public record SkuName(String value) {

  public static final int MAX_LENGTH = 200;

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link PlainText} of at
   *     most {@value #MAX_LENGTH} UTF-16 units
   */
  public SkuName {
    PlainText.checked("a name", value, MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
