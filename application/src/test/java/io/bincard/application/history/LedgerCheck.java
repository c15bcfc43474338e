package io.bincard.application.history;

import io.bincard.application.history.History.Told;
import io.bincard.application.history.StockModel.Figures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds a ledger against what clients sent and were told. It is given the journal in the order of
 * positions, then the head, the streams, the receipts and the views, each once: linear in all of
 * them.
 */
final class LedgerCheck {

  /** What the keys of commands that the ledger gave itself begin with here. */
  static final String OWN = "bincard/";

  private static final String STOCK = "stock:";

  private final Map<String, Command> sent;
  private final Map<String, Told> told;
  private final boolean isPartial;
  private final List<String> found = new ArrayList<>();
  private final Map<String, StockModel> items = new HashMap<>();
  private final Owed owed = new Owed(found::add);
  private final DiscountModel discounts = new DiscountModel(found::add, owed);
  private final CatalogModel catalog = new CatalogModel(found::add);
  private final HoldModel holds = new HoldModel(found::add, owed, discounts);
  private final Map<String, Long> born = new HashMap<>();
  private final Map<String, Effect> effects = new HashMap<>();

  /** The last event of every key. */
  private final Map<String, Long> touched = new HashMap<>();

  /** How many holds expired by a command of the ledger. */
  private final Map<String, Long> expired = new HashMap<>();

  private final Map<String, Told> receipts = new HashMap<>();
  private final Set<String> viewed = new HashSet<>();
  private @Nullable Order order;
  private String keyBefore = "";
  private long position;

  /** A row of the journal. */
  record Event(
      Instant at,
      long position,
      String stream,
      long sequence,
      String type,
      String payload,
      @Nullable String key) {}

  /** What an answer says besides its key, in JSON, with a comma before each member. */
  interface Members {

    /**
     * @param last position of the command's last event
     * @param told the answer that was given, for what only its time can say
     */
    String of(long last, JsonNode told);
  }

  /**
   * What a command has made, as its sender is told.
   *
   * @param position of its last event
   */
  record Effect(long position, Members members) {

    /** The answer to {@code key}, to the byte. */
    String answer(String key, String told) {
      return "{\"key\":%s,\"status\":\"done\"%s}"
          .formatted(
              Command.quoted(key.startsWith(OWN) ? key.substring(OWN.length()) : key),
              members.of(position, parsed(told)));
    }

    private static JsonNode parsed(String told) {
      return told.startsWith("{") ? Command.JSON.readTree(told) : Command.JSON.nullNode();
    }

    Effect until(long last) {
      return new Effect(last, members);
    }
  }

  /** An order that is taken at once, as far as its rows are read. */
  private record Order(String key, String orderId, List<Figures> items, Map<String, Long> units) {}

  /** A row of the receipts; one without a position has none. */
  record Receipt(String key, int status, String outcome, @Nullable Long position) {}

  /**
   * @param isPartial whether the ledger has commands that are not in the history
   */
  LedgerCheck(Map<String, Command> sent, Map<String, Told> told, boolean isPartial) {
    this.sent = sent;
    this.told = told;
    this.isPartial = isPartial;
  }

