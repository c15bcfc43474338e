package io.bincard.application.api;

import static io.bincard.application.problems.ProblemType.ADJUSTMENT_EXCEEDS_STOCK;
import static io.bincard.application.problems.ProblemType.BUDGET_EXHAUSTED;
import static io.bincard.application.problems.ProblemType.COUNT_BELOW_RESERVED;
import static io.bincard.application.problems.ProblemType.COUPON_NOT_APPLICABLE;
import static io.bincard.application.problems.ProblemType.CURRENCY_NOT_SOLD;
import static io.bincard.application.problems.ProblemType.DISCOUNT_ALREADY_APPLIED;
import static io.bincard.application.problems.ProblemType.DISCOUNT_NOT_APPLIED;
import static io.bincard.application.problems.ProblemType.EXCEEDS_HOLD;
import static io.bincard.application.problems.ProblemType.HELD_ITEMS_FROZEN;
import static io.bincard.application.problems.ProblemType.HOLD_ALREADY_CONFIRMED;
import static io.bincard.application.problems.ProblemType.HOLD_ALREADY_RELEASED;
import static io.bincard.application.problems.ProblemType.HOLD_EXPIRED;
import static io.bincard.application.problems.ProblemType.HOLD_LIFETIME_EXCEEDED;
import static io.bincard.application.problems.ProblemType.INSUFFICIENT_STOCK;
import static io.bincard.application.problems.ProblemType.NO_POLICY_IN_FORCE;
import static io.bincard.application.problems.ProblemType.NO_POLICY_STAGED;
import static io.bincard.application.problems.ProblemType.ORDER_REFUSED;
import static io.bincard.application.problems.ProblemType.POLICY_ALREADY_IN_FORCE;
import static io.bincard.application.problems.ProblemType.POLICY_ALREADY_STAGED;
import static io.bincard.application.problems.ProblemType.QUANTITY_LIMIT_EXCEEDED;
import static io.bincard.application.problems.ProblemType.STALE_HOLD_VERSION;
import static io.bincard.application.problems.ProblemType.STALE_ORDER_VERSION;
import static io.bincard.application.problems.ProblemType.STALE_REGISTER_VERSION;
import static io.bincard.application.problems.ProblemType.STALE_SKU_VERSION;
import static io.bincard.application.problems.ProblemType.STALE_VERSION;
import static io.bincard.application.problems.ProblemType.STOCK_ITEM_ALREADY_REGISTERED;
import static io.bincard.application.problems.ProblemType.STOCK_ITEM_FROZEN;
import static io.bincard.application.problems.ProblemType.STOCK_ITEM_NOT_FROZEN;
import static io.bincard.application.problems.ProblemType.TOO_MANY_RULES;
import static io.bincard.application.problems.ProblemType.UNKNOWN_HOLD;
import static io.bincard.application.problems.ProblemType.UNKNOWN_POLICY;
import static io.bincard.application.problems.ProblemType.UNKNOWN_STOCK_ITEM;

import io.bincard.application.problems.ProblemType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * The routes of single commands as a reader of the API's document sees them. The examples are a
 * story of one item, its price and a hold: run from top to bottom, each is done.
 */
