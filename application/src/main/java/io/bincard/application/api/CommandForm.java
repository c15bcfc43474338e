package io.bincard.application.api;

import static io.bincard.application.api.Field.BACKORDER_LIMIT;
import static io.bincard.application.api.Field.CONTENT;
import static io.bincard.application.api.Field.COUNTED;
import static io.bincard.application.api.Field.COUPONS;
import static io.bincard.application.api.Field.CUSTOMER;
import static io.bincard.application.api.Field.DELTA;
import static io.bincard.application.api.Field.DISCONTINUED;
import static io.bincard.application.api.Field.DOCUMENT;
import static io.bincard.application.api.Field.FINGERPRINT;
import static io.bincard.application.api.Field.HOLD;
import static io.bincard.application.api.Field.LINES;
import static io.bincard.application.api.Field.LIST_PRICE;
import static io.bincard.application.api.Field.LOCATION;
import static io.bincard.application.api.Field.LOCATIONS;
import static io.bincard.application.api.Field.ON_EXHAUSTED;
import static io.bincard.application.api.Field.OPENING_QUANTITY;
import static io.bincard.application.api.Field.ORDER_ID;
import static io.bincard.application.api.Field.ORDER_LINES;
import static io.bincard.application.api.Field.QUANTITY;
import static io.bincard.application.api.Field.REASON;
import static io.bincard.application.api.Field.RELEASE_STAGE;
import static io.bincard.application.api.Field.REST;
import static io.bincard.application.api.Field.SAFETY_STOCK;
import static io.bincard.application.api.Field.SKU;
import static io.bincard.application.api.Field.SKU_NAME;
import static io.bincard.application.api.Field.SOLD_AS;
import static io.bincard.application.api.Field.TTL_SECONDS;
import static io.bincard.application.api.Field.UNITS_CONFIRMED;
import static io.bincard.application.api.Field.UNITS_TAKEN;

import io.bincard.application.api.Members.Violation;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.catalog.CatalogCommand;
import io.bincard.domain.discount.DiscountCommand;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.register.PolicyCommand;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a command looks like in JSON: its type in kebab case, its members and how they make the
 * command.
 *
 * <p>Routes, batch lines and the OpenAPI document all read this table. A form refuses with every
 * member that is wrong at once.
 */
