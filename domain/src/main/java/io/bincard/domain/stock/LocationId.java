package io.bincard.domain.stock;

import io.bincard.domain.Code;

/** Where stock lies. Case-sensitive, validated, never rewritten. */
public record LocationId(String value) {

  /** The location of everything that names none. */
  public static final LocationId MAIN = new LocationId("MAIN");

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no code: 1 to 64 of ASCII
   *     letters, digits, space and {@code . _ - + : #}, first and last a letter or digit
   */
  public LocationId {
    Code.checked("a location", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
