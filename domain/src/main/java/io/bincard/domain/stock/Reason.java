package io.bincard.domain.stock;

import io.bincard.domain.InvalidValueException;

/** Why a person or a program corrected, froze or unfroze an item, in their own words. */
public record Reason(String value) {

  public static final int MAX_LENGTH = 200;

  /**
   * @throws InvalidValueException if {@code value} is blank, longer than {@value #MAX_LENGTH}
   *     UTF-16 units, or has a control character, a line or paragraph separator, a mark that turns
   *     the direction of text, or half a surrogate pair: a reason stands in logs and reports beside
   *     lines that it must not be able to forge
   */
  public Reason {
    if (value.isBlank()
        || value.length() > MAX_LENGTH
        || !value.codePoints().allMatch(Reason::isPrintable)) {
      throw new InvalidValueException(
          "a reason must have 1 to " + MAX_LENGTH + " printable characters and must not be blank");
    }
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> !turnsDirection(codePoint);
    };
  }

  private static boolean turnsDirection(int codePoint) {
    return (codePoint >= 0x202A && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  @Override
  public String toString() {
    return value;
  }
}
