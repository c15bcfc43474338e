package io.bincard.reconciliation.stored;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sets that rows stand in, as the stored format has them: each member tells which row it is of.
 */
public final class Sets {

  /** For how long a hold's row is kept after the hold's time at least. */
  private static final Duration KEPT = Duration.ofDays(29);

  /** Sets of which there is one, and what the names of those begin with of which there are many. */
  private static final List<String> SINGLE = List.of("low-stock", "names");

  private static final List<String> MANY = List.of("locations:", "order:", "names:");
  private static final Pattern COUNTED = Pattern.compile("([0-9a-f]{16}):(.+)", Pattern.DOTALL);

  private Sets() {}

  /** Whether {@code key}, what a Redis key has after its generation's, is that of a set. */
  public static boolean isSet(String key) {
    for (String many : MANY) {
      if (key.startsWith(many)) {
        return key.length() > many.length();
      }
    }
    return SINGLE.contains(key);
  }

  /** The line of a row's field {@code in} that says that it stands in {@code set}. */
  public static String line(String set, String member) {
    return set + '\t' + member;
  }

  /** The key of the row that {@code member} of {@code set} is of; {@code null} if of none. */
  public static @Nullable String owner(String set, String member) {
    if (set.startsWith("locations:")) {
      return "availability:" + set.substring("locations:".length()) + '@' + member;
    }
    if (set.equals("names") || set.startsWith("names:")) {
      int end = member.indexOf('\0');
      return end < 0 ? null : "sku:" + member.substring(end + 1);
    }
    Matcher counted = COUNTED.matcher(member);
    if (!counted.matches()) {
      return null;
    }
    return (set.startsWith("order:") ? "hold:" : "availability:") + counted.group(2);
  }

  /**
   * Whether a member of a set of holds may outlive its row at {@code now}: the set goes when its
   * last row does.
   */
  public static boolean mayOutlive(String set, String member, Instant now) {
    Matcher counted = COUNTED.matcher(member);
    return set.startsWith("order:")
        && counted.matches()
        && HexFormat.fromHexDigitsToLong(counted.group(1)) < now.minus(KEPT).toEpochMilli();
  }
}
