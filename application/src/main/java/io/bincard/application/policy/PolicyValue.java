package io.bincard.application.policy;

import io.bincard.domain.Code;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * A kind of value in a policy.
 *
 * @param expected what it looks like, for errors
 * @param read throws {@link InvalidValueException} if a value is not of this kind
 */
record PolicyValue<T>(String expected, Function<JsonNode, T> read) {

  private static final String CODE =
      "1 to 64 characters out of A-Z, a-z, 0-9, space and . _ - + : #, the first and the last a"
          + " letter or digit";

  static final PolicyValue<RuleId> RULE_ID = text("the name of a rule: " + CODE, RuleId::new);
  static final PolicyValue<CampaignId> CAMPAIGN_ID =
      text("the name of a campaign: " + CODE, CampaignId::new);
  static final PolicyValue<CategoryId> CATEGORY_ID =
      text("the name of a category: " + CODE, CategoryId::new);
  static final PolicyValue<Sku> SKU = text("a SKU: " + CODE, Sku::new);
  static final PolicyValue<CouponCode> COUPON = text("a coupon: " + CODE, CouponCode::new);
  static final PolicyValue<String> CODE_TEXT = text(CODE, value -> Code.checked("a name", value));

  static final PolicyValue<CurrencyCode> CURRENCY =
      text("a currency by its three letters, as \"GBP\"", CurrencyCode::new);

  static final PolicyValue<ZoneId> ZONE =
      text("a time zone, as \"Europe/London\"", PolicyValue::zone);

  static final PolicyValue<Integer> DIGITS = whole("digits after the point, 0 to 4", 0, 4);
  static final PolicyValue<Integer> PRIORITY =
      whole("a whole number from -1000000 to 1000000", -1_000_000, 1_000_000);
  static final PolicyValue<Long> UNITS = units("a whole number of units, at least 1");
  static final PolicyValue<Long> POOLED =
      new PolicyValue<>(
          "a whole number of units from 1 to " + Benefit.BuyGet.MAX_UNITS,
          node -> whole(node, 1, Benefit.BuyGet.MAX_UNITS));
  static final PolicyValue<Long> COUNT = units("a whole number, at least 1");

  /** A percentage; digits behind the second one after the point are not exact and refused. */
  static final PolicyValue<BasisPoints> PERCENT =
      new PolicyValue<>(
          "a percentage from 0 to 100 with at most two digits after the point, as 12.5",
          PolicyValue::percent);

  static final PolicyValue<LocalTime> TIME =
      text("a time of day, as 17:30:00", PolicyValue::timeOfDay);

  private static final Map<String, DayOfWeek> DAYS =
      Map.of(
          "mon", DayOfWeek.MONDAY,
          "tue", DayOfWeek.TUESDAY,
          "wed", DayOfWeek.WEDNESDAY,
          "thu", DayOfWeek.THURSDAY,
          "fri", DayOfWeek.FRIDAY,
          "sat", DayOfWeek.SATURDAY,
          "sun", DayOfWeek.SUNDAY);

