package io.bincard.application.history;

import static io.bincard.application.history.Command.JSON;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import io.bincard.application.history.LedgerCheck.Effect;
import io.bincard.application.history.LedgerCheck.Event;
import io.bincard.application.history.Promises.Sum;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The holds of a ledger as a naive model sees them: what each promised, what of it was sold, and
 * what an event on its stream has to do to items and accounts in the same breath.
 */
final class HoldModel {

  static final String STREAM = "hold:";
  static final String EXPIRED = "hold-expired";
  private static final String CAMPAIGN = "campaign:";

  private static final Map<String, String> EVENTS =
      Map.of(
          "place-hold", "hold-placed",
          "confirm-hold", "hold-confirmed",
          "extend-hold", "hold-extended",
          "release-hold", "hold-released");

  private final Consumer<String> violation;
  private final Owed owed;
  private final DiscountModel discounts;
  private final Map<String, Hold> holds = new HashMap<>();

  HoldModel(Consumer<String> violation, Owed owed, DiscountModel discounts) {
    this.violation = violation;
    this.owed = owed;
    this.discounts = discounts;
  }

  private static final class Line {
    private final int line;
    private final String sku;
    private final String location;
    private final long quantity;
    private final long finalPrice;
    private final Map<String, Long> paid;
    private long confirmed;

    Line(JsonNode part, Map<String, Long> paid) {
      this.line = part.path("line").asInt();
      this.sku = part.path("sku").asString();
      this.location = part.path("location").asString();
      this.quantity = part.path("quantity").asLong();
      this.finalPrice = part.at("/finalPrice/amount").asLong(0);
      this.paid = paid;
    }

    long left() {
      return quantity - confirmed;
    }

    String item() {
      return "stock:" + sku + "@" + location;
    }

    boolean is(JsonNode part) {
      return line == part.path("line").asInt(-1)
          && sku.equals(part.path("sku").asString())
          && location.equals(part.path("location").asString());
    }
  }

  /** What a hold was like from {@code position} on, until the next of its events. */
  private record Past(long position, String status, Instant until, List<Long> confirmed) {}

  private static final class Hold {
    private String orderId = "";
    private @Nullable String customer;
    private @Nullable String currency;
    private String placedAt = "";
    private Instant until = Instant.EPOCH;
    private String status = "";
    private final List<Line> lines = new ArrayList<>();
    private final List<Past> past = new ArrayList<>();

    boolean hasUsed(String campaign) {
      return lines.stream().anyMatch(line -> line.confirmed > 0 && line.paid.containsKey(campaign));
    }

    Map<Line, Long> left() {
      Map<Line, Long> left = new LinkedHashMap<>();
      lines.stream().filter(line -> line.left() > 0).forEach(line -> left.put(line, line.left()));
      return left;
    }
  }

  /** What units {@code from} to {@code to} of {@code of} are of {@code amount}. */
  private static long share(long amount, long from, long to, long of) {
    return rounded(amount, to, of) - rounded(amount, from, of);
  }

  private static long rounded(long amount, long units, long of) {
    BigDecimal[] exact =
        BigDecimal.valueOf(amount)
            .multiply(BigDecimal.valueOf(units))
            .divideAndRemainder(BigDecimal.valueOf(of), MathContext.UNLIMITED);
    BigDecimal half = exact[1].multiply(BigDecimal.TWO).subtract(BigDecimal.valueOf(of));
    boolean isUp = half.signum() > 0 || (half.signum() == 0 && exact[0].toBigInteger().testBit(0));
    return exact[0].setScale(0, RoundingMode.UNNECESSARY).longValueExact() + (isUp ? 1 : 0);
  }

  // What a command must have become