record CommandForm(
    String type, List<Field<?>> fields, Function<Members, ? extends LedgerCommand> make) {

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

  static final CommandForm APPLY_DISCOUNT =
      form(
          "apply-discount",
          List.of(ORDER_ID, LINES, COUPONS, CUSTOMER, ON_EXHAUSTED, RELEASE_STAGE),
          v ->
              new DiscountCommand.ApplyDiscount(
                  v.get(ORDER_ID),
                  v.get(LINES),
                  Set.copyOf(v.get(COUPONS)),
                  v.find(CUSTOMER),
                  v.get(ON_EXHAUSTED),
                  v.get(RELEASE_STAGE)));

  static final CommandForm REVOKE_DISCOUNT =
      form(
          "revoke-discount",
          List.of(ORDER_ID),
          v -> new DiscountCommand.RevokeDiscount(v.get(ORDER_ID)));

  static final CommandForm PLACE_HOLD =
      form(
          "place-hold",
          List.of(
              ORDER_ID,
              ORDER_LINES,
              LOCATIONS,
              COUPONS,
              CUSTOMER,
              ON_EXHAUSTED,
              RELEASE_STAGE,
              TTL_SECONDS),
          v ->
              new HoldCommand.PlaceHold(
                  v.get(ORDER_ID),
                  v.get(ORDER_LINES),
                  v.get(LOCATIONS),
                  Set.copyOf(v.get(COUPONS)),
                  v.find(CUSTOMER),
                  v.get(ON_EXHAUSTED),
                  v.get(RELEASE_STAGE),
                  v.get(TTL_SECONDS)));

  static final CommandForm CONFIRM_HOLD =
      form(
          "confirm-hold",
          List.of(HOLD, UNITS_CONFIRMED, REST),
          v -> new HoldCommand.ConfirmHold(v.get(HOLD), v.get(UNITS_CONFIRMED), v.get(REST)));

  static final CommandForm EXTEND_HOLD =
      form(
          "extend-hold",
          List.of(HOLD, TTL_SECONDS),
          v -> new HoldCommand.ExtendHold(v.get(HOLD), v.get(TTL_SECONDS)));

  static final CommandForm RELEASE_HOLD =
      form("release-hold", List.of(HOLD), v -> new HoldCommand.ReleaseHold(v.get(HOLD)));

  static final CommandForm DEDUCT_ORDER =
      form(
          "deduct-order",
          List.of(ORDER_ID, UNITS_TAKEN, LOCATIONS),
          v -> new HoldCommand.DeductOrder(v.get(ORDER_ID), v.get(UNITS_TAKEN), v.get(LOCATIONS)));

  static final CommandForm ACTIVATE_POLICY =
      form(
          "activate-policy",
          List.of(FINGERPRINT, CONTENT),
          v -> new PolicyCommand.ActivatePolicy(v.get(FINGERPRINT), content(v)));

  static final CommandForm STAGE_POLICY =
      form(
          "stage-policy",
          List.of(FINGERPRINT, CONTENT),
          v -> new PolicyCommand.StagePolicy(v.get(FINGERPRINT), content(v)));

  static final CommandForm UNSTAGE_POLICY =
      form("unstage-policy", List.of(), v -> new PolicyCommand.UnstagePolicy());

  static final CommandForm DESCRIBE_SKU =
      form(
          "describe-sku",
          List.of(SKU, SKU_NAME, SOLD_AS, LIST_PRICE, DISCONTINUED),
          v ->
              new CatalogCommand.DescribeSku(
                  v.get(SKU),
                  v.get(SKU_NAME),
                  v.find(SOLD_AS),
                  v.find(LIST_PRICE),
                  v.get(DISCONTINUED)));

  /** The content of a policy in its one form, which is what the fingerprint is of. */
  private static @Nullable String content(Members v) {
    CanonicalPolicy content = v.find(CONTENT);
    if (content == null) {
      return null;
    }
    if (!content.fingerprint().equals(v.get(FINGERPRINT))) {
      throw new InvalidMembersException(
          List.of(new Violation("/fingerprint", "the content has " + content.fingerprint())));
    }
    return content.json();
  }

  private static CommandForm form(
      String type, List<Field<?>> fields, Function<Members, ? extends LedgerCommand> make) {
    CommandForm form = new CommandForm(type, fields, make);
    FORMS.put(type, form);
    return form;
  }

  /**
   * Whether it is about one thing that may be there already, so that {@code If-Match} can ask for
   * its version. A hold that is to be placed was never there, and an order is about many items.
   */
  boolean takesVersion() {
    return !equals(PLACE_HOLD) && !equals(DEDUCT_ORDER);
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

  /**
   * The command that {@code json} says.
   *
   * @param stage that its request asks for, {@code null} if it does not say
   * @throws InvalidRequestException naming every member that is missing, unknown or wrong
   */
  LedgerCommand read(ObjectNode json, @Nullable ReleaseStage stage) {
    if (stage != null && fields.contains(RELEASE_STAGE)) {
      JsonNode asked = StringNode.valueOf(RequestHeaders.word(stage));
      JsonNode said = json.putIfAbsent(RELEASE_STAGE.name(), asked);
      if (said != null && !said.equals(asked)) {
        throw invalid(
            List.of(
                new Violation(
                    "/" + RELEASE_STAGE.name(),
                    "must not say another than " + RequestHeaders.RELEASE_STAGE)));
      }
    }
    try {
      return make.apply(Members.read(json, fields));
    } catch (InvalidMembersException e) {
      throw invalid(e.violations());
    } catch (InvalidValueException e) {
      throw invalid(List.of(new Violation("", Objects.requireNonNullElse(e.getMessage(), ""))));
    }
  }

  static InvalidRequestException invalid(List<Violation> violations) {
    Violation first = violations.getFirst();
    return new InvalidRequestException(
        Problem.of(
            ProblemType.INVALID_COMMAND,
            (first.pointer() + " " + first.rule()).strip(),
            Map.of("errors", violations)));
  }
}
