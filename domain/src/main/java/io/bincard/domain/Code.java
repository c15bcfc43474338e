package io.bincard.domain;

/** The rule that all codes of the ledger share, from SKU to coupon. */
public final class Code {

  public static final int MAX_LENGTH = 64;

  private Code() {}

  /**
   * Returns {@code value} unchanged if it is a code, else refuses it in the name of {@code kind}.
   *
   * @throws InvalidValueException if {@code value} is no code
   */
  public static String checked(String kind, String value) {
    int length = value.length();
    boolean valid =
        length >= 1
            && length <= MAX_LENGTH
            && isLetterOrDigit(value.charAt(0))
            && isLetterOrDigit(value.charAt(length - 1));
    for (int i = 1; valid && i < length - 1; i++) {
      char c = value.charAt(i);
      valid = isLetterOrDigit(c) || isInner(c);
    }
    if (!valid) {
      throw new InvalidValueException(
          kind
              + " must have 1 to "
              + MAX_LENGTH
              + " characters out of A-Z, a-z, 0-9, space and . _ - + : #, the first and the last a letter or digit");
    }
    return value;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static boolean isInner(char c) {
    return switch (c) {
      case ' ', '.', '_', '-', '+', ':', '#' -> true;
      default -> false;
    };
  }
}