@SuppressWarnings("ImmutableEnumChecker") // forms, examples and lists are unmodifiable
enum CommandRoute {
  REGISTER(
      RequestMethod.POST,
      "/v1/stock-items",
      CommandForm.REGISTER_STOCK_ITEM,
      201,
      "Register a stock item",
      "Opens the card of a SKU at a location, with what lies there already. Every other command"
          + " needs it.",
      example("sku", "TEAPOT-1", "openingQuantity", 10, "safetyStock", 1),
      STOCK_ITEM_ALREADY_REGISTERED,
      STALE_VERSION),
  RECEIVE(
      RequestMethod.POST,
      "/v1/stock/{sku}/receipts",
      CommandForm.RECEIVE_STOCK,
      201,
      "Receive stock",
      "Goods came in.",
      example("quantity", 12, "document", "DN-2026-0042"),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_FROZEN,
      QUANTITY_LIMIT_EXCEEDED),
  DEDUCT(
      RequestMethod.POST,
      "/v1/stock/{sku}/deductions",
      CommandForm.DEDUCT_STOCK,
      201,
      "Deduct stock",
      "Units leave at once: a sale without a hold. All of them, or none and insufficient-stock.",
      example("quantity", 2, "orderId", "order-1001"),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_FROZEN,
      INSUFFICIENT_STOCK),
  RETURN(
      RequestMethod.POST,
      "/v1/stock/{sku}/returns",
      CommandForm.RETURN_STOCK,
      201,
      "Return stock",
      "Units of an order come back to be sold again.",
      example("quantity", 1, "orderId", "order-1001"),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_FROZEN,
      QUANTITY_LIMIT_EXCEEDED),
  ADJUST(
      RequestMethod.POST,
      "/v1/stock/{sku}/adjustments",
      CommandForm.ADJUST_STOCK,
      201,
      "Adjust stock",
      "Corrects the figure by a signed number of units, with the reason.",
      example("delta", -1, "reason", "lid broken"),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_FROZEN,
      QUANTITY_LIMIT_EXCEEDED,
      ADJUSTMENT_EXCEEDS_STOCK),
  COUNT(
      RequestMethod.POST,
      "/v1/stock/{sku}/counts",
      CommandForm.COUNT_STOCK,
      201,
      "Count stock",
      "Somebody counted the units; the figure becomes what they found. Taken of a frozen item too.",
      example("counted", 19),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      QUANTITY_LIMIT_EXCEEDED,
      COUNT_BELOW_RESERVED),
  SET_POLICY(
      RequestMethod.PUT,
      "/v1/stock/{sku}/policy",
      CommandForm.SET_STOCK_POLICY,
      200,
      "Set the selling policy",
      "At least one of the two; the other stays as it is.",
      example("safetyStock", 2, "backorderLimit", 5),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_FROZEN),
  FREEZE(
      RequestMethod.PUT,
      "/v1/stock/{sku}/freeze",
      CommandForm.FREEZE_STOCK_ITEM,
      200,
      "Freeze a stock item",
      "Stops every change but a count and an unfreeze, for the figure is not to be trusted.",
      example("reason", "shelf under water"),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_FROZEN),
  UNFREEZE(
      RequestMethod.DELETE,
      "/v1/stock/{sku}/freeze",
      CommandForm.UNFREEZE_STOCK_ITEM,
      200,
      "Unfreeze a stock item",
      "Lets changes through again. A DELETE has no body: the members are parameters of the query.",
      example("reason", "dry again"),
      UNKNOWN_STOCK_ITEM,
      STALE_VERSION,
      STOCK_ITEM_NOT_FROZEN),
  ACTIVATE_POLICY(
      RequestMethod.PUT,
      "/v1/policies/in-force",
      CommandForm.ACTIVATE_POLICY,
      200,
      "Put a policy in force",
      "By the fingerprint of a version that the ledger has, or with its content. The files of the folder"
          + " of policies are put in force by themselves.",
      example("fingerprint", ApiPolicy.FINGERPRINT, "content", ApiPolicy.CONTENT),
      STALE_REGISTER_VERSION,
      UNKNOWN_POLICY,
      POLICY_ALREADY_IN_FORCE),
  APPLY_DISCOUNT(
      RequestMethod.POST,
      "/v1/discounts",
      CommandForm.APPLY_DISCOUNT,
      201,
      "Price an order",
      "For good, by the policy in force; budgets are taken in the same transaction.",
      example(
          "orderId",
          "order-1001",
          "lines",
          List.of(
              example(
                  "sku",
                  "TEAPOT-1",
                  "quantity",
                  2,
                  "unitPrice",
                  example("amount", 1999, "currency", "GBP")))),
      STALE_ORDER_VERSION,
      DISCOUNT_ALREADY_APPLIED,
      NO_POLICY_IN_FORCE,
      CURRENCY_NOT_SOLD,
      TOO_MANY_RULES,
      COUPON_NOT_APPLICABLE,
      BUDGET_EXHAUSTED),
  REVOKE_DISCOUNT(
      RequestMethod.DELETE,
      "/v1/discounts/{orderId}",
      CommandForm.REVOKE_DISCOUNT,
      200,
      "Take an order's price back",
      "The order does not come about; budgets have back what they paid.",
      Map.of(),
      STALE_ORDER_VERSION,
      DISCOUNT_NOT_APPLIED),
  STAGE_POLICY(
      RequestMethod.PUT,
      "/v1/policies/staged",
      CommandForm.STAGE_POLICY,
      200,
      "Stage a policy",
      "Requests with X-Release-Stage canary are priced by it.",
      example("fingerprint", ApiPolicy.FINGERPRINT),
      STALE_REGISTER_VERSION,
      UNKNOWN_POLICY,
      POLICY_ALREADY_STAGED),
  UNSTAGE_POLICY(
      RequestMethod.DELETE,
      "/v1/policies/staged",
      CommandForm.UNSTAGE_POLICY,
      200,
      "Take a staged policy back",
      "Canary requests are priced as all others again.",
      Map.of(),
      STALE_REGISTER_VERSION,
      NO_POLICY_STAGED),
  PLACE_HOLD(
      RequestMethod.POST,
      "/v1/holds",
      CommandForm.PLACE_HOLD,
      201,
      "Place a hold",
      "Promises an order its units, its price and what campaigns pay of it, for a time; all of it,"
          + " or nothing and everything that stands in the way. Lines without a location are taken"
          + " from where the ledger finds them. A price is asked for by a unitPrice on every line.",
      example(
          "orderId",
          "order-1004",
          "lines",
          List.of(
              example(
                  "sku",
                  "TEAPOT-1",
                  "quantity",
                  3,
                  "unitPrice",
                  example("amount", 1999, "currency", "GBP"))),
          "ttlSeconds",
          900),
      NO_POLICY_IN_FORCE,
      CURRENCY_NOT_SOLD,
      TOO_MANY_RULES,
      ORDER_REFUSED),
  EXTEND_HOLD(
      RequestMethod.POST,
      "/v1/holds/{hold}/extension",
      CommandForm.EXTEND_HOLD,
      200,
      "Extend a hold",
      "Lets it last for so long from now; it never ends earlier by that. " + Words.ITS_ID,
      example("ttlSeconds", 1800),
      UNKNOWN_HOLD,
      STALE_HOLD_VERSION,
      HOLD_ALREADY_CONFIRMED,
      HOLD_ALREADY_RELEASED,
      HOLD_EXPIRED,
      HOLD_LIFETIME_EXCEEDED,
      HELD_ITEMS_FROZEN),
  CONFIRM_HOLD(
      RequestMethod.POST,
      "/v1/holds/{hold}/confirmation",
      CommandForm.CONFIRM_HOLD,
      200,
      "Confirm a hold",
      "Sells what is held, all of it or what lines name; the rest is released, or kept if asked. "
          + Words.ITS_ID,
      example("lines", List.of(example("sku", "TEAPOT-1", "quantity", 2)), "rest", "keep"),
      UNKNOWN_HOLD,
      STALE_HOLD_VERSION,
      HOLD_ALREADY_CONFIRMED,
      HOLD_ALREADY_RELEASED,
      HOLD_EXPIRED,
      EXCEEDS_HOLD,
      HELD_ITEMS_FROZEN),
  RELEASE_HOLD(
      RequestMethod.DELETE,
      "/v1/holds/{hold}",
      CommandForm.RELEASE_HOLD,
      200,
      "Release a hold",
      "Gives back what is still held; what was sold stays sold. Of a hold that was released or has"
          + " expired it is so already. "
          + Words.ITS_ID,
      Map.of(),
      UNKNOWN_HOLD,
      STALE_HOLD_VERSION,
      HOLD_ALREADY_CONFIRMED),
  DEDUCT_ORDER(
      RequestMethod.POST,
      "/v1/deductions",
      CommandForm.DEDUCT_ORDER,
      201,
      "Deduct an order",
      "Everything that an order needs leaves at once, or nothing and everything that stands in the"
          + " way: a sale of many lines without a hold.",
      example("orderId", "order-1005", "lines", List.of(example("sku", "TEAPOT-1", "quantity", 1))),
      ORDER_REFUSED),
  DESCRIBE_SKU(
      RequestMethod.PUT,
      "/v1/skus/{sku}",
      CommandForm.DESCRIBE_SKU,
      200,
      "Describe a SKU",
      "What it is called, in place of whatever was said of it before; the same again changes"
          + " nothing. It need not be stocked.",
      example(
          "name",
          "Teapot, blue, 1 l",
          "category",
          "teapots",
          "unitPrice",
          example("amount", 1999, "currency", "GBP")),
      STALE_SKU_VERSION);