  void event(Event row) {
    if (row.position() != ++position) {
      found.add("I4 position %d stands where %d should".formatted(row.position(), position));
      position = row.position();
    }
    if (row.sequence() == 0) {
      born.putIfAbsent(row.stream(), row.position());
    }
    String key = row.key();
    if (key == null) {
      found.add("I1 the event at %d has no key".formatted(position));
      return;
    }
    if (order != null && !order.key().equals(key)) {
      endOrder(order);
    }
    boolean isOwed = owed.isPaidBy(row);
    boolean isAgain = touched.put(key, position) != null && !keyBefore.equals(key);
    keyBefore = key;
    if (isOwed) {
      fold(row);
      effects.computeIfPresent(key, (_, effect) -> effect.until(position));
      return;
    }
    boolean isExpiry = row.type().equals(HoldModel.EXPIRED);
    if (isExpiry && (!effects.containsKey(key) || key.startsWith(OWN))) {
      expires(row, key, isAgain);
      return;
    }
    if (!row.stream().startsWith(STOCK)
        && !row.stream().startsWith(HoldModel.STREAM)
        && !CatalogModel.isAbout(row.stream())
        && !DiscountModel.isAbout(row.stream())) {
      found.add("I1 no rule for the stream %s at %d".formatted(row.stream(), position));
      return;
    }
    Command command = sent.get(key);
    if (takesPartOf(row, command, key)) {
      return;
    }
    if (command != null) {
      String stored = row.type() + " " + row.payload();
      String expected = expected(command, row);
      if (!stored.equals(expected)) {
        found.add("I1 %s at %d is %s and not %s".formatted(key, position, stored, expected));
      }
    } else if (!isPartial) {
      found.add("I1 %s at %d was never sent".formatted(key, position));
    }
    requireWhole(row);
    if (effects.put(key, fold(row)) != null || isAgain) {
      found.add("I5 %s has a second effect at %d".formatted(key, position));
    }
  }

  private String expected(Command command, Event row) {
    return switch (command.type()) {
      case "place-hold", "confirm-hold", "extend-hold", "release-hold" ->
          row.stream().startsWith(HoldModel.STREAM)
              ? holds.expected(command, row)
              : "an event of a hold";
      case "apply-discount",
          "revoke-discount",
          "activate-policy",
          "stage-policy",
          "unstage-policy" ->
          discounts.expected(command, row);
      case "describe-sku" -> catalog.expected(command);
      default -> item(row.stream()).expected(command);
    };
  }

  private StockModel item(String stream) {
    return items.computeIfAbsent(stream, StockModel::new);
  }

  private Effect fold(Event row) {
    if (CatalogModel.isAbout(row.stream())) {
      return catalog.apply(row);
    }
    return row.stream().startsWith(STOCK)
        ? item(row.stream()).apply(row, found::add)
        : row.stream().startsWith(HoldModel.STREAM) ? holds.apply(row) : discounts.apply(row);
  }

  /** What a hold does to an item or an account follows what stands on its own stream. */
  private void requireWhole(Event row) {
    boolean isPart =
        row.type().matches("stock-reserved|reservation-.*|budget-reserv.*")
            || (row.stream().startsWith("campaign:") && row.payload().contains("\"promise\":"));
    if (isPart) {
      found.add(
          "I3 half a hold: %s has %s %s at %d, and its hold not that"
              .formatted(row.stream(), row.type(), row.payload(), position));
    }
  }

  /** A hold whose time is over ends, by a command of the ledger or before any other's effect. */
  private void expires(Event row, String key, boolean isAgain) {
    if (!isPartial && !key.startsWith(OWN) && !sent.containsKey(key)) {
      found.add("I1 %s at %d was never sent".formatted(key, position));
    }
    if (isAgain) {
      found.add("I5 %s has a second effect at %d".formatted(key, position));
    }
    holds.apply(row);
    if (key.startsWith(OWN)) {
      long count = expired.merge(key, 1L, Long::sum);
      effects.put(
          key,
          new Effect(
              position, (last, _) -> ",\"position\":%d,\"expired\":%d".formatted(last, count)));
    }
  }

  /** Whether {@code row} is one of an order that is taken at once, and folds it in then. */
  private boolean takesPartOf(Event row, @Nullable Command command, String key) {
    boolean mayBe = command == null ? isPartial : command.type().equals("deduct-order");
    if (!mayBe || !row.type().equals("stock-deducted")) {
      return false;
    }
    Order taken = order;
    if (taken == null) {
      if (effects.containsKey(key)) {
        found.add("I5 %s has a second effect at %d".formatted(key, position));
      }
      taken =
          new Order(
              key,
              Command.JSON.readTree(row.payload()).path("orderId").asString(),
              new ArrayList<>(),
              new HashMap<>());
      order = taken;
    }
    StockModel item = item(row.stream());
    item.apply(row, found::add);
    String sku = row.stream().substring(STOCK.length(), row.stream().lastIndexOf('@'));
    long units = Command.JSON.readTree(row.payload()).path("quantity").asLong();
    String expected =
        "{\"sku\":%s,\"location\":%s,\"quantity\":%d,\"orderId\":%s}"
            .formatted(
                Command.quoted(sku),
                Command.quoted(row.stream().substring(row.stream().lastIndexOf('@') + 1)),
                units,
                Command.quoted(taken.orderId()));
    if (!row.payload().equals(expected)
        || taken.units().put(row.stream().substring(STOCK.length()), units) != null) {
      found.add("I1 %s at %d is %s and not %s".formatted(key, position, row.payload(), expected));
    }
    taken.items().add(item.figures(row.at()));
    List<Figures> soFar = List.copyOf(taken.items());
    effects.put(key, new Effect(position, (last, told) -> orderTold(command, soFar, last, told)));
    return true;
  }

