package io.bincard.projections.reading;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.domain.InvalidValueException;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param limit entries that are told at most
 * @param after the member of the list's set that the first one comes after, {@code null} to begin
 */
public record Page(int limit, @Nullable String after) {

  /** Entries, unless a reader says how many. */
  public static final String LIMIT = "20";

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,4}");
  private static final int MOST_CURSOR = 4_000;

  /**
   * Reads the two parameters of a query.
   *
   * @param most entries that may be asked for
   * @param after as {@link #cursor} wrote it, {@code null} if it was not given
   * @param isMember whether a member of the list's set looks like this
   * @throws InvalidValueException if one of them is not what it should be
   */
  public static Page of(
      String limit, int most, @Nullable String after, Predicate<String> isMember) {
    if (!DIGITS.matcher(limit).matches()
        || Integer.parseInt(limit) < 1
        || Integer.parseInt(limit) > most) {
      throw new InvalidValueException("limit must be a whole number from 1 to " + most);
    }
    return new Page(Integer.parseInt(limit), after == null ? null : member(after, isMember));
  }

  private static String member(String cursor, Predicate<String> isMember) {
    try {
      if (cursor.length() <= MOST_CURSOR) {
        String member = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
        if (isMember.test(member)) {
          return member;
        }
      }
    } catch (IllegalArgumentException e) {
      // Not of ours, and told so below.
    }
    throw new InvalidValueException("after must be what the page before has in next");
  }

  /** What a page tells its reader to ask for next, behind {@code member}. */
  public static String cursor(String member) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(member.getBytes(UTF_8));
  }
}
