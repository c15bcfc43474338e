package io.bincard.application.history;

import io.bincard.application.history.LedgerCheck.Effect;
import io.bincard.application.history.LedgerCheck.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a ledger was told of SKUs, as a naive model sees it: each time the whole of it, or nothing.
 */
final class CatalogModel {

  private static final String STREAM = "sku:";

  private final Consumer<String> violation;
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<String, String> said = new HashMap<>();

  CatalogModel(Consumer<String> violation) {
    this.violation = violation;
  }

  static boolean isAbout(String stream) {
    return stream.startsWith(STREAM);
  }

  /** The event that {@code command} must have become: its type and bytes. */
  String expected(Command command) {
    JsonNode sent = command.asJson();
    ObjectNode payload = Command.JSON.createObjectNode();
    payload.put("sku", command.sku());
    for (String member : new String[] {"name", "category", "unitPrice"}) {
      if (sent.hasNonNull(member)) {
        payload.set(member, sent.path(member));
      }
    }
    payload.put("discontinued", sent.path("discontinued").asBoolean(false));
    return "sku-described " + Command.JSON.writeValueAsString(payload);
  }

  /** Folds {@code row} in, whatever it says, and tells what must not be. */
  Effect apply(Event row) {
    long version = versions.merge(row.stream(), 0L, (before, _) -> before + 1);
    String stream = STREAM + Command.JSON.readTree(row.payload()).path("sku").asString();
    if (row.sequence() != version
        || !row.type().equals("sku-described")
        || !row.stream().equals(stream)) {
      violation.accept("I4 %s at %d is no next event".formatted(row.stream(), row.position()));
    }
    if (row.payload().equals(said.put(row.stream(), row.payload()))) {
      violation.accept("I3 %s at %d says nothing new".formatted(row.stream(), row.position()));
    }
    return new Effect(
        row.position(),
        (last, _) ->
            ",\"stream\":%s,\"version\":%d,\"position\":%d"
                .formatted(Command.quoted(row.stream()), version, last));
  }

  /** What a sender is told whose SKU was so already; {@code nothing} if that cannot be. */
  String unmoved(String key, String told, String nothing) {
    JsonNode answer = Command.JSON.readTree(told);
    String stream = answer.path("stream").asString("");
    long version = answer.path("version").asLong(-1);
    return version < 0 || version > versions.getOrDefault(stream, -1L)
        ? nothing
        : "{\"key\":%s,\"status\":\"done\",\"stream\":%s,\"version\":%d,\"position\":%d}"
            .formatted(
                Command.quoted(key),
                Command.quoted(stream),
                version,
                answer.path("position").asLong());
  }
}
