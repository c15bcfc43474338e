package io.bincard.application.history;

import static io.bincard.application.history.Command.JSON;

import io.bincard.application.history.LedgerCheck.Effect;
import io.bincard.application.history.LedgerCheck.Event;
import io.bincard.application.history.Promises.Sum;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The discounts of a ledger as a naive model sees them: which policy is in force, what orders have
 * of which campaign, and what campaigns spent. It does not price: what rules took off is believed,
 * if it was taken from the budgets in the same breath and is what the sender was told.
 */
final class DiscountModel {

  private static final String REGISTER = "discount-policy";
  private static final String ORDER = "discount:";
  private static final String ACCOUNT = "campaign:";

  private static final Map<String, String> EVENTS =
      Map.of(
          "apply-discount", "discount-applied",
          "revoke-discount", "discount-revoked",
          "activate-policy", "policy-activated",
          "stage-policy", "policy-staged",
          "unstage-policy", "policy-unstaged");

  private final Consumer<String> violation;
  private final Map<String, Long> versions = new HashMap<>();

  /** What orders with a price had from which account. */
  private final Map<String, List<Payment>> orders = new HashMap<>();

  private final Map<String, Balance> accounts = new HashMap<>();

  /** The campaigns of every version of the policy. */
  private final Map<String, Map<String, Limits>> policies = new HashMap<>();

  private @Nullable String inForce;
  private @Nullable String staged;

  private final Map<String, Promises> promises = new HashMap<>();

  /** What accounts paid for holds. */
  private final Map<String, Balance> paid = new HashMap<>();

  private final Owed owed;

  /** By which the last order was priced. */
  private Map<String, Limits> limits = Map.of();

  DiscountModel(Consumer<String> violation, Owed owed) {
    this.violation = violation;
    this.owed = owed;
  }

  /** What a campaign has for all its orders, and for those of one customer. */
  private record Limits(long budget, long uses, long usesPerCustomer) {}

  private record Balance(long spent, long uses) {
    Balance plus(long amount, long times) {
      return new Balance(spent + amount, uses + times);
    }
  }

  private record Payment(String account, String payload) {
    long amount() {
      return JSON.readTree(payload).at("/amount/amount").asLong();
    }
  }

  static boolean isAbout(String stream) {
    return stream.equals(REGISTER) || stream.startsWith(ORDER) || stream.startsWith(ACCOUNT);
  }

  /**
   * The first event that {@code command} must have become: its type and bytes. What only the clock,
   * the policy and the budgets know is as in {@code row}.
   */
  String expected(Command command, Event row) {
    JsonNode sent = command.asJson();
    JsonNode stored = JSON.readTree(row.payload());
    ObjectNode payload = JSON.createObjectNode();
    switch (command.type()) {
      case "apply-discount" -> applied(sent, stored, payload);
      case "revoke-discount" -> payload.set("orderId", sent.path("orderId"));
      case "unstage-policy" -> payload.put("fingerprint", staged);
      default -> {
        String fingerprint = sent.path("fingerprint").asString("");
        payload.put("fingerprint", fingerprint);
        if (command.type().equals("activate-policy") && inForce != null) {
          payload.put("predecessor", inForce);
        }
        if (!policies.containsKey(fingerprint)) {
          payload.set("content", sent.path("content"));
        }
      }
    }
    return EVENTS.getOrDefault(command.type(), "") + " " + JSON.writeValueAsString(payload);
  }

  static void applied(JsonNode sent, JsonNode stored, ObjectNode payload) {
    copy(sent, payload, "orderId");
    copy(stored, payload, "policy", "pricedAt");
    copy(sent, payload, "customer");
    TreeSet<String> coupons = new TreeSet<>();
    sent.path("coupons").forEach(coupon -> coupons.add(coupon.asString()));
    ArrayNode sorted = payload.putArray("coupons");
    coupons.forEach(sorted::add);
    copy(stored, payload, "exhausted");
    ObjectNode priced = payload.putObject("priced");
    ArrayNode lines = priced.putArray("lines");
    for (int i = 0; i < sent.path("lines").size(); i++) {
      ObjectNode line = lines.addObject();
      ObjectNode bought = line.putObject("line");
      copy(sent.path("lines").get(i), bought, "sku", "quantity", "unitPrice", "category");
      JsonNode attributes = sent.path("lines").get(i).path("attributes");
      bought.set("attributes", attributes.isArray() ? attributes : JSON.createArrayNode());
      copy(stored.path("priced").path("lines").path(i), line, "adjustments", "lost");
    }
    copy(stored.path("priced"), priced, "lost");
    if (sent.path("releaseStage").asString("stable").equals("canary")) {
      payload.put("releaseStage", "canary");
    }
  }

