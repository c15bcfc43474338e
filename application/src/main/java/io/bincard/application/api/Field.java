package io.bincard.application.api;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
  }

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

  private static <T> Field<T> text(
      String name,
      Shape shape,
      String meaning,
      boolean required,
      Function<String, T> make,
      @Nullable T absent) {
    return new Field<>(
        name,
        shape,
        meaning,
        required,
        node -> {
          if (!node.isString()) {
            throw new InvalidValueException("must be a string");
          }
          return make.apply(node.asString());
        },
        absent);
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
