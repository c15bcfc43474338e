package io.bincard.domain;

/** The rule that all words of persons share, from a reason to a name. */
public final class PlainText {

  private PlainText() {}

  /**
   * Returns {@code value} unchanged if it can stand in logs and reports beside lines that it must
   * not be able to forge, else refuses it in the name of {@code kind}.
   *
   * @throws InvalidValueException if {@code value} is blank, longer than {@code maxLength} UTF-16
   *     units, or has a control character, a line or paragraph separator, a mark that turns the
   *     direction of text, or half a surrogate pair
   */
  public static String checked(String kind, String value, int maxLength) {
    if (value.isBlank()
        || value.length() > maxLength
        || !value.codePoints().allMatch(PlainText::isPrintable)) {
      throw new InvalidValueException(
          kind + " must have 1 to " + maxLength + " printable characters and must not be blank");
    }
    return value;
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
}
