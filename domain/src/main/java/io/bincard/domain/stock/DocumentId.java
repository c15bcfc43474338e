package io.bincard.domain.stock;

import io.bincard.domain.Code;

/**
 * The paper that came with goods: a delivery note, a purchase order. Case-sensitive, validated,
 * never rewritten.
 */
public record DocumentId(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no code: 1 to 64 of ASCII
   *     letters, digits, space and {@code . _ - + : #}, first and last a letter or digit
   */
  public DocumentId {
    Code.checked("a document", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