  /** The event of {@code command}, its type and bytes; what only the ledger knows as in the row. */
  String expected(Command command, Event row) {
    JsonNode sent = command.asJson();
    JsonNode stored = JSON.readTree(row.payload());
    String id = row.stream().substring(STREAM.length());
    Hold hold = holds.getOrDefault(row.stream(), new Hold());
    ObjectNode payload = JSON.createObjectNode().put("hold", id);
    switch (command.type()) {
      case "place-hold" -> {
        DiscountModel.copy(sent, payload, "orderId");
        payload.set("parts", parts(sent.path("lines"), stored));
        if (sent.path("lines").path(0).has("unitPrice")) {
          ObjectNode price = JSON.createObjectNode();
          DiscountModel.applied(sent, stored.path("price"), price);
          payload.set("price", price);
        }
        DiscountModel.copy(stored, payload, "placedAt");
        Instant until =
            instant(stored.path("placedAt")).plusSeconds(sent.path("ttlSeconds").asLong());
        payload.put("expiresAt", until.toString());
      }
      case "confirm-hold" -> {
        payload.put("orderId", hold.orderId);
        Map<Line, Long> picked = picked(hold, sent.path("lines"), stored.path("parts"));
        ArrayNode parts = payload.putArray("parts");
        picked.forEach((line, units) -> parts.add(part(hold, line, units)));
        if (picked.values().stream().mapToLong(units -> units).sum()
            < hold.left().values().stream().mapToLong(units -> units).sum()) {
          payload.put("rest", sent.path("rest").asString("release"));
        }
      }
      case "extend-hold" -> {
        payload.put("orderId", hold.orderId).put("from", hold.until.toString());
        Instant until = instant(stored.path("expiresAt"));
        Instant asked = until.minusSeconds(sent.path("ttlSeconds").asLong());
        boolean isSo = !asked.isAfter(row.at()) && asked.isAfter(row.at().minus(Promises.SLACK));
        payload.put("expiresAt", isSo ? until.toString() : "as was asked for");
      }
      default -> payload.put("orderId", hold.orderId);
    }
    String asked = sent.path("hold").asString(id);
    return (asked.equals(id) ? "" : "on hold:" + asked + " ")
        + EVENTS.getOrDefault(command.type(), "")
        + " "
        + JSON.writeValueAsString(payload);
  }

