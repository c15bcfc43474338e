package io.bincard.application.history;

import static io.bincard.application.history.Command.JSON;

import io.bincard.application.history.LedgerCheck.Effect;
import io.bincard.application.history.Promises.Sum;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One stock item as a naive model sees it: its figures, and what an event does to them. */
final class StockModel {

  private static final Map<String, String> EVENTS =
      Map.of(
          "register-stock-item", "stock-item-registered",
          "receive-stock", "stock-received",
          "deduct-stock", "stock-deducted",
          "return-stock", "stock-returned",
          "adjust-stock", "stock-adjusted",
          "count-stock", "stock-counted",
          "set-stock-policy", "stock-policy-set",
          "freeze-stock-item", "stock-item-frozen",
          "unfreeze-stock-item", "stock-item-unfrozen");

  private final String stream;
  private long version = -1;
  private long position;
  private long onHand;
  private final Promises promises = new Promises();
  private boolean isEverOwed;
  private long safetyStock;
  private long backorderLimit;
  private boolean frozen;

  StockModel(String stream) {
    this.stream = stream;
  }

  String stream() {
    return stream;
  }

  /** By the books: what lapsed and nobody has written down yet is still promised. */
  private long reserved() {
    return promises.total().amount();
  }

  private long available() {
    return onHand - reserved() - safetyStock;
  }

  Promises promises() {
    return promises;
  }

  /**
   * What a sender is told of an item.
   *
   * @param reserved what may have been promised when the command was decided on, first that at the
   *     time of its event
   */
  record Figures(String stream, long version, long onHand, List<Long> reserved, long safetyStock) {

    /** Members of the answer, with what is {@code told} to be promised if it may have been. */
    String members(JsonNode told) {
      long promised = told.path("reserved").asLong(-1);
      long then = reserved.contains(promised) ? promised : reserved.getLast();
      return ",\"onHand\":%d,\"reserved\":%d,\"available\":%d"
          .formatted(onHand, then, onHand - then - safetyStock);
    }
  }

  Figures figures(Instant at) {
    List<Long> reserved = promises.keptAbout(at).stream().map(Sum::amount).distinct().toList();
    return new Figures(stream, version, onHand, reserved, safetyStock);
  }

  /** The event that {@code command} must have become in the state before it: its type and bytes. */
  String expected(Command command) {
    JsonNode sent = command.asJson();
    ObjectNode payload = JSON.createObjectNode();
    payload.put("sku", command.sku());
    payload.put("location", sent.path("location").asString("MAIN"));
    switch (command.type()) {
      case "register-stock-item" -> {
        payload.put("openingQuantity", sent.path("openingQuantity").asLong());
        payload.put("safetyStock", sent.path("safetyStock").asLong(0));
        payload.put("backorderLimit", sent.path("backorderLimit").asLong(0));
      }
      case "set-stock-policy" -> {
        payload.put("safetyStock", sent.path("safetyStock").asLong(safetyStock));
        payload.put("backorderLimit", sent.path("backorderLimit").asLong(backorderLimit));
      }
      case "count-stock" -> {
        payload.put("counted", sent.path("counted").asLong());
        payload.put("delta", sent.path("counted").asLong() - onHand);
      }
      default -> {
        for (String member : new String[] {"quantity", "delta", "document", "orderId", "reason"}) {
          if (sent.hasNonNull(member)) {
            payload.set(member, sent.path(member));
          }
        }
      }
    }
    return EVENTS.getOrDefault(command.type(), "") + " " + JSON.writeValueAsString(payload);
  }

