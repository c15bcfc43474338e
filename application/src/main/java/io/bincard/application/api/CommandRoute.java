package io.bincard.application.api;

import static io.bincard.application.problems.ProblemType.ADJUSTMENT_EXCEEDS_STOCK;
import static io.bincard.application.problems.ProblemType.COUNT_BELOW_RESERVED;
import static io.bincard.application.problems.ProblemType.INSUFFICIENT_STOCK;
import static io.bincard.application.problems.ProblemType.QUANTITY_LIMIT_EXCEEDED;
import static io.bincard.application.problems.ProblemType.STALE_VERSION;
import static io.bincard.application.problems.ProblemType.STOCK_ITEM_ALREADY_REGISTERED;
import static io.bincard.application.problems.ProblemType.STOCK_ITEM_FROZEN;
import static io.bincard.application.problems.ProblemType.STOCK_ITEM_NOT_FROZEN;
import static io.bincard.application.problems.ProblemType.UNKNOWN_STOCK_ITEM;

import io.bincard.application.problems.ProblemType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * The routes of single commands as a reader of the API's document sees them. The examples are a
 * story of one item: run from top to bottom, each is done.
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
      STOCK_ITEM_NOT_FROZEN);

  /** The SKU in the path of every example. */
  static final String EXAMPLE_SKU = "TEAPOT-1";

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

  boolean hasSkuInPath() {
    return path.contains("{sku}");
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
