package io.bincard.domain.stock;

import io.bincard.domain.PlainText;

/** Why a person or a program corrected, froze or unfroze an item, in their own words. */
public record Reason(String value) {

  public static final int MAX_LENGTH = 200;

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link PlainText} of at
   *     most {@value #MAX_LENGTH} UTF-16 units
   */
  public Reason {
    PlainText.checked("a reason", value, MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