  private static String orderTold(
      @Nullable Command command, List<Figures> items, long last, JsonNode told) {
    if (command == null && !told.has("items")) {
      Figures only = items.getLast();
      return ",\"stream\":%s,\"version\":%d,\"position\":%d%s"
          .formatted(Command.quoted(only.stream()), only.version(), last, only.members(told));
    }
    StringJoiner each = new StringJoiner(",");
    for (int i = 0; i < items.size(); i++) {
      Figures item = items.get(i);
      int at = item.stream().lastIndexOf('@');
      each.add(
          "{\"sku\":%s,\"location\":%s,\"stream\":%s,\"version\":%d%s}"
              .formatted(
                  Command.quoted(item.stream().substring(STOCK.length(), at)),
                  Command.quoted(item.stream().substring(at + 1)),
                  Command.quoted(item.stream()),
                  item.version(),
                  item.members(told.path("items").path(i))));
    }
    String orderId =
        command == null
            ? told.path("orderId").asString("")
            : command.asJson().path("orderId").asString();
    return ",\"orderId\":%s,\"position\":%d,\"items\":[%s]"
        .formatted(Command.quoted(orderId), last, each);
  }

  /** All lines of an order were taken, summed by what they ask for, and nothing more. */
  private void endOrder(Order taken) {
    order = null;
    Command command = sent.get(taken.key());
    if (command == null) {
      return;
    }
    JsonNode sentOrder = command.asJson();
    Map<String, Long> asked = new TreeMap<>();
    Map<String, Long> least = new HashMap<>();
    for (JsonNode line : sentOrder.path("lines")) {
      String sku = line.path("sku").asString();
      long units = line.path("quantity").asLong();
      asked.merge(sku, units, Long::sum);
      if (line.has("location")) {
        least.merge(sku + "@" + line.path("location").asString(), units, Long::sum);
      }
    }
    Map<String, Long> had = new TreeMap<>();
    taken
        .units()
        .forEach(
            (item, units) -> had.merge(item.substring(0, item.lastIndexOf('@')), units, Long::sum));
    boolean isThere =
        least.entrySet().stream()
            .allMatch(each -> taken.units().getOrDefault(each.getKey(), 0L) >= each.getValue());
    if (!had.equals(asked)
        || !isThere
        || !taken.orderId().equals(sentOrder.path("orderId").asString())) {
      found.add(
          "I1 half an order: %s took %s and not %s".formatted(taken.key(), taken.units(), asked));
    }
  }

  void head(long head) {
    if (head != position) {
      found.add("I4 the head is at %d and the journal ends at %d".formatted(head, position));
    }
  }

  void stream(String name, long bornPosition) {
    Long first = born.remove(name);
    if (first == null || first != bornPosition) {
      found.add("I4 %s is born at %d and begins at %s".formatted(name, bornPosition, first));
    }
  }