  static void copy(JsonNode from, ObjectNode to, String... members) {
    for (String member : members) {
      if (from.has(member)) {
        to.set(member, from.path(member));
      }
    }
  }

  /** Folds {@code row} in, whatever it says, and tells what must not be. */
  Effect apply(Event row) {
    long version = versions.merge(row.stream(), 0L, (before, _) -> before + 1);
    if (row.sequence() != version) {
      violation.accept(
          "I4 %s has sequence %d at %d where %d should be"
              .formatted(row.stream(), row.sequence(), row.position(), version));
      versions.put(row.stream(), row.sequence());
    }
    JsonNode payload = JSON.readTree(row.payload());
    String fingerprint = payload.path("fingerprint").asString("");
    String more = "";
    switch (row.type()) {
      case "policy-activated" -> {
        know(fingerprint, payload);
        inForce = fingerprint;
        staged = fingerprint.equals(staged) ? null : staged;
        more = register();
      }
      case "policy-staged" -> {
        know(fingerprint, payload);
        staged = fingerprint;
        more = register();
      }
      case "policy-unstaged" -> {
        staged = null;
        more = register();
      }
      case "discount-applied" -> {
        apply(row, payload);
        more = ",\"order\":" + JSON.writeValueAsString(view(payload));
      }
      case "discount-revoked" -> revoke(row);
      case "budget-reserved" -> {
        promise(row, payload, "until");
        requireWithinLimits(row);
      }
      case "budget-reservation-extended" -> {
        endPromise(row, payload, payload.path("from"));
        promise(row, payload, "until");
      }
      case "budget-spent" -> {
        Sum sum = sum(payload);
        move(row.stream(), sum.amount(), sum.uses());
        if (payload.has("promise")) {
          endPromise(row, payload, payload.at("/promise/until"));
        } else {
          requireWithinLimits(row);
        }
      }
      case "budget-released" -> {
        if (payload.has("promise")) {
          endPromise(row, payload, payload.at("/promise/until"));
        } else {
          release(row, payload.at("/amount/amount").asLong());
        }
      }
      default -> violation.accept("I1 no rule for %s at %d".formatted(row.type(), row.position()));
    }
    String members = more;
    return new Effect(
        row.position(),
        (last, _) ->
            ",\"stream\":%s,\"version\":%d,\"position\":%d%s"
                .formatted(Command.quoted(row.stream()), row.sequence(), last, members));
  }

  /** What moves with a payment: one without a promise takes a use. */
  private static Sum sum(JsonNode payload) {
    return new Sum(payload.at("/amount/amount").asLong(), payload.at("/promise/uses").asLong(1));
  }

  private Promises promises(String account) {
    return promises.computeIfAbsent(account, _ -> new Promises());
  }

  private void promise(Event row, JsonNode payload, String until) {
    JsonNode promise = payload.path("promise");
    promises(row.stream())
        .add(promise.path("hold").asString(), StockModel.time(promise, until), sum(payload));
  }

  private void endPromise(Event row, JsonNode payload, JsonNode until) {
    String hold = payload.at("/promise/hold").asString();
    Instant time = Instant.parse(until.asString());
    if (!promises(row.stream()).take(hold, time, sum(payload))) {
      violation.accept(
          "I3 %s did not promise %s to %s until %s at %d"
              .formatted(row.stream(), sum(payload), hold, time, row.position()));
    }
  }

  private void know(String fingerprint, JsonNode payload) {
    if (!payload.has("content")) {
      return;
    }
    JsonNode policy = JSON.readTree(payload.path("content").asString());
    Map<String, Limits> campaigns = new HashMap<>();
    for (JsonNode campaign : policy.path("campaign")) {
      campaigns.put(
          campaign.path("id").asString(),
          new Limits(
              campaign.has("budget")
                  ? new BigDecimal(campaign.path("budget").asString().split(" ", 2)[0])
                      .movePointRight(policy.path("currency-digits").asInt())
                      .longValueExact()
                  : Long.MAX_VALUE,
              campaign.path("uses").asLong(Long.MAX_VALUE),
              campaign.path("uses-per-customer").asLong(Long.MAX_VALUE)));
    }
    policies.put(fingerprint, campaigns);
  }