  /** Of descriptions; constants cannot come before what uses them, but in a class of their own. */
  private static final class Words {
    static final String ITS_ID =
        "The id is the one that the placing was answered with; the one shown is the example's.";
  }

  /** What a route is about, which decides on the shape of its answers. */
  enum Subject {
    STOCK_ITEM,
    PRICE,
    POLICY,
    HOLD,
    ORDER,
    SKU
  }

  /** The SKU in the path of every example. */
  static final String EXAMPLE_SKU = "TEAPOT-1";

  /** The order in the path of every example. */
  static final String EXAMPLE_ORDER = "order-1001";

  /** What the example's hold is called if it is placed at the time of {@link ApiExamples}. */
  static final String EXAMPLE_HOLD = "c793bbb6-ef46-8c13-838a-6fbf5827bd16";

  private final RequestMethod method;
  private final String path;
  private final CommandForm form;
  private final int status;
  private final String summary;
  private final String description;
  private final Map<String, Object> example;
  private final List<ProblemType> rejections;

  CommandRoute(
      RequestMethod method,
      String path,
      CommandForm form,
      int status,
      String summary,
      String description,
      Map<String, Object> example,
      ProblemType... rejections) {
    this.method = method;
    this.path = path;
    this.form = form;
    this.status = status;
    this.summary = summary;
    this.description = description;
    this.example = example;
    this.rejections = List.of(rejections);
  }

