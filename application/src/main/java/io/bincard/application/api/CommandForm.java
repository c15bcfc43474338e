package io.bincard.application.api;

import static io.bincard.application.api.Field.BACKORDER_LIMIT;
import static io.bincard.application.api.Field.COUNTED;
import static io.bincard.application.api.Field.DELTA;
import static io.bincard.application.api.Field.DOCUMENT;
import static io.bincard.application.api.Field.LOCATION;
import static io.bincard.application.api.Field.OPENING_QUANTITY;
import static io.bincard.application.api.Field.ORDER_ID;
import static io.bincard.application.api.Field.QUANTITY;
import static io.bincard.application.api.Field.REASON;
import static io.bincard.application.api.Field.SAFETY_STOCK;
import static io.bincard.application.api.Field.SKU;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a command looks like in JSON: its type in kebab case, its members and how they make the
 * command.
 *
 * <p>Routes, batch lines and the OpenAPI document all read this table. A form refuses with every
 * member that is wrong at once.
 */
record CommandForm(String type, List<Field<?>> fields, Function<Values, StockCommand> make) {

  private static final int LONGEST_NAME_SHOWN = 64;

  private static final Map<String, CommandForm> FORMS = new LinkedHashMap<>();

  static final CommandForm REGISTER_STOCK_ITEM =
      form(
          "register-stock-item",
          List.of(SKU, LOCATION, OPENING_QUANTITY, SAFETY_STOCK, BACKORDER_LIMIT),
          v ->
              new StockCommand.RegisterStockItem(
                  v.get(SKU),
                  v.get(LOCATION),
                  v.get(OPENING_QUANTITY),
                  v.getOr(SAFETY_STOCK, Quantity.ZERO),
                  v.getOr(BACKORDER_LIMIT, Quantity.ZERO)));

  static final CommandForm RECEIVE_STOCK =
      form(
          "receive-stock",
          List.of(SKU, LOCATION, QUANTITY, DOCUMENT),
          v ->
              new StockCommand.ReceiveStock(
                  v.get(SKU), v.get(LOCATION), v.get(QUANTITY), v.find(DOCUMENT)));

  static final CommandForm DEDUCT_STOCK =
      form(
          "deduct-stock",
          List.of(SKU, LOCATION, QUANTITY, ORDER_ID),
          v ->
              new StockCommand.DeductStock(
                  v.get(SKU), v.get(LOCATION), v.get(QUANTITY), v.get(ORDER_ID)));

  static final CommandForm RETURN_STOCK =
      form(
          "return-stock",
          List.of(SKU, LOCATION, QUANTITY, ORDER_ID),
          v ->
              new StockCommand.ReturnStock(
                  v.get(SKU), v.get(LOCATION), v.get(QUANTITY), v.get(ORDER_ID)));

  static final CommandForm ADJUST_STOCK =
      form(
          "adjust-stock",
          List.of(SKU, LOCATION, DELTA, REASON),
          v ->
              new StockCommand.AdjustStock(
                  v.get(SKU), v.get(LOCATION), v.get(DELTA), v.get(REASON)));

  static final CommandForm COUNT_STOCK =
      form(
          "count-stock",
          List.of(SKU, LOCATION, COUNTED),
          v -> new StockCommand.CountStock(v.get(SKU), v.get(LOCATION), v.get(COUNTED)));

  static final CommandForm SET_STOCK_POLICY =
      form(
          "set-stock-policy",
          List.of(SKU, LOCATION, SAFETY_STOCK, BACKORDER_LIMIT),
          v -> {
            if (v.find(SAFETY_STOCK) == null && v.find(BACKORDER_LIMIT) == null) {
              throw new InvalidValueException("safetyStock or backorderLimit is required");
            }
            return new StockCommand.SetStockPolicy(
                v.get(SKU), v.get(LOCATION), v.find(SAFETY_STOCK), v.find(BACKORDER_LIMIT));
          });