  private String register() {
    ObjectNode known = JSON.createObjectNode();
    if (inForce != null) {
      known.put("inForce", inForce);
    }
    if (staged != null) {
      known.put("staged", staged);
    }
    String json = JSON.writeValueAsString(known);
    return known.isEmpty() ? "" : "," + json.substring(1, json.length() - 1);
  }

  /**
   * Looks at the price of an order or a hold, by which campaigns are limited from now on.
   *
   * @return what each campaign is to pay
   */
  Map<String, Long> price(Event row, JsonNode payload) {
    String policy = payload.path("policy").asString("");
    String asked = payload.has("releaseStage") && staged != null ? staged : inForce;
    if (!policy.equals(asked)) {
      violation.accept(
          "I3 %s is priced at %d by %s and not by %s"
              .formatted(row.stream(), row.position(), policy, asked));
    }
    limits = policies.getOrDefault(policy, Map.of());
    payload
        .path("exhausted")
        .forEach(campaign -> requireExhausted(row, payload, campaign.asString()));
    Map<String, Long> parts = new LinkedHashMap<>();
    for (JsonNode line : payload.path("priced").path("lines")) {
      if (discount(line) > listPrice(line)) {
        violation.accept(
            "I3 %s has a line below nothing at %d".formatted(row.stream(), row.position()));
      }
      for (JsonNode taken : line.path("adjustments")) {
        if (taken.has("campaign")) {
          parts.merge(taken.path("campaign").asString(), taken.path("amount").asLong(), Long::sum);
        }
      }
    }
    return parts;
  }

  private void apply(Event row, JsonNode payload) {
    String currency = payload.at("/priced/lines/0/line/unitPrice/currency").asString("");
    List<Payment> payments = new ArrayList<>();
    for (Map.Entry<String, Long> part : price(row, payload).entrySet()) {
      String account = ACCOUNT + part.getKey();
      ObjectNode spent = JSON.createObjectNode().put("campaign", part.getKey());
      copy(payload, spent, "orderId");
      spent.set("amount", money(part.getValue(), currency));
      payments.add(new Payment(account, JSON.writeValueAsString(spent)));
      if (payload.has("customer")) {
        ObjectNode ofCustomer = JSON.createObjectNode().put("campaign", part.getKey());
        copy(payload, ofCustomer, "customer");
        payments.add(
            new Payment(
                account + "/" + payload.path("customer").asString(),
                JSON.writeValueAsString(ofCustomer.setAll(spent))));
      }
    }
    if (orders.put(row.stream(), payments) != null) {
      violation.accept("I3 %s has a second price at %d".formatted(row.stream(), row.position()));
    }
    owe(row, "budget-spent", payments);
  }

  /** A campaign that an order does without has no uses left, or less money than the order costs. */
  private void requireExhausted(Event row, JsonNode payload, String campaign) {
    Balance all = kept(row, campaign);
    Balance own = kept(row, campaign + "/" + payload.path("customer").asString(""));
    Limits limit = limits.getOrDefault(campaign, new Limits(0, 0, 0));
    long cost = 0;
    for (JsonNode line : payload.path("priced").path("lines")) {
      cost += listPrice(line);
    }
    if (all.uses() < limit.uses()
        && own.uses() < limit.usesPerCustomer()
        && limit.budget() - all.spent() >= cost) {
      violation.accept(
          "I3 %s does without %s at %d, which has %s of %s"
              .formatted(row.stream(), campaign, row.position(), all, limit));
    }
  }

  /** Spent, and promised to holds whose time may not have been over. */
  private Balance kept(Event row, String account) {
    Sum kept = promises(ACCOUNT + account).kept(row.at().minus(Promises.SLACK));
    return accounts
        .getOrDefault(ACCOUNT + account, new Balance(0, 0))
        .plus(kept.amount(), kept.uses());
  }

  private void revoke(Event row) {
    List<Payment> payments = orders.remove(row.stream());
    if (payments == null) {
      violation.accept("I3 %s had no price at %d".formatted(row.stream(), row.position()));
      return;
    }
    owe(row, "budget-released", payments);
  }

  private void owe(Event row, String type, List<Payment> payments) {
    payments.forEach(each -> owed.add(row, each.account(), type, JSON.readTree(each.payload())));
  }