  void receipt(Receipt row) {
    Told receipt = new Told(row.status(), row.outcome());
    if (receipts.put(row.key(), receipt) != null) {
      found.add("I5 %s has two receipts".formatted(row.key()));
    }
    Effect effect = effects.get(row.key());
    Long last = touched.get(row.key());
    if (!receipt.isDone() && last != null) {
      found.add("I2 %s was refused and has an effect at %d".formatted(row.key(), last));
    }
    if (receipt.isDone()) {
      String answer = answer(row.key(), effect, row.outcome(), "no effect");
      if (!answer.equals(row.outcome())) {
        found.add(
            "I1 the receipt of %s says %s and the journal has %s"
                .formatted(row.key(), row.outcome(), answer));
      }
      if (effect != null && !Long.valueOf(effect.position()).equals(row.position())) {
        found.add(
            "I5 the receipt of %s is of position %s and its event at %d"
                .formatted(row.key(), row.position(), effect.position()));
      }
    }
  }

  /** What the sender of {@code key} is told by the journal; {@code nothing} without an effect. */
  private String answer(String key, @Nullable Effect effect, String told, String nothing) {
    if (effect != null) {
      return effect.answer(key, told);
    }
    if (key.startsWith(OWN + "expire-")) { // those that were asked about had ended before
      String position = told.replaceAll(".*\"position\":(\\d+),.*", "$1");
      return "{\"key\":%s,\"status\":\"done\",\"position\":%s,\"expired\":0}"
          .formatted(Command.quoted(key.substring(OWN.length())), position);
    }
    Command command = sent.get(key);
    if (told.contains("\"stream\":\"sku:")
        && (command == null ? isPartial : command.type().equals("describe-sku"))) {
      return catalog.unmoved(key, told, nothing);
    }
    boolean mayBeSo = command == null ? isPartial : command.type().endsWith("-hold");
    return mayBeSo && told.contains("\"hold\":") ? holds.unmoved(key, command, told) : nothing;
  }

  /** What the view store says of itself, before its rows. */
  void views(String epoch, long reached) {
    if (epoch.isEmpty() || reached != position) {
      found.add(
          "I7 the views are at %d in epoch \"%s\" and the journal ends at %d"
              .formatted(reached, epoch, position));
    }
  }

  /** The item's row, its fields but for the epoch; empty if there is none. */
  void view(String stream, Map<String, String> fields) {
    viewed.add(stream);
    StockModel item = items.get(stream);
    Map<String, String> expected = item == null ? Map.of() : item.view(asOf(fields));
    if (!fields.equals(expected)) {
      found.add("I7 the view of %s is %s and not %s".formatted(stream, fields, expected));
    }
  }

  /** As of which position a row speaks; that of the item's last event unless it is a later one. */
  private long asOf(Map<String, String> fields) {
    String said = fields.getOrDefault("position", "");
    return said.matches("\\d{1,18}") && Long.parseLong(said) <= position ? Long.parseLong(said) : 0;
  }

  /** The streams of stock items that the journal has. */
  Set<String> streams() {
    return items.keySet();
  }

  /** How many holds there are, by how they stand at {@code now}. */
  Map<String, Long> holds(Instant now) {
    return holds.standing(now);
  }

  long position() {
    return position;
  }

  /** Ends the check, after all rows, and returns what did not hold. */
  List<String> finish() {
    born.keySet().forEach(stream -> found.add("I4 %s is not registered".formatted(stream)));
    if (order != null) {
      endOrder(order);
    }
    owed.finish();
    discounts.finish();
    Map<String, Promises> promised = new HashMap<>(discounts.promises());
    items.forEach((stream, item) -> promised.put(stream, item.promises()));
    holds.finish(promised);
    told.forEach(this::compare);
    return found;
  }

  private void compare(String key, Told answer) {
    Effect effect = effects.get(key);
    if (answer.isDone()) {
      String journaled = answer(key, effect, answer.body(), "nothing of it");
      if (!answer.body().equals(journaled)) {
        found.add(
            "I1 %s was told %s and the journal has %s".formatted(key, answer.body(), journaled));
      }
    } else if (touched.containsKey(key)) {
      found.add("I2 %s was told %s and has an effect".formatted(key, answer));
    }
    Told receipt = receipts.get(key);
    if (!answer.equals(receipt)) {
      found.add("I5 %s was told %s and its receipt says %s".formatted(key, answer, receipt));
    }
  }
}