  private static Instant instant(JsonNode time) {
    try {
      return Instant.parse(time.asString(""));
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /** The lines, and where their units come from as it is stored, if that is what was asked for. */
  private static ArrayNode parts(JsonNode lines, JsonNode stored) {
    ArrayNode parts = JSON.createArrayNode();
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      long units = line.path("quantity").asLong();
      JsonNode priced = stored.path("price").path("priced").path("lines").path(i);
      List<JsonNode> from = new ArrayList<>();
      for (JsonNode part : stored.path("parts")) {
        if (part.path("line").asInt(-1) == i) {
          from.add(part);
        }
      }
      boolean isChosen =
          !line.has("location")
              && from.stream().mapToLong(part -> part.path("quantity").asLong()).sum() == units;
      if (!isChosen) {
        from = List.of(JSON.createObjectNode().put("quantity", units));
      }
      long before = 0;
      for (JsonNode part : from) {
        long here = part.path("quantity").asLong();
        ObjectNode expected = parts.addObject().put("line", i);
        DiscountModel.copy(line, expected, "sku");
        expected.put(
            "location", part.path("location").asString(line.path("location").asString("MAIN")));
        expected.put("quantity", here);
        if (line.has("unitPrice")) {
          long price = DiscountModel.listPrice(priced) - DiscountModel.discount(priced);
          expected.set(
              "finalPrice",
              DiscountModel.money(
                  share(price, before, before + here, units),
                  line.at("/unitPrice/currency").asString()));
        }
        before += here;
      }
    }
    return parts;
  }

  /** The units that are stored as sold, if they are what was asked for and held. */
  private static Map<Line, Long> picked(Hold hold, JsonNode asked, JsonNode stored) {
    if (asked.isEmpty()) {
      return hold.left();
    }
    Map<Line, Long> picked = new LinkedHashMap<>();
    for (Line line : hold.lines) {
      for (JsonNode part : stored) {
        if (line.is(part) && part.path("quantity").asLong() <= line.left()) {
          picked.put(line, part.path("quantity").asLong());
        }
      }
    }
    Map<String, Long> bySku =
        picked.entrySet().stream()
            .collect(groupingBy(entry -> entry.getKey().sku, summingLong(Map.Entry::getValue)));
    Map<String, Long> byItem =
        picked.entrySet().stream()
            .collect(groupingBy(entry -> entry.getKey().item(), summingLong(Map.Entry::getValue)));
    Map<String, Long> askedBySku = new HashMap<>();
    Map<String, Long> askedByItem = new HashMap<>();
    for (JsonNode line : asked) {
      String sku = line.path("sku").asString();
      long units = line.path("quantity").asLong();
      askedBySku.merge(sku, units, Long::sum);
      if (line.has("location")) {
        askedByItem.merge(
            "stock:" + sku + "@" + line.path("location").asString(), units, Long::sum);
      }
    }
    boolean isSo =
        bySku.equals(askedBySku)
            && askedByItem.entrySet().stream()
                .allMatch(item -> byItem.getOrDefault(item.getKey(), 0L) >= item.getValue());
    return isSo ? picked : Map.of();
  }

  private static ObjectNode part(Hold hold, Line line, long units) {
    ObjectNode part =
        JSON.createObjectNode()
            .put("line", line.line)
            .put("sku", line.sku)
            .put("location", line.location)
            .put("quantity", units);
    if (hold.currency != null) {
      part.set(
          "finalPrice",
          DiscountModel.money(
              share(line.finalPrice, line.confirmed, line.confirmed + units, line.quantity),
              hold.currency));
    }
    return part;
  }

  // What an event makes of a hold

  /** Folds {@code row} in, whatever it says, and owes what it has to do elsewhere. */
  Effect apply(Event row) {
    Hold hold = holds.computeIfAbsent(row.stream(), _ -> new Hold());
    JsonNode payload = JSON.readTree(row.payload());
    if (row.sequence() != hold.past.size()) {
      violation.accept(
          "I4 %s has sequence %d at %d where %d should be"
              .formatted(row.stream(), row.sequence(), row.position(), hold.past.size()));
    }
    boolean isPlaced = row.type().equals("hold-placed");
    if (!hold.status.equals(isPlaced ? "" : "placed")) {
      violation.accept(
          "I3 %s is \"%s\" and goes on with %s at %d"
              .formatted(row.stream(), hold.status, row.type(), row.position()));
    }
    boolean isLate = !isPlaced && hold.until.isBefore(row.at().minus(Promises.SLACK));
    if (isLate && !row.type().equals(EXPIRED)) {
      violation.accept(
          "I3 %s has %s at %d, %s, behind its time %s"
              .formatted(row.stream(), row.type(), row.position(), row.at(), hold.until));
    }
    switch (row.type()) {
      case "hold-placed" -> place(row, hold, payload);
      case "hold-extended" -> extend(row, hold, instant(payload.path("expiresAt")));
      case "hold-confirmed" -> confirm(row, hold, payload);
      case "hold-released" -> {
        end(row, hold, "reservation-released");
        hold.status = "released";
      }
      case EXPIRED -> {
        Instant at = instant(payload.path("expiredAt"));
        if (!at.equals(hold.until) || at.isAfter(row.at())) {
          violation.accept(
              "I3 %s expires at %d, %s, and its time is %s"
                  .formatted(row.stream(), row.position(), row.at(), hold.until));
        }
        end(row, hold, "reservation-expired");
        hold.status = "expired";
      }
      default -> violation.accept("I1 no rule for %s at %d".formatted(row.type(), row.position()));
    }
    hold.past.add(
        new Past(
            row.position(),
            hold.status,
            hold.until,
            hold.lines.stream().map(line -> line.confirmed).toList()));
    int version = hold.past.size() - 1;
    String view = view(row.stream(), hold, version, hold.status, payload.path("price"));
    return new Effect(
        row.position(),
        (last, _) ->
            ",\"stream\":%s,\"version\":%d,\"position\":%d,\"hold\":%s"
                .formatted(Command.quoted(row.stream()), version, last, view));
  }

  private void place(Event row, Hold hold, JsonNode payload) {
    hold.status = "placed";
    hold.orderId = payload.path("orderId").asString();
    hold.placedAt = payload.path("placedAt").asString();
    hold.until = instant(payload.path("expiresAt"));
    JsonNode price = payload.path("price");
    if (instant(payload.path("placedAt")).isAfter(row.at())) {
      violation.accept("I3 %s is placed before its time".formatted(row.stream()));
    }
    if (price.isObject()) {
      hold.customer = price.has("customer") ? price.path("customer").asString() : null;
      hold.currency = price.at("/priced/lines/0/line/unitPrice/currency").asString();
      discounts.price(row, price);
    }
    int lineBefore = -1;
    long before = 0;
    for (JsonNode part : payload.path("parts")) {
      int of = part.path("line").asInt();
      long units = part.path("quantity").asLong();
      before = of == lineBefore ? before : 0;
      lineBefore = of;
      JsonNode priced = price.path("priced").path("lines").path(of);
      Map<String, Long> paid = new LinkedHashMap<>();
      for (JsonNode taken : priced.path("adjustments")) {
        if (taken.has("campaign")) {
          paid.merge(taken.path("campaign").asString(), taken.path("amount").asLong(), Long::sum);
        }
      }
      long first = before;
      long all = priced.at("/line/quantity").asLong(1);
      paid.replaceAll((_, amount) -> share(amount, first, first + units, all));
      hold.lines.add(new Line(part, paid));
      before += units;
    }
    Map<Line, Long> all = hold.left();
    owe(row, hold, "stock-reserved", all, hold.until, null);
    owePayments(row, hold, "budget-reserved", all, hold.until, null);
  }

  private void extend(Event row, Hold hold, Instant until) {
    Instant from = hold.until;
    if (!until.isAfter(from)) {
      violation.accept("I3 %s ends earlier by %d".formatted(row.stream(), row.position()));
    }
    owe(row, hold, "reservation-extended", hold.left(), until, from);
    owePayments(row, hold, "budget-reservation-extended", hold.left(), until, from);
    hold.until = until;
  }

  private void confirm(Event row, Hold hold, JsonNode payload) {
    Map<Line, Long> sold = new LinkedHashMap<>();
    for (JsonNode part : payload.path("parts")) {
      long units = part.path("quantity").asLong();
      hold.lines.stream()
          .filter(line -> line.is(part) && units <= line.left())
          .findFirst()
          .ifPresentOrElse(
              line -> sold.put(line, units),
              () ->
                  violation.accept(
                      "I3 %s sells %s at %d and does not hold it"
                          .formatted(row.stream(), part, row.position())));
    }
    owe(row, hold, "reservation-confirmed", sold, hold.until, null);
    owePayments(row, hold, "budget-spent", sold, hold.until, null);
    sold.forEach((line, units) -> line.confirmed += units);
    boolean isKept = payload.path("rest").asString("").equals("keep");
    if (!isKept) {
      end(row, hold, "reservation-released");
      hold.status = "confirmed";
    }
  }

  /** What is left goes back. */
  private void end(Event row, Hold hold, String type) {
    owe(row, hold, type, hold.left(), hold.until, null);
    owePayments(row, hold, "budget-released", hold.left(), hold.until, null);
  }

  private void owe(
      Event row,
      Hold hold,
      String type,
      Map<Line, Long> units,
      Instant until,
      @Nullable Instant from) {
    Map<String, Long> byItem = new LinkedHashMap<>();
    units.forEach((line, some) -> byItem.merge(line.item(), some, Long::sum));
    byItem.forEach(
        (item, sum) -> {
          int at = item.lastIndexOf('@');
          ObjectNode payload =
              JSON.createObjectNode()
                  .put("sku", item.substring("stock:".length(), at))
                  .put("location", item.substring(at + 1))
                  .put("quantity", sum)
                  .put("hold", row.stream().substring(STREAM.length()))
                  .put("orderId", hold.orderId);
          if (from != null) {
            payload.put("from", from.toString());
          }
          owed.add(row, item, type, payload.put("until", until.toString()));
        });
  }

  private static Map<String, Sum> payments(Hold hold, Map<Line, Long> units) {
    Map<String, Sum> payments = new LinkedHashMap<>();
    units.forEach(
        (line, some) ->
            line.paid.forEach(
                (campaign, amount) ->
                    payments.merge(
                        campaign,
                        new Sum(
                            share(amount, line.confirmed, line.confirmed + some, line.quantity), 0),
                        Sum::plus)));
    payments.replaceAll((campaign, sum) -> new Sum(sum.amount(), hold.hasUsed(campaign) ? 0 : 1));
    payments.values().removeIf(Sum.NOTHING::equals);
    return payments;
  }

  private void owePayments(
      Event row,
      Hold hold,
      String type,
      Map<Line, Long> units,
      Instant until,
      @Nullable Instant from) {
    payments(hold, units)
        .forEach(
            (campaign, sum) -> {
              owePayment(row, hold, type, campaign, null, sum, until, from);
              if (hold.customer != null) {
                owePayment(row, hold, type, campaign, hold.customer, sum, until, from);
              }
            });
  }

  private void owePayment(
      Event row,
      Hold hold,
      String type,
      String campaign,
      @Nullable String customer,
      Sum sum,
      Instant until,
      @Nullable Instant from) {
    ObjectNode payload = JSON.createObjectNode().put("campaign", campaign);
    if (customer != null) {
      payload.put("customer", customer);
    }
    payload.put("orderId", hold.orderId);
    payload.set("amount", DiscountModel.money(sum.amount(), String.valueOf(hold.currency)));
    payload
        .putObject("promise")
        .put("hold", row.stream().substring(STREAM.length()))
        .put("until", until.toString())
        .put("uses", sum.uses());
    if (from != null) {
      payload.put("from", from.toString());
    }
    String account = CAMPAIGN + campaign + (customer == null ? "" : "/" + customer);
    if (type.equals("budget-spent")) {
      discounts.isPaid(account, sum);
    }
    owed.add(row, account, type, payload);
  }

  // The hold as its sender is told it

  private static String view(String stream, Hold hold, int version, String status, JsonNode price) {
    Past then = hold.past.get(version);
    ObjectNode view =
        JSON.createObjectNode()
            .put("id", stream.substring(STREAM.length()))
            .put("orderId", hold.orderId)
            .put("status", status)
            .put("placedAt", hold.placedAt)
            .put("expiresAt", then.until().toString());
    String currency = hold.currency;
    if (currency != null) {
      long all = hold.lines.stream().mapToLong(line -> line.finalPrice).sum();
      view.set("finalPrice", DiscountModel.money(all, currency));
    }
    ArrayNode lines = view.putArray("lines");
    for (int i = 0; i < hold.lines.size(); i++) {
      Line line = hold.lines.get(i);
      ObjectNode told =
          lines
              .addObject()
              .put("line", line.line)
              .put("sku", line.sku)
              .put("location", line.location)
              .put("quantity", line.quantity)
              .put("confirmed", i < then.confirmed().size() ? then.confirmed().get(i) : 0L);
      if (currency != null) {
        told.set("finalPrice", DiscountModel.money(line.finalPrice, currency));
      }
    }
    if (price.isObject()) {
      view.set("price", DiscountModel.view(price));
    }
    return JSON.writeValueAsString(view);
  }

  /**
   * What the sender of a second step that changed nothing may be told, as far as {@code told} says
   * when it came: the hold as it was then, which was as {@code command} would have it.
   *
   * @param command {@code null} if it is not known
   */
  String unmoved(String key, @Nullable Command command, String told) {
    JsonNode answer = JSON.readTree(told);
    String stream = answer.path("stream").asString("");
    int version = answer.path("version").asInt(-1);
    long position = answer.path("position").asLong();
    Hold hold = holds.get(stream);
    if (hold == null || version < 0 || version >= hold.past.size()) {
      return "nothing of it";
    }
    Past then = hold.past.get(version);
    boolean isThen =
        then.position() <= position
            && (version + 1 == hold.past.size()
                || position < hold.past.get(version + 1).position());
    String status = answer.at("/hold/status").asString("");
    boolean isOver =
        status.equals(then.status()) || (status + then.status()).equals("expired" + "placed");
    boolean isSo = command == null || isSo(command, stream, status, hold, then);
    if (!isThen || !isOver || !isSo) {
      return "no such thing: " + then;
    }
    return "{\"key\":%s,\"status\":\"done\",\"stream\":%s,\"version\":%d,\"position\":%d,\"hold\":%s}"
        .formatted(
            Command.quoted(key),
            Command.quoted(stream),
            version,
            position,
            view(stream, hold, version, status, JSON.nullNode()));
  }

  private static boolean isSo(Command command, String stream, String status, Hold hold, Past then) {
    boolean isWhole = true;
    for (int i = 0; i < hold.lines.size(); i++) {
      isWhole &= then.confirmed().get(i) == hold.lines.get(i).quantity;
    }
    JsonNode sent = command.asJson();
    return stream.equals(STREAM + sent.path("hold").asString(""))
        && switch (command.type()) {
          case "confirm-hold" -> isWhole && sent.path("lines").isEmpty();
          case "extend-hold" -> status.equals("placed");
          case "release-hold" -> status.matches("released|expired");
          default -> false;
        };
  }

  // The end

  /** Ends the check: items and accounts promise what is left of the holds, and nothing else. */
  void finish(Map<String, Promises> promised) {
    Map<String, Map<String, Sum>> expected = new HashMap<>();
    promised.forEach((stream, promises) -> expected.put(stream, new HashMap<>()));
    holds.forEach(
        (stream, hold) -> {
          if (hold.status.equals("placed")) {
            String promise = stream.substring(STREAM.length()) + " until " + hold.until;
            hold.left()
                .forEach(
                    (line, units) ->
                        expected
                            .computeIfAbsent(line.item(), _ -> new HashMap<>())
                            .merge(promise, new Sum(units, 0), Sum::plus));
            payments(hold, hold.left())
                .forEach(
                    (campaign, sum) -> {
                      String account = CAMPAIGN + campaign;
                      expected.computeIfAbsent(account, _ -> new HashMap<>()).put(promise, sum);
                      if (hold.customer != null) {
                        expected
                            .computeIfAbsent(account + "/" + hold.customer, _ -> new HashMap<>())
                            .put(promise, sum);
                      }
                    });
          }
        });
    expected.forEach(
        (stream, ofHolds) -> {
          Promises actual = promised.get(stream);
          Map<String, Sum> inTheBooks = actual == null ? Map.of() : actual.each();
          if (!inTheBooks.equals(ofHolds)) {
            violation.accept(
                "I3 %s promises %s and its holds have %s".formatted(stream, inTheBooks, ofHolds));
          }
        });
  }

  /** How many holds the journal has by how they stand at {@code now}; lapsed ones apart. */
  Map<String, Long> standing(Instant now) {
    Map<String, Long> standing = new TreeMap<>();
    holds
        .values()
        .forEach(
            hold ->
                standing.merge(
                    hold.status.equals("placed")
                        ? hold.until.isAfter(now) ? "open" : "lapsed"
                        : hold.status,
                    1L,
                    Long::sum));
    return standing;
  }
}