  /** What is spent and promised, lapsed or not, is within the limits of the policy. */
  private void requireWithinLimits(Event row) {
    Sum promised = promises(row.stream()).total();
    Balance after =
        accounts
            .getOrDefault(row.stream(), new Balance(0, 0))
            .plus(promised.amount(), promised.uses());
    String[] account = row.stream().substring(ACCOUNT.length()).split("/", 2);
    Limits limit = limits.get(account[0]);
    if (limit == null) {
      violation.accept("I3 the policy has no %s at %d".formatted(row.stream(), row.position()));
      return;
    }
    long uses = account.length > 1 ? limit.usesPerCustomer() : limit.uses();
    if (after.uses() > uses) {
      violation.accept(
          "I3 %s has %d uses of %d at %d"
              .formatted(row.stream(), after.uses(), uses, row.position()));
    }
    if (after.spent() > limit.budget()) {
      violation.accept(
          "I3 %s has spent %d of %d at %d"
              .formatted(row.stream(), after.spent(), limit.budget(), row.position()));
    }
  }

  private void release(Event row, long amount) {
    Balance after = move(row.stream(), -amount, -1);
    if (after.spent() < 0 || after.uses() < 0) {
      violation.accept(
          "I3 %s has back more than it spent at %d".formatted(row.stream(), row.position()));
    }
  }

  private Balance move(String account, long amount, long times) {
    return accounts.merge(
        account, new Balance(amount, times), (before, _) -> before.plus(amount, times));
  }

  /** An account is to pay {@code sum} for a hold. */
  void isPaid(String account, Sum sum) {
    paid.merge(
        account,
        new Balance(sum.amount(), sum.uses()),
        (before, _) -> before.plus(sum.amount(), sum.uses()));
  }

  /** What every account has promised. */
  Map<String, Promises> promises() {
    return promises;
  }

  /** Ends the check, after all rows: accounts spent what orders and holds have. */
  void finish() {
    Map<String, Balance> had = new HashMap<>(paid);
    orders.values().stream()
        .flatMap(List::stream)
        .forEach(
            part ->
                had.merge(
                    part.account(),
                    new Balance(part.amount(), 1),
                    (sum, each) -> sum.plus(each.spent(), each.uses())));
    accounts.forEach(
        (account, balance) -> {
          Balance orders = had.getOrDefault(account, new Balance(0, 0));
          if (!balance.equals(orders)) {
            violation.accept(
                "I3 %s has %s and its orders have %s".formatted(account, balance, orders));
          }
        });
  }

  // The price as its sender is told it

  static ObjectNode view(JsonNode payload) {
    ObjectNode order = JSON.createObjectNode();
    copy(payload, order, "orderId", "policy", "pricedAt");
    JsonNode priced = payload.path("priced").path("lines");
    String currency = priced.path(0).at("/line/unitPrice/currency").asString("");
    long list = 0;
    long off = 0;
    Map<String, Long> byRule = new LinkedHashMap<>();
    ArrayNode lines = JSON.createArrayNode();
    for (JsonNode line : priced) {
      list += listPrice(line);
      off += discount(line);
      ObjectNode told = lines.addObject();
      copy(line.path("line"), told, "sku", "quantity", "unitPrice", "category");
      told.set("listPrice", money(listPrice(line), currency));
      ArrayNode adjustments = told.putArray("adjustments");
      for (JsonNode taken : line.path("adjustments")) {
        long amount = taken.path("amount").asLong();
        byRule.merge(taken.path("rule").asString(), amount, Long::sum);
        ObjectNode adjustment = adjustments.addObject();
        copy(taken, adjustment, "rule", "campaign");
        adjustment.set("amount", money(amount, currency));
      }
      told.set("finalPrice", money(listPrice(line) - discount(line), currency));
      copy(line, told, "lost");
    }
    order.set("listPrice", money(list, currency));
    order.set("discount", money(off, currency));
    order.set("finalPrice", money(list - off, currency));
    order.set("lines", lines);
    ArrayNode rules = order.putArray("rules");
    byRule.forEach(
        (rule, amount) ->
            rules.addObject().put("rule", rule).set("amount", money(amount, currency)));
    copy(payload.path("priced"), order, "lost");
    copy(payload, order, "exhausted");
    return order;
  }

  static long listPrice(JsonNode line) {
    return Math.multiplyExact(
        line.at("/line/quantity").asLong(), line.at("/line/unitPrice/amount").asLong());
  }

  static long discount(JsonNode line) {
    long sum = 0;
    for (JsonNode taken : line.path("adjustments")) {
      sum += taken.path("amount").asLong();
    }
    return sum;
  }

  static ObjectNode money(long amount, String currency) {
    return JSON.createObjectNode().put("amount", amount).put("currency", currency);
  }
}