  private static Map<String, Object> example(Object... namesAndValues) {
    Map<String, Object> example = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      example.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return Collections.unmodifiableMap(example);
  }

  RequestMethod method() {
    return method;
  }

  /** The template, as in the mapping. */
  String path() {
    return path;
  }

  CommandForm form() {
    return form;
  }

  /** The status when it is done. */
  int status() {
    return status;
  }

  String summary() {
    return summary;
  }

  String description() {
    return description;
  }

  /** Members that make a command that is done, without the SKU of the path. */
  Map<String, Object> example() {
    return example;
  }

  /** The key that goes with the example, the same each time: a second run is a replay. */
  String exampleKey() {
    return "try-" + form.type();
  }

  /** The member that stands in the path and not in the body; {@code null} if none does. */
  @Nullable Field<?> inPath() {
    return form.fields().stream()
        .filter(field -> path.contains("{" + field.name() + "}"))
        .findFirst()
        .orElse(null);
  }

  /** What stands for {@link #inPath} in the example. */
  String exampleInPath() {
    return switch (subject()) {
      case HOLD -> EXAMPLE_HOLD;
      case PRICE, ORDER -> EXAMPLE_ORDER;
      case STOCK_ITEM, POLICY, SKU -> EXAMPLE_SKU;
    };
  }

  Subject subject() {
    String collection = path.split("/", -1)[2];
    return switch (collection) {
      case "stock-items", "stock" -> Subject.STOCK_ITEM;
      case "discounts" -> Subject.PRICE;
      case "policies" -> Subject.POLICY;
      case "holds" -> Subject.HOLD;
      case "deductions" -> Subject.ORDER;
      case "skus" -> Subject.SKU;
      default -> throw new IllegalStateException("nobody knows what " + path + " is about");
    };
  }

  /** A DELETE has no body. */
  boolean hasBody() {
    return method != RequestMethod.DELETE;
  }

  /** What the domain can refuse it with. */
  List<ProblemType> rejections() {
    return rejections;
  }
}
