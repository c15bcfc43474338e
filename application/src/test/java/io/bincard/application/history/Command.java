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

  private static String units(long units, String order) {
    return "\"quantity\":%d,\"orderId\":%s".formatted(units, quoted(order));
  }

  static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }

  /** The route that it is posted to by itself. */
  public String path() {
    String route = ROUTES.get(type);
    return route == null ? "/v1/stock-items" : "/v1/stock/" + sku + "/" + route;
  }

  /** What is posted there. */
  public String body() {
    return ROUTES.containsKey(type)
        ? "{" + members + "}"
        : "{\"sku\":" + quoted(sku) + "," + members + "}";
  }

  /** It as a line of {@code POST /v1/commands}. */
  public String line() {
    return "{\"key\":%s,\"type\":%s,\"sku\":%s%s}"
        .formatted(quoted(key), quoted(type), quoted(sku), members.isEmpty() ? "" : "," + members);
  }

  /** The command of a {@link #line}. */
  static Command ofLine(JsonNode line) {
    ObjectNode members = ((ObjectNode) line).deepCopy();
    members.remove(List.of("key", "type", "sku"));
    String json = JSON.writeValueAsString(members);
    return new Command(
        line.path("key").asString(),
        line.path("type").asString(),
        line.path("sku").asString(),
        json.substring(1, json.length() - 1));
  }

  /** Every member of the {@link #line}. */
  JsonNode asJson() {
    return JSON.readTree(line());
  }
}
