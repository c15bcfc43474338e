package io.bincard.application.history;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command as a client sends it.
 *
 * @param type {@code deduct-stock} and the like
 * @param sku empty for a command that is not about a stock item
 * @param members the JSON of its other members, without braces; no location stands for MAIN
 */
public record Command(String key, String type, String sku, String members) {

  static final JsonMapper JSON = JsonMapper.shared();

  private static final Map<String, String> ROUTES =
      Map.of(
          "receive-stock", "receipts",
          "deduct-stock", "deductions",
          "return-stock", "returns",
          "adjust-stock", "adjustments",
          "count-stock", "counts");

  /** Those that are posted to no route of an item. */
  private static final Map<String, String> OTHER_ROUTES =
      Map.ofEntries(
          Map.entry("apply-discount", "POST /v1/discounts"),
          Map.entry("revoke-discount", "DELETE /v1/discounts/"),
          Map.entry("activate-policy", "PUT /v1/policies/in-force"),
          Map.entry("stage-policy", "PUT /v1/policies/staged"),
          Map.entry("unstage-policy", "DELETE /v1/policies/staged"),
          Map.entry("place-hold", "POST /v1/holds"),
          Map.entry("confirm-hold", "POST /v1/holds/%s/confirmation"),
          Map.entry("extend-hold", "POST /v1/holds/%s/extension"),
          Map.entry("release-hold", "DELETE /v1/holds/%s"),
          Map.entry("deduct-order", "POST /v1/deductions"));

  private static final String HOLD = "hold";

  public static Command register(String key, String sku, long openingQuantity) {
    return new Command(
        key, "register-stock-item", sku, "\"openingQuantity\":%d".formatted(openingQuantity));
  }

  public static Command receive(String key, String sku, long units) {
    return new Command(key, "receive-stock", sku, "\"quantity\":%d".formatted(units));
  }

  public static Command deduct(String key, String sku, long units, String order) {
    return new Command(key, "deduct-stock", sku, units(units, order));
  }

  public static Command giveBack(String key, String sku, long units, String order) {
    return new Command(key, "return-stock", sku, units(units, order));
  }

  public static Command adjust(String key, String sku, long delta, String reason) {
    return new Command(
        key, "adjust-stock", sku, "\"delta\":%d,\"reason\":%s".formatted(delta, quoted(reason)));
  }

  /** Puts a policy in force by its canonical form. */
  public static Command activatePolicy(String key, String fingerprint, String content) {
    return new Command(
        key,
        "activate-policy",
        "",
        "\"fingerprint\":%s,\"content\":%s".formatted(quoted(fingerprint), quoted(content)));
  }

  /**
   * @param members the JSON of all but the order, without braces
   */
  public static Command applyDiscount(String key, String order, String members) {
    return new Command(
        key, "apply-discount", "", "\"orderId\":%s,%s".formatted(quoted(order), members));
  }

  public static Command revokeDiscount(String key, String order) {
    return new Command(key, "revoke-discount", "", "\"orderId\":" + quoted(order));
  }

  /**
   * @param members the JSON of all but the order and the time, without braces
   */
  public static Command placeHold(String key, String order, long ttlSeconds, String members) {
    return new Command(
        key,
        "place-hold",
        "",
        "\"orderId\":%s,\"ttlSeconds\":%d,%s".formatted(quoted(order), ttlSeconds, members));
  }

  /**
   * A second step.
   *
   * @param type {@code confirm-hold} and the like
   * @param members the JSON of all but the hold, without braces; may be empty
   */
  public static Command ofHold(String key, String type, String hold, String members) {
    return new Command(
        key,
        type,
        "",
        "\"hold\":%s%s".formatted(quoted(hold), members.isEmpty() ? "" : "," + members));
  }

  /**
   * @param lines their JSON, without brackets
   */
  public static Command deductOrder(String key, String order, String lines) {
    return new Command(
        key, "deduct-order", "", "\"orderId\":%s,\"lines\":[%s]".formatted(quoted(order), lines));
  }

  private static String units(long units, String order) {
    return "\"quantity\":%d,\"orderId\":%s".formatted(units, quoted(order));
  }

  static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }

  /** How it is sent to {@link #path}. */
  public String method() {
    return route().substring(0, route().indexOf(' '));
  }

  /** The route that it is sent to by itself. */
  public String path() {
    String path = route().substring(route().indexOf(' ') + 1);
    if (path.contains("%s")) {
      return path.formatted(asJson().path(HOLD).asString());
    }
    return path.endsWith("/") ? path + asJson().path("orderId").asString() : path;
  }

  private String route() {
    String route = ROUTES.get(type);
    return route == null
        ? OTHER_ROUTES.getOrDefault(type, "POST /v1/stock-items")
        : "POST /v1/stock/" + sku + "/" + route;
  }

  /** What is sent there; empty if nothing is. */
  public String body() {
    if (method().equals("DELETE")) {
      return "";
    }
    if (path().startsWith("/v1/holds/")) { // the path names it
      ObjectNode body = (ObjectNode) JSON.readTree("{" + members + "}");
      return JSON.writeValueAsString(body.without(HOLD));
    }
    return sku.isEmpty() || ROUTES.containsKey(type)
        ? "{" + members + "}"
        : "{\"sku\":" + quoted(sku) + "," + members + "}";
  }

  /** It as a line of {@code POST /v1/commands}. */
  public String line() {
    return "{\"key\":%s,\"type\":%s%s%s}"
        .formatted(
            quoted(key),
            quoted(type),
            sku.isEmpty() ? "" : ",\"sku\":" + quoted(sku),
            members.isEmpty() ? "" : "," + members);
  }

  /** The command of a {@link #line}. */
  static Command ofLine(JsonNode line) {
    ObjectNode members = ((ObjectNode) line).deepCopy();
    members.remove(List.of("key", "type", "sku"));
    String json = JSON.writeValueAsString(members);
    return new Command(
        line.path("key").asString(),
        line.path("type").asString(),
        line.path("sku").asString(""),
        json.substring(1, json.length() - 1));
  }

  /** Every member of the {@link #line}. */
  JsonNode asJson() {
    return JSON.readTree(line());
  }
}
