package io.bincard.projections.storefront;

import io.bincard.domain.InvalidValueException;
import java.util.regex.Pattern;

/** The parameter {@code minPosition}: what an answer must not be older than. */
public final class MinPosition {

  /** What stands for any position. */
  public static final String ANY = "0";

  /** Up to 18 digits always fit a {@code long}. */
  private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

  private MinPosition() {}

  /**
   * The position that {@code digits} say.
   *
   * @throws InvalidValueException if they say none
   */
  public static long of(String digits) {
    return of("minPosition", digits);
  }

  /**
   * The position that {@code digits} say, which are the value of {@code parameter}.
   *
   * @throws InvalidValueException if they say none
   */
  public static long of(String parameter, String digits) {
    if (!POSITION.matcher(digits).matches()) {
      throw new InvalidValueException(
          parameter + " must be a whole number of at most 18 digits, 0 or more");
    }
    return Long.parseLong(digits);
  }
}