  static final PolicyValue<DayOfWeek> DAY =
      text("mon, tue, wed, thu, fri, sat or sun", PolicyValue::day);

  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,16})(?:\\.(\\d{1,4}))? ([A-Z]{3})");
  private static final int LONGEST_SHOWN = 60;
  private static final int PERCENT_SCALE = 2;
  private static final Instant FIRST_INSTANT = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private static InvalidValueException wrong() {
    return new InvalidValueException("not of this kind");
  }

  private static <T> PolicyValue<T> text(String expected, Function<String, T> read) {
    return new PolicyValue<>(
        expected,
        node -> {
          if (!node.isString()) {
            throw wrong();
          }
          return read.apply(node.asString());
        });
  }

  private static PolicyValue<Integer> whole(String expected, int least, int most) {
    return new PolicyValue<>(expected, node -> Math.toIntExact(whole(node, least, most)));
  }

  private static PolicyValue<Long> units(String expected) {
    return new PolicyValue<>(expected, node -> whole(node, 1, Quantity.MAX));
  }

  private static long whole(JsonNode node, long least, long most) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong();
    }
    long value = node.longValue();
    if (value < least || value > most) {
      throw wrong();
    }
    return value;
  }

  private static BasisPoints percent(JsonNode node) {
    if (!(node instanceof NumericNode number) || number.isNaN()) {
      throw wrong();
    }
    BigDecimal percent = number.decimalValue().stripTrailingZeros();
    if (percent.scale() > PERCENT_SCALE
        || percent.signum() < 0
        || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw wrong();
    }
    return new BasisPoints(percent.movePointRight(PERCENT_SCALE).intValueExact());
  }

  /** A percentage as {@link #PERCENT} reads it. */
  static BigDecimal percent(BasisPoints part) {
    BigDecimal percent = BigDecimal.valueOf(part.value(), PERCENT_SCALE).stripTrailingZeros();
    return percent.scale() < 0 ? percent.setScale(0) : percent; // 20, not 2E+1
  }

  /**
   * An amount in {@code currency}.
   *
   * @param digits that the currency has after the point
   */
  static PolicyValue<Money> money(CurrencyCode currency, int digits) {
    String example = amount(new Money(1_250, currency), digits);
    return text(
        "an amount in " + currency + ", as \"" + example + '"',
        value -> {
          Matcher parts = AMOUNT.matcher(value);
          if (!parts.matches() || !parts.group(3).equals(currency.value())) {
            throw wrong();
          }
          String fraction = parts.group(2) == null ? "" : parts.group(2);
          if (fraction.length() > digits) {
            throw wrong();
          }
          BigDecimal minor =
              new BigDecimal(parts.group(1) + '.' + fraction + '0').movePointRight(digits);
          try {
            return new Money(minor.longValueExact(), currency);
          } catch (ArithmeticException beyondLongs) {
            throw wrong();
          }
        });
  }

  /** {@code money} as {@link #money} reads it. */
  static String amount(Money money, int digits) {
    return BigDecimal.valueOf(money.amount(), digits).toPlainString() + ' ' + money.currency();
  }

  /** What is so far from Greenwich all year is that offset, whichever name it was given by. */
  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name).normalized();
    } catch (DateTimeException e) {
      throw wrong();
    }
  }

  private static LocalTime timeOfDay(String value) {
    try {
      return LocalTime.parse(value);
    } catch (DateTimeException e) {
      throw wrong();
    }
  }

  private static DayOfWeek day(String name) {
    DayOfWeek day = DAYS.get(name.toLowerCase(Locale.ROOT));
    if (day == null) {
      throw wrong();
    }
    return day;
  }

  /** A day as {@link #DAY} reads it. */
  static String day(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  /** An instant: with an offset, or by the clocks of {@code zone}, where it must be there once. */
  static PolicyValue<Instant> instant(ZoneId zone) {
    return text(
        "a date, or a date and time that is there once in "
            + zone
            + ", as 2026-12-01T00:00:00, or one with its offset, as 2026-12-01T00:00:00Z, of the"
            + " years 0001 to 9999",
        value -> sayable(instant(value.replace(' ', 'T'), zone)));
  }

  /** Years have four digits wherever a policy is written. */
  private static Instant sayable(Instant instant) {
    if (instant.isBefore(FIRST_INSTANT) || instant.isAfter(LAST_INSTANT)) {
      throw wrong();
    }
    return instant;
  }

  private static Instant instant(String value, ZoneId zone) {
    try {
      if (!value.contains("T")) {
        return instant(LocalDate.parse(value).atStartOfDay(), zone);
      }
      boolean hasOffset = value.endsWith("Z") || value.lastIndexOf('-') > 10 || value.contains("+");
      return hasOffset
          ? OffsetDateTime.parse(value).toInstant()
          : instant(LocalDateTime.parse(value), zone);
    } catch (DateTimeException e) {
      throw wrong();
    }
  }

  private static Instant instant(LocalDateTime local, ZoneId zone) {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.size() != 1) {
      throw wrong();
    }
    return local.toInstant(offsets.getFirst());
  }

  /** One of {@code words}. */
  static PolicyValue<String> oneOf(Set<String> words) {
    return text(
        "one of " + String.join(", ", words.stream().sorted().toList()),
        value -> {
          if (!words.contains(value)) {
            throw wrong();
          }
          return value;
        });
  }

  /** A value as an error may repeat it. */
  static String shown(JsonNode value) {
    if (value.isObject()) {
      return "a table";
    }
    if (value.isArray()) {
      return "a list";
    }
    return shortened(value.isNumber() ? value.asString() : value.toString());
  }

  private static final Pattern INVISIBLE = Pattern.compile("[^ -~]");

  /** Short, visible ASCII. */
  static String shortened(String text) {
    String visible = INVISIBLE.matcher(text).replaceAll("?");
    return visible.length() > LONGEST_SHOWN ? visible.substring(0, LONGEST_SHOWN) + "..." : visible;
  }
}
