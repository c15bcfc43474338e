package io.bincard.projections.push.wire;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.push.hub.StockHub;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client may say on a socket, read strictly. */
sealed interface SocketRequest {

  /**
   * Tell me of {@code items} from now on.
   *
   * @param from the position up to which I have them, {@link StockHub#FROM_NOTHING} if I do not
   */
  record Subscribe(List<StockItemId> items, long from) implements SocketRequest {}

  record Unsubscribe(List<StockItemId> items) implements SocketRequest {}

  /**
   * Are you there?
   *
   * @param id a text or a whole number, told back
   */
  record Ping(Object id) implements SocketRequest {}

  int LONGEST_ID = 64;

  JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * What {@code text} asks for.
   *
   * @param most SKUs at most
   * @throws InvalidValueException if {@code text} is nothing that a client may say
   */
  static SocketRequest parse(String text, int most) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new InvalidValueException("a message is one JSON object without repeated members");
    }
    return switch (message.path("type").asString("")) {
      case "subscribe" -> {
        allow(message, Set.of("type", "skus", "location", "lastPosition", "redirectToken"));
        yield new Subscribe(items(message, most), position(message.get("lastPosition")));
      }
      case "unsubscribe" -> {
        allow(message, Set.of("type", "skus", "location"));
        yield new Unsubscribe(items(message, most));
      }
      case "ping" -> {
        allow(message, Set.of("type", "id"));
        yield new Ping(id(message.get("id")));
      }
      default -> throw new InvalidValueException("type is subscribe, unsubscribe or ping");
    };
  }

  private static void allow(JsonNode message, Set<String> known) {
    Set<String> others = new HashSet<>(message.propertyNames());
    others.removeAll(known);
    if (!others.isEmpty()) {
      throw new InvalidValueException("the message has members that its type does not know");
    }
  }

  private static List<StockItemId> items(JsonNode message, int most) {
    JsonNode location = message.get("location");
    LocationId where = location == null ? LocationId.MAIN : new LocationId(text(location));
    JsonNode skus = message.path("skus");
    if (!skus.isArray() || skus.isEmpty() || skus.size() > most) {
      throw new InvalidValueException("skus is an array of 1 to " + most + " SKUs");
    }
    Set<StockItemId> items = new LinkedHashSet<>();
    skus.forEach(sku -> items.add(new StockItemId(new Sku(text(sku)), where)));
    return new ArrayList<>(items);
  }

  private static String text(JsonNode node) {
    if (!node.isString()) {
      throw new InvalidValueException("a SKU and a location are texts");
    }
    return node.asString();
  }

  private static long position(@Nullable JsonNode node) {
    if (node == null) {
      return StockHub.FROM_NOTHING;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
      throw new InvalidValueException("lastPosition is a whole number, 0 or more");
    }
    return node.asLong();
  }

  private static Object id(@Nullable JsonNode node) {
    if (node != null && node.isString() && node.asString().length() <= LONGEST_ID) {
      return node.asString();
    }
    if (node != null && node.isIntegralNumber() && node.canConvertToLong()) {
      return node.asLong();
    }
    throw new InvalidValueException(
        "id is a text of at most " + LONGEST_ID + " characters or a whole number");
  }
}
