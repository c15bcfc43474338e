package io.bincard.application.api;

import static java.util.stream.Collectors.toMap;

import io.bincard.application.api.Members.Violation;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.OrderLine;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A member of a command's JSON.
 *
 * @param name the member's name
 * @param shape what its JSON must look like, so that a sender can check before
 * @param meaning what it says, in a few words
 * @param read makes the value, or refuses it with {@link InvalidValueException}
 * @param absent stands for the value when the member is absent; {@code null} without {@code
 *     required} means none
 */
record Field<T>(
    String name,
    Shape shape,
    String meaning,
    boolean required,
    Function<JsonNode, T> read,
    @Nullable T absent) {

  /**
   * What JSON must look like to become a value. Says less than the value's own rule, never more.
   */
  sealed interface Shape {

    /** A string; {@code pattern} after ECMA-262, {@code maxLength} in characters. */
    record Text(String pattern, int maxLength) implements Shape {}

    /** A whole number of units. */
    record Units(long min, long max, boolean zeroAllowed) implements Shape {}

    /** One of some words. */
    record Words(List<String> words) implements Shape {}

    /** true or false. */
    record Truth() implements Shape {}

    /** An object with these members and no others. */
    record Table(List<Field<?>> members) implements Shape {}

    /** A list of {@code min} to {@code max} of the same. */
    record Several(Shape each, int min, int max) implements Shape {}
  }

  /** What there is no ledger before, and what the years of four digits end with in every zone. */
  private static final Instant FIRST_INSTANT = Instant.EPOCH;

  private static final Instant LAST_INSTANT = Instant.parse("9999-01-01T00:00:00Z");

  private static final Shape CODE =
      new Shape.Text("^[A-Za-z0-9]([A-Za-z0-9 ._+:#-]*[A-Za-z0-9])?$", 64);
  private static final Shape WORDS = new Shape.Text("\\S", Reason.MAX_LENGTH);
  private static final Shape UNITS = new Shape.Units(0, Quantity.MAX, true);
  private static final Shape MOVED_UNITS = new Shape.Units(1, Quantity.MAX, false);
  private static final Shape SIGNED_UNITS = new Shape.Units(-Quantity.MAX, Quantity.MAX, false);

  static final Field<Sku> SKU = text("sku", CODE, "what is sold", true, Sku::new, null);
  static final Field<LocationId> LOCATION =
      text(
          "location",
          CODE,
          "where it lies; MAIN unless given",
          false,
          LocationId::new,
          LocationId.MAIN);
  static final Field<OrderId> ORDER_ID =
      text("orderId", CODE, "the order it is for", true, OrderId::new, null);
  static final Field<DocumentId> DOCUMENT =
      text("document", CODE, "delivery note", false, DocumentId::new, null);
  static final Field<Reason> REASON =
      text("reason", WORDS, "why, in words", true, Reason::new, null);
  static final Field<Quantity> QUANTITY =
      units("quantity", MOVED_UNITS, "units, 1 or more", true, Quantity::positive, null);
  static final Field<Quantity> COUNTED =
      units("counted", UNITS, "units that are there", true, Quantity::new, null);
  static final Field<Delta> DELTA =
      units("delta", SIGNED_UNITS, "units more or, negative, less", true, Delta::nonZero, null);
  static final Field<Quantity> OPENING_QUANTITY =
      units(
          "openingQuantity",
          UNITS,
          "units there at the start; none unless given",
          false,
          Quantity::new,
          Quantity.ZERO);
  static final Field<Quantity> SAFETY_STOCK =
      units("safetyStock", UNITS, "units never offered", false, Quantity::new, null);
  static final Field<Quantity> BACKORDER_LIMIT =
      units(
          "backorderLimit",
          UNITS,
          "units that may be sold beyond the offer",
          false,
          Quantity::new,
          null);

  static final Field<CustomerId> CUSTOMER =
      text("customer", CODE, "who buys", false, CustomerId::new, null);
  static final Field<CategoryId> CATEGORY =
      text(
          "category",
          CODE,
          "what the SKU is sold as; what the policy says unless given",
          false,
          CategoryId::new,
          null);

  private static final Field<Long> AMOUNT =
      units("amount", UNITS, "minor units, as pence", true, Long::valueOf, null);
  private static final Field<CurrencyCode> CURRENCY =
      text(
          "currency",
          new Shape.Text("^[A-Z]{3}$", 3),
          "three letters of ISO 4217",
          true,
          CurrencyCode::new,
          null);

  static final Field<Money> UNIT_PRICE =
      table(
          "unitPrice",
          List.of(AMOUNT, CURRENCY),
          "the list price of a unit",
          v -> new Money(v.get(AMOUNT), v.get(CURRENCY)));

  private static final Field<String> NAME =
      text("name", CODE, "of the attribute", true, value -> value, null);
  private static final Field<String> VALUE =
      text("value", CODE, "of the attribute", true, value -> value, null);

  static final Field<List<Attribute>> ATTRIBUTES =
      several(
          "attributes",
          new Shape.Table(List.of(NAME, VALUE)),
          0,
          CartLine.MAX_ATTRIBUTES,
          "other facts that rules may ask for",
          node -> {
            Members v = Members.read(object(node), List.of(NAME, VALUE));
            return new Attribute(v.get(NAME), v.get(VALUE));
          });

  private static final List<Field<?>> OF_A_LINE =
      List.of(SKU, QUANTITY, UNIT_PRICE, CATEGORY, ATTRIBUTES);

  static final Field<List<CartLine>> LINES =
      several(
          "lines",
          new Shape.Table(OF_A_LINE),
          1,
          Cart.MAX_LINES,
          "what is bought",
          node -> {
            Members v = Members.read(object(node), OF_A_LINE);
            return new CartLine(
                v.get(SKU),
                v.get(QUANTITY),
                v.get(UNIT_PRICE),
                v.find(CATEGORY),
                Set.copyOf(v.get(ATTRIBUTES)));
          });

  private static final Field<LocationId> FROM =
      text(
          "location",
          CODE,
          "where from; the ledger chooses unless given",
          false,
          LocationId::new,
          null);

  private static final Field<Money> PRICE_IF_ANY =
      new Field<>(
          UNIT_PRICE.name(),
          UNIT_PRICE.shape(),
          "the list price of a unit; on every line or on none",
          false,
          UNIT_PRICE.read(),
          null);

  private static final List<Field<?>> OF_AN_ORDER_LINE =
      List.of(SKU, FROM, QUANTITY, PRICE_IF_ANY, CATEGORY, ATTRIBUTES);

  private static final List<Field<?>> OF_UNITS = List.of(SKU, FROM, QUANTITY);

  static final Field<List<OrderLine>> ORDER_LINES =
      several(
          "lines",
          new Shape.Table(OF_AN_ORDER_LINE),
          1,
          HoldCommand.MAX_LINES,
          "what is to be held",
          node -> {
            Members v = Members.read(object(node), OF_AN_ORDER_LINE);
            return new OrderLine(
                v.get(SKU),
                v.find(FROM),
                v.get(QUANTITY),
                v.find(PRICE_IF_ANY),
                v.find(CATEGORY),
                Set.copyOf(v.get(ATTRIBUTES)));
          });

  static final Field<List<OrderLine>> UNITS_TAKEN =
      several(
          "lines",
          new Shape.Table(OF_UNITS),
          1,
          HoldCommand.MAX_LINES,
          "what is sold",
          Field::units);

  static final Field<List<OrderLine>> UNITS_CONFIRMED =
      several(
          "lines",
          new Shape.Table(OF_UNITS),
          0,
          HoldCommand.MAX_LINES,
          "what of the hold is sold; all that is held unless given",
          Field::units);

  static final Field<List<LocationId>> LOCATIONS =
      several(
          "locations",
          CODE,
          0,
          HoldCommand.MAX_LOCATIONS,
          "where lines without a location are taken from, the nearest first; the ledger's own order"
              + " unless given",
          node -> new LocationId(string(node)));

  static final Field<SkuName> SKU_NAME =
      text(
          "name",
          new Shape.Text("\\S", SkuName.MAX_LENGTH),
          "what customers know it by",
          true,
          SkuName::new,
          null);

  static final Field<CategoryId> SOLD_AS =
      text("category", CODE, "what it is sold as", false, CategoryId::new, null);

  static final Field<Money> LIST_PRICE =
      new Field<>(
          UNIT_PRICE.name(),
          UNIT_PRICE.shape(),
          UNIT_PRICE.meaning(),
          false,
          UNIT_PRICE.read(),
          null);

  static final Field<Boolean> DISCONTINUED =
      new Field<>(
          "discontinued",
          new Shape.Truth(),
          "whether the shop no longer offers it; false unless given",
          false,
          Field::truth,
          false);

  static final Field<HoldId> HOLD =
      text(
          "hold",
          new Shape.Text("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", 36),
          "which hold",
          true,
          HoldId::of,
          null);

  static final Field<Long> TTL_SECONDS =
      units(
          "ttlSeconds",
          new Shape.Units(1, HoldCommand.MAX_TTL_SECONDS, false),
          "how long from now, in seconds",
          true,
          Long::valueOf,
          null);

  static final Field<Rest> REST =
      words(
          "rest",
          Map.of("release", Rest.RELEASE, "keep", Rest.KEEP),
          "what becomes of what is not confirmed: released, unless given, or kept until the hold's"
              + " time",
          Rest.RELEASE);

  static final Field<List<CouponCode>> COUPONS =
      several(
          "coupons",
          CODE,
          0,
          Cart.MAX_COUPONS,
          "codes that the customer has shown",
          node -> new CouponCode(string(node)));

  static final Field<OnExhausted> ON_EXHAUSTED =
      words(
          "onExhausted",
          Map.of("reject", OnExhausted.REJECT, "skip", OnExhausted.SKIP),
          "what to do if a campaign cannot pay: reject the order, unless given, or skip the campaign",
          OnExhausted.REJECT);

  static final Field<ReleaseStage> RELEASE_STAGE =
      words(
          "releaseStage",
          Arrays.stream(ReleaseStage.values()).collect(toMap(RequestHeaders::word, stage -> stage)),
          "by which version of the policy: stable, unless given, or canary; X-Release-Stage says the"
              + " same",
          ReleaseStage.STABLE);

  static final Field<Instant> AT =
      text(
          "at",
          new Shape.Text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$", 40),
          "when; now unless given",
          false,
          Field::instant,
          null);

  static final Field<PolicyFingerprint> FINGERPRINT =
      text(
          "fingerprint",
          new Shape.Text("^[0-9a-f]{64}$", 64),
          "which version of the policy",
          true,
          PolicyFingerprint::new,
          null);

  static final Field<CanonicalPolicy> CONTENT =
      text(
          "content",
          new Shape.Text("^\\{", Integer.MAX_VALUE),
          "its canonical form; not needed for a version that the ledger has",
          false,
          CanonicalPolicy::parse,
          null);

  private static Instant instant(String value) {
    try {
      Instant instant = OffsetDateTime.parse(value).toInstant();
      if (FIRST_INSTANT.isAfter(instant) || !LAST_INSTANT.isAfter(instant)) {
        throw new InvalidValueException("must be a time of the years 1970 to 9998");
      }
      return instant;
    } catch (DateTimeParseException e) {
      throw new InvalidValueException("must be a time with its offset, as 2010-12-01T12:00:00Z");
    }
  }

  private static OrderLine units(JsonNode node) {
    Members v = Members.read(object(node), OF_UNITS);
    return OrderLine.of(v.get(SKU), v.find(FROM), v.get(QUANTITY));
  }

  private static String string(JsonNode node) {
    if (!node.isString()) {
      throw new InvalidValueException("must be a string");
    }
    return node.asString();
  }

  private static boolean truth(JsonNode node) {
    if (!node.isBoolean()) {
      throw new InvalidValueException("must be true or false");
    }
    return node.asBoolean();
  }

  private static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new InvalidValueException("must be an object");
  }

  private static <T> Field<T> table(
      String name, List<Field<?>> members, String meaning, Function<Members, T> make) {
    return new Field<>(
        name,
        new Shape.Table(members),
        meaning,
        true,
        node -> make.apply(Members.read(object(node), members)),
        null);
  }

  private static <T> Field<T> words(String name, Map<String, T> words, String meaning, T absent) {
    List<String> known = words.keySet().stream().sorted().toList();
    return new Field<>(
        name,
        new Shape.Words(known),
        meaning,
        false,
        node -> {
          T value = words.get(string(node));
          if (value == null) {
            throw new InvalidValueException("must be one of " + String.join(", ", known));
          }
          return value;
        },
        absent);
  }

  /** A list, required unless it may be empty; every one that is wrong is named. */
  private static <T> Field<List<T>> several(
      String name, Shape each, int min, int max, String meaning, Function<JsonNode, T> read) {
    return new Field<>(
        name,
        new Shape.Several(each, min, max),
        meaning,
        min > 0,
        node -> {
          if (!node.isArray() || node.size() < min || node.size() > max) {
            throw new InvalidValueException("must be a list of " + min + " to " + max);
          }
          List<T> values = new ArrayList<>(node.size());
          List<Violation> violations = new ArrayList<>();
          for (int i = 0; i < node.size(); i++) {
            String place = Integer.toString(i);
            try {
              values.add(read.apply(node.get(i)));
            } catch (InvalidMembersException e) {
              e.violations().forEach(within -> violations.add(within.under(place)));
            } catch (InvalidValueException e) {
              violations.add(
                  new Violation('/' + place, Objects.requireNonNullElse(e.getMessage(), "")));
            }
          }
          if (!violations.isEmpty()) {
            throw new InvalidMembersException(violations);
          }
          return List.copyOf(values);
        },
        min > 0 ? null : List.of());
  }

  private static <T> Field<T> text(
      String name,
      Shape shape,
      String meaning,
      boolean required,
      Function<String, T> make,
      @Nullable T absent) {
    return new Field<>(name, shape, meaning, required, node -> make.apply(string(node)), absent);
  }

  private static <T> Field<T> units(
      String name,
      Shape shape,
      String meaning,
      boolean required,
      LongFunction<T> make,
      @Nullable T absent) {
    return new Field<>(
        name,
        shape,
        meaning,
        required,
        node -> {
          if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new InvalidValueException("must be a whole number, at most " + Quantity.MAX);
          }
          return make.apply(node.asLong());
        },
        absent);
  }
}