  /** Folds {@code row} in, whatever it says, and tells what must not be. */
  Effect apply(LedgerCheck.Event row, Consumer<String> violation) {
    if (row.sequence() != version + 1) {
      violation.accept(
          "I4 %s has sequence %d at %d where %d should be"
              .formatted(stream, row.sequence(), row.position(), version + 1));
    }
    if (row.type().equals("stock-item-registered") != (version < 0)) {
      violation.accept("I3 %s has %s at %d".formatted(stream, row.type(), row.position()));
    }
    if (frozen
        && !row.type()
            .matches(
                "stock-counted|stock-item-unfrozen|reservation-released|reservation-expired")) {
      violation.accept("I3 %s is frozen and moves at %d".formatted(stream, row.position()));
    }
    version = row.sequence();
    position = row.position();
    JsonNode payload = JSON.readTree(row.payload());
    long units = payload.path("quantity").asLong(0);
    long delta = payload.path("delta").asLong(0);
    String hold = payload.path("hold").asString("");
    switch (row.type()) {
      case "stock-item-registered" -> {
        onHand = payload.path("openingQuantity").asLong();
        setPolicy(payload);
      }
      case "stock-policy-set" -> setPolicy(payload);
      case "stock-received", "stock-returned" -> onHand += units;
      case "stock-deducted" -> {
        onHand -= units;
        requireNotOversold(violation);
      }
      case "stock-reserved" -> {
        promises.add(hold, time(payload, "until"), new Sum(units, 0));
        requireNotOversold(violation);
      }
      case "reservation-confirmed" -> {
        onHand -= units;
        take(hold, time(payload, "until"), units, violation);
      }
      case "reservation-extended" -> {
        take(hold, time(payload, "from"), units, violation);
        promises.add(hold, time(payload, "until"), new Sum(units, 0));
      }
      case "reservation-released", "reservation-expired" ->
          take(hold, time(payload, "until"), units, violation);
      case "stock-adjusted" -> {
        onHand += delta;
        if (delta < 0 && onHand < reserved()) {
          violation.accept(
              "I3 %s has %d on hand at %d by an adjustment".formatted(stream, onHand, position));
        }
      }
      case "stock-counted" -> {
        onHand += delta;
        if (onHand != payload.path("counted").asLong()) {
          violation.accept(
              "I3 %s was counted at %d and has %d".formatted(stream, position, onHand));
        }
      }
      case "stock-item-frozen" -> frozen = true;
      case "stock-item-unfrozen" -> frozen = false;
      default -> violation.accept("I1 no rule for %s at %d".formatted(row.type(), position));
    }
    if (!isEverOwed && onHand < reserved()) {
      violation.accept(
          "I3 %s has %d on hand and %d reserved at %d"
              .formatted(stream, onHand, reserved(), position));
    }
    Figures figures = figures(row.at());
    return new Effect(
        position,
        (last, told) ->
            ",\"stream\":%s,\"version\":%d,\"position\":%d%s"
                .formatted(Command.quoted(stream), figures.version(), last, figures.members(told)));
  }

  private void requireNotOversold(Consumer<String> violation) {
    if (available() < -backorderLimit) {
      violation.accept(
          "I3 %s is oversold at %d: %d available".formatted(stream, position, available()));
    }
  }

  private void take(String hold, Instant until, long units, Consumer<String> violation) {
    if (!promises.take(hold, until, new Sum(units, 0))) {
      violation.accept(
          "I3 %s did not promise %d to %s until %s at %d"
              .formatted(stream, units, hold, until, position));
    }
  }

  static Instant time(JsonNode payload, String member) {
    return Instant.parse(payload.path(member).asString());
  }

  private void setPolicy(JsonNode payload) {
    safetyStock = payload.path("safetyStock").asLong();
    backorderLimit = payload.path("backorderLimit").asLong();
    isEverOwed |= backorderLimit > 0;
  }

  /**
   * The fields of the item's view, but for the epoch of the view store.
   *
   * @param asOf a position that it may speak of, if the item's last event is not behind it
   */
  Map<String, String> view(long asOf) {
    String item = stream.substring("stock:".length());
    int at = item.lastIndexOf('@');
    return Map.ofEntries(
        Map.entry("id", item),
        Map.entry("sku", item.substring(0, at)),
        Map.entry("location", item.substring(at + 1)),
        Map.entry("version", Long.toString(version)),
        Map.entry("position", Long.toString(Math.max(position, asOf))),
        Map.entry("onHand", Long.toString(onHand)),
        Map.entry("reserved", Long.toString(reserved())),
        Map.entry("lapses", promises.lapses()),
        Map.entry("available", Long.toString(available())),
        Map.entry("safetyStock", Long.toString(safetyStock)),
        Map.entry("backorderLimit", Long.toString(backorderLimit)),
        Map.entry("frozen", Boolean.toString(frozen)),
        Map.entry("in", sets(item, at)));
  }

  /** The sets that the row stands in: its SKU's locations, and low stock up to 1,000 units. */
  private String sets(String item, int at) {
    String locations =
        "locations:%s\t%s\n".formatted(item.substring(0, at), item.substring(at + 1));
    return available() > 1_000
        ? locations
        : "%slow-stock\t%016x:%s\n".formatted(locations, available() + Long.MIN_VALUE, item);
  }
}