  static final CommandForm FREEZE_STOCK_ITEM =
      form(
          "freeze-stock-item",
          List.of(SKU, LOCATION, REASON),
          v -> new StockCommand.FreezeStockItem(v.get(SKU), v.get(LOCATION), v.get(REASON)));

  static final CommandForm UNFREEZE_STOCK_ITEM =
      form(
          "unfreeze-stock-item",
          List.of(SKU, LOCATION, REASON),
          v -> new StockCommand.UnfreezeStockItem(v.get(SKU), v.get(LOCATION), v.get(REASON)));

  private static CommandForm form(
      String type, List<Field<?>> fields, Function<Values, StockCommand> make) {
    CommandForm form = new CommandForm(type, fields, make);
    FORMS.put(type, form);
    return form;
  }

  /** Every form, by type. */
  static Map<String, CommandForm> all() {
    return Map.copyOf(FORMS);
  }

  /**
   * The form of {@code type}.
   *
   * @throws InvalidRequestException if there is none
   */
  static CommandForm of(@Nullable JsonNode type) {
    return of(type != null && type.isString() ? type.asString() : "");
  }

  /**
   * The form of {@code type}.
   *
   * @throws InvalidRequestException if there is none
   */
  static CommandForm of(String type) {
    CommandForm form = FORMS.get(type);
    if (form == null) {
      throw invalid(
          List.of(
              new Violation(
                  "/type", "must be one of " + String.join(", ", new TreeSet<>(FORMS.keySet())))));
    }
    return form;
  }

  /** A member that breaks a rule. */
  record Violation(String pointer, String rule) {}

  /**
   * The command that {@code json} says.
   *
   * @throws InvalidRequestException naming every member that is missing, unknown or wrong
   */
  StockCommand read(ObjectNode json) {
    Map<Field<?>, Object> values = new HashMap<>();
    List<Violation> violations = new ArrayList<>();
    for (Field<?> field : fields) {
      JsonNode node = json.remove(field.name());
      try {
        Object value = node == null || node.isNull() ? absent(field) : field.read().apply(node);
        if (value != null) {
          values.put(field, value);
        }
      } catch (InvalidValueException e) {
        violations.add(
            new Violation("/" + field.name(), Objects.requireNonNullElse(e.getMessage(), "")));
      }
    }
    json.propertyNames()
        .forEach(name -> violations.add(new Violation("/" + shown(name), "is not known here")));
    if (!violations.isEmpty()) {
      throw invalid(violations);
    }
    try {
      return make.apply(new Values(values));
    } catch (InvalidValueException e) {
      throw invalid(List.of(new Violation("", Objects.requireNonNullElse(e.getMessage(), ""))));
    }
  }

  private static @Nullable Object absent(Field<?> field) {
    if (field.required()) {
      throw new InvalidValueException("is required");
    }
    return field.absent();
  }

  /** A name as an error may repeat it: short, visible ASCII. */
  private static String shown(String name) {
    String visible = name.replaceAll("[^ -~]", "?");
    return visible.length() > LONGEST_NAME_SHOWN
        ? visible.substring(0, LONGEST_NAME_SHOWN) + "…"
        : visible;
  }

  static InvalidRequestException invalid(List<Violation> violations) {
    Violation first = violations.getFirst();
    return new InvalidRequestException(
        Problem.of(
            ProblemType.INVALID_COMMAND,
            (first.pointer() + " " + first.rule()).strip(),
            Map.of("errors", violations)));
  }

  /** The members that were read. */
  record Values(Map<Field<?>, Object> byField) {

    @SuppressWarnings("unchecked") // a field's value was made by the field
    <T> @Nullable T find(Field<T> field) {
      return (T) byField.get(field);
    }

    <T> T get(Field<T> field) {
      return Objects.requireNonNull(find(field), field.name());
    }

    <T> T getOr(Field<T> field, T other) {
      return Objects.requireNonNullElse(find(field), other);
    }
  }
}
