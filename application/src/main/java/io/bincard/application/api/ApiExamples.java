package io.bincard.application.api;

import io.bincard.application.books.Books;
import io.bincard.application.discount.PricedOrderView;
import io.bincard.application.hold.HoldView;
import io.bincard.application.problems.CatalogProblems;
import io.bincard.application.problems.DiscountProblems;
import io.bincard.application.problems.HoldProblems;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.problems.StockProblems;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.Decision;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.catalog.CatalogCommand;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.CatalogRejection;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountCommand;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.ExpireHolds;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldRejection;
import io.bincard.domain.hold.Holding;
import io.bincard.domain.hold.Sources;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.register.PolicyCommand;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.register.PolicyRejection;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockRejection;
import io.swagger.v3.oas.models.examples.Example;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Examples of answers, made by what makes the answers: the domain plays the story of {@link
 * CommandRoute} on an empty ledger, and problems come out of their own factories.
 */
final class ApiExamples {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** When the story is told. */
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static final Sku SKU = new Sku(CommandRoute.EXAMPLE_SKU);
  private static final LocationId MAIN = LocationId.MAIN;

  private static final List<StockRejection> REJECTIONS =
      List.of(
          new StockRejection.UnknownStockItem(SKU, MAIN),
          new StockRejection.StockItemAlreadyRegistered(SKU, MAIN),
          new StockRejection.StaleVersion(SKU, MAIN, 1, 2),
          new StockRejection.StockItemFrozen(SKU, MAIN),
          new StockRejection.StockItemNotFrozen(SKU, MAIN),
          new StockRejection.QuantityLimitExceeded(SKU, MAIN, 19, Quantity.MAX, Quantity.MAX),
          new StockRejection.InsufficientStock(SKU, MAIN, 50, 18),
          new StockRejection.AdjustmentExceedsStock(SKU, MAIN, -20, 19, 0),
          new StockRejection.CountBelowReserved(SKU, MAIN, 3, 4));

  private static final OrderId ORDER = new OrderId(CommandRoute.EXAMPLE_ORDER);

  private static final List<DiscountRejection> DISCOUNT_REJECTIONS =
      List.of(
          new DiscountRejection.StaleOrderVersion(ORDER, 1, 2),
          new DiscountRejection.DiscountAlreadyApplied(ORDER),
          new DiscountRejection.DiscountNotApplied(ORDER),
          new DiscountRejection.NoPolicyInForce(ORDER),
          new DiscountRejection.CurrencyNotSold(
              ORDER, new CurrencyCode("EUR"), new CurrencyCode("GBP")),
          new DiscountRejection.TooManyRules(ORDER, Pricing.MAX_TOUCHES),
          new DiscountRejection.CouponNotApplicable(
              ORDER, new CouponCode("XMAS10"), LostRule.Reason.EXPIRED),
          new DiscountRejection.BudgetExhausted(
              ORDER, new CampaignId("christmas"), DiscountRejection.Limit.MONEY, 400, 250));

  private static final PolicyFingerprint POLICY = new PolicyFingerprint(ApiPolicy.FINGERPRINT);

  private static final List<PolicyRejection> POLICY_REJECTIONS =
      List.of(
          new PolicyRejection.StaleRegisterVersion(1, 2),
          new PolicyRejection.UnknownPolicy(POLICY),
          new PolicyRejection.PolicyAlreadyInForce(POLICY),
          new PolicyRejection.PolicyAlreadyStaged(POLICY),
          new PolicyRejection.NoPolicyStaged());

  private static final HoldId HOLD = HoldId.of(CommandRoute.EXAMPLE_HOLD);

  private static final List<HoldRejection> HOLD_REJECTIONS =
      List.of(
          new HoldRejection.UnknownHold(HOLD),
          new HoldRejection.StaleHoldVersion(HOLD, 1, 2),
          new HoldRejection.HoldAlreadyConfirmed(HOLD),
          new HoldRejection.HoldAlreadyReleased(HOLD),
          new HoldRejection.HoldExpired(HOLD, NOON),
          new HoldRejection.HoldLifetimeExceeded(HOLD, NOON.plusSeconds(900), NOON),
          new HoldRejection.ExceedsHold(HOLD, List.of(new HoldRejection.Excess(SKU, null, 3, 1))),
          new HoldRejection.HeldItemsFrozen(HOLD, List.of(new StockItemId(SKU, MAIN))),
          new HoldRejection.OrderRefused(
              ORDER,
              List.of(new HoldRejection.Place(new Sku("TEPOT-1"), null)),
              List.of(new HoldRejection.Place(new Sku("TEAPOT-3"), MAIN)),
              List.of(new HoldRejection.Shortfall(SKU, null, 50, 18)),
              List.of(
                  new Discounting.UnusableCoupon(
                      new CouponCode("XMAS10"), LostRule.Reason.EXPIRED)),
              List.of(
                  new Discounting.Shortage(
                      new CampaignId("christmas"), DiscountRejection.Limit.MONEY, 400, 250))));

  /** A cart that {@link ApiPolicy} is about. */
  static final Map<String, Object> CART =
      Map.of("lines", CommandRoute.APPLY_DISCOUNT.example().getOrDefault("lines", List.of()));

  private final Map<CommandRoute, Map<String, Object>> outcomes = new EnumMap<>(CommandRoute.class);
  private StockItem item = StockItem.UNREGISTERED;
  private OrderDiscount order = OrderDiscount.UNKNOWN;
  private PolicyRegister register = PolicyRegister.EMPTY;
  private Hold hold = Hold.UNKNOWN;
  private DescribedSku sku = DescribedSku.UNKNOWN;
  private @Nullable DiscountApplied holdPrice;
  private long position;

  ApiExamples() {
    for (CommandRoute route : CommandRoute.values()) {
      ObjectNode members = JSON.valueToTree(route.example());
      Field<?> inPath = route.inPath();
      if (inPath != null) {
        members.put(inPath.name(), route.exampleInPath());
      }
      outcomes.put(route, play(route, route.form().read(members, null)));
    }
  }

  private Map<String, Object> play(CommandRoute route, LedgerCommand command) {
    return switch (command) {
      case StockCommand c -> {
        for (StockEvent event : accepted(item.decide(c, ExpectedVersion.ANY, NOON))) {
          item = item.evolve(event);
          position++;
        }
        yield outcome(route.exampleKey(), CommandRoute.EXAMPLE_SKU, item.version(), position, item);
      }
      case DiscountCommand c -> {
        Discounting discounting =
            new Discounting(ApiPolicy.inForce(), id -> CampaignAccount.UNTOUCHED);
        PricedOrderView priced = null;
        for (DiscountEvent event :
            accepted(discounting.decide(c, order, ExpectedVersion.ANY, NOON))) {
          order = event instanceof DiscountEvent.OfOrder e ? order.evolve(e) : order;
          priced =
              event instanceof DiscountEvent.DiscountApplied e ? PricedOrderView.of(e) : priced;
          position++;
        }
        Map<String, Object> outcome = done(route, Books.stream(ORDER), order.version());
        if (priced != null) {
          outcome.put("order", JSON.readValue(LedgerJson.write(priced), OBJECT));
        }
        yield outcome;
      }
      case PolicyCommand c -> {
        for (PolicyEvent event : accepted(register.decide(c, ExpectedVersion.ANY))) {
          register = register.evolve(event);
          position++;
        }
        Map<String, Object> outcome = done(route, PolicyEvent.STREAM, register.version());
        put(outcome, "inForce", register.inForce());
        put(outcome, "staged", register.staged());
        yield outcome;
      }
      case HoldCommand c -> play(route, c);
      case CatalogCommand c -> {
        for (CatalogEvent event : accepted(sku.decide(c, ExpectedVersion.ANY))) {
          sku = sku.evolve(event);
          position++;
        }
        yield done(route, DescribedSku.stream(SKU), sku.version());
      }
      default -> throw new IllegalStateException("no example is known for " + route);
    };
  }

  private Map<String, Object> play(CommandRoute route, HoldCommand command) {
    Discounting discounting = new Discounting(ApiPolicy.inForce(), id -> CampaignAccount.UNTOUCHED);
    Holding holding = new Holding(id -> item, discounting, Sources.MAIN);
    List<LedgerEvent> events =
        accepted(
            switch (command) {
              case PlaceHold c -> holding.place(HOLD, c, ExpectedVersion.ANY, NOON);
              case SecondStep c -> holding.decide(c, hold, ExpectedVersion.ANY, NOON);
              case DeductOrder c -> holding.deduct(c, NOON);
              case ExpireHolds c -> throw new IllegalStateException("nobody can ask for " + c);
            });
    for (LedgerEvent event : events) {
      item = event instanceof StockEvent e ? item.evolve(e) : item;
      hold = event instanceof HoldEvent e ? hold.evolve(e) : hold;
      holdPrice = event instanceof HoldPlaced e ? e.price() : holdPrice;
      position++;
    }
    if (!(command instanceof DeductOrder order)) {
      Map<String, Object> outcome = done(route, HOLD.stream(), hold.version());
      outcome.put("hold", hold(command instanceof PlaceHold ? holdPrice : null));
      return outcome;
    }
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("key", route.exampleKey());
    outcome.put("status", "done");
    outcome.put("orderId", order.orderId().value());
    outcome.put("position", position);
    Map<String, Object> taken = new LinkedHashMap<>();
    taken.put("sku", SKU.value());
    taken.put("location", MAIN.value());
    taken.putAll(card(CommandRoute.EXAMPLE_SKU, item.version(), item));
    outcome.put("items", List.of(taken));
    return outcome;
  }

  private Map<String, Object> hold(@Nullable DiscountApplied price) {
    return JSON.readValue(LedgerJson.write(HoldView.of(HOLD, hold, price, NOON)), OBJECT);
  }

  private static void put(
      Map<String, Object> outcome, String name, @Nullable PolicyFingerprint fingerprint) {
    if (fingerprint != null) {
      outcome.put(name, fingerprint.value());
    }
  }

  private static <E> List<E> accepted(Decision<E, ?> decision) {
    return switch (decision) {
      case Decision.Accepted<E, ?>(List<E> events) -> events;
      case Decision.Rejected<E, ?> refused ->
          throw new IllegalStateException("an example is refused: " + refused.rejection());
    };
  }

  private Map<String, Object> done(CommandRoute route, String stream, long version) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("key", route.exampleKey());
    outcome.put("status", "done");
    outcome.put("stream", stream);
    outcome.put("version", version);
    outcome.put("position", position);
    return outcome;
  }

  /** What the example of {@code route} is answered when the story is played on an empty ledger. */
  Map<String, Object> outcome(CommandRoute route) {
    return outcomes.getOrDefault(route, Map.of());
  }

  private static Map<String, Object> outcome(
      String key, String sku, long version, long position, StockItem item) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("key", key);
    outcome.put("status", "done");
    outcome.put("stream", "stock:" + sku + "@" + MAIN);
    outcome.put("version", version);
    outcome.put("position", position);
    outcome.putAll(card(sku, version, item));
    return outcome;
  }

  private static Map<String, Object> card(String sku, long version, StockItem item) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("stream", "stock:" + sku + "@" + MAIN);
    card.put("version", version);
    card.put("onHand", item.onHand());
    card.put("reserved", item.reserved(NOON));
    card.put("available", item.available(NOON));
    return card;
  }

  /** The price that the story's order was told. */
  Map<String, Object> applied() {
    Map<String, Object> outcome = outcome(CommandRoute.APPLY_DISCOUNT);
    Map<String, Object> applied = new LinkedHashMap<>();
    for (String member : List.of("stream", "version", "order")) {
      applied.put(member, Objects.requireNonNull(outcome.get(member)));
    }
    return applied;
  }

  /** The story's hold at its end. */
  Map<String, Object> hold() {
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("stream", HOLD.stream());
    found.put("version", hold.version());
    found.put("hold", hold(holdPrice));
    return found;
  }

  /** The price of {@link #CART} by the story's policy. */
  Map<String, Object> quote() {
    PolicyVersion policy = ApiPolicy.inForce();
    ApplyDiscount command =
        (ApplyDiscount)
            CommandForm.APPLY_DISCOUNT.read(
                JSON.valueToTree(CommandRoute.APPLY_DISCOUNT.example()), null);
    OffsetDateTime at = policy.at(NOON);
    Discounting.Offer offer =
        new Discounting(policy, id -> CampaignAccount.UNTOUCHED).quote(policy, command.cart(), at);
    return JSON.readValue(
        LedgerJson.write(PricedOrderView.of(policy.fingerprint(), at, offer)), OBJECT);
  }

  /** What happened to the story's policies. */
  Map<String, Object> policies() {
    Map<String, Object> activated = new LinkedHashMap<>();
    activated.put("version", 0);
    activated.put("at", NOON.toString());
    activated.put("what", "activated");
    activated.put("fingerprint", ApiPolicy.FINGERPRINT);
    Map<String, Object> policies = new LinkedHashMap<>();
    policies.put("version", 0);
    policies.put("inForce", ApiPolicy.FINGERPRINT);
    policies.put("history", List.of(activated));
    return policies;
  }

  /** A batch of which two lines are done and one is refused. */
  String commandLines() {
    return """
        {"key":"try-line-1","type":"register-stock-item","sku":"TEAPOT-2","openingQuantity":5}
        {"key":"try-line-2","type":"deduct-stock","sku":"TEAPOT-2","quantity":2,"orderId":"order-1002"}
        {"key":"try-line-3","type":"deduct-stock","sku":"TEAPOT-2","quantity":9,"orderId":"order-1003"}
        """;
  }

  /** The answers to {@link #commandLines}, right behind the story. */
  String answerLines() {
    String sku = "TEAPOT-2";
    StockItem registered = new StockItem(0, 5, Reservations.NONE, 0, 0, false);
    StockItem deducted = new StockItem(1, 3, Reservations.NONE, 0, 0, false);
    Problem refusal =
        StockProblems.of(new StockRejection.InsufficientStock(new Sku(sku), MAIN, 9, 3));
    return Stream.of(
            LedgerJson.write(outcome("try-line-1", sku, 0, position + 1, registered)),
            LedgerJson.write(outcome("try-line-2", sku, 1, position + 2, deducted)),
            AnswerLine.told("try-line-3", new Outcome(refusal.status(), refusal.toJson()), false))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** The answer to a line that is no command. */
  String invalidLine() {
    return AnswerLine.invalid(
            null, 1, Problem.of(ProblemType.LINE_TOO_LONG, ProblemType.LINE_TOO_LONG.meaning()))
        + "\n";
  }

  /** A problem of every type, by its slug. */
  Map<String, Example> problems() {
    Map<ProblemType, Problem> samples = new EnumMap<>(ProblemType.class);
    for (ProblemType type : ProblemType.values()) {
      samples.put(type, Problem.of(type, type.meaning()));
    }
    Stream.of(
            REJECTIONS.stream().map(StockProblems::of),
            DISCOUNT_REJECTIONS.stream().map(DiscountProblems::of),
            HOLD_REJECTIONS.stream().map(HoldProblems::of),
            POLICY_REJECTIONS.stream().map(DiscountProblems::of),
            Stream.of(new CatalogRejection.StaleSkuVersion(SKU, 0, 1)).map(CatalogProblems::of))
        .flatMap(problems -> problems)
        .forEach(problem -> samples.put(typeOf(problem), problem));
    samples.put(
        ProblemType.INVALID_COMMAND,
        CommandForm.invalid(
                List.of(
                    new Members.Violation(
                        "/quantity",
                        "a quantity that moves must be a whole number from 1 to " + Quantity.MAX),
                    new Members.Violation("/orderId", "is required")))
            .problem());
    for (ProblemType type : List.of(ProblemType.UNKNOWN_SKU, ProblemType.NO_LIST_PRICE)) {
      samples.put(type, Problem.of(type, type.meaning(), Map.of("sku", SKU.value())));
    }
    samples.put(
        ProblemType.TOO_MANY_LOCATIONS,
        Problem.of(
            ProblemType.TOO_MANY_LOCATIONS,
            ProblemType.TOO_MANY_LOCATIONS.meaning(),
            Map.of("sku", SKU.value(), "limit", 1_000)));
    samples.put(
        ProblemType.FUSE_BLOWN,
        Problem.of(
            ProblemType.FUSE_BLOWN,
            ProblemType.FUSE_BLOWN.meaning(),
            Map.of("run", "7d0c1f5e-6f0f-4b6e-9a43-0c7a51b7a1de")));
    samples.put(
        ProblemType.TOO_MANY_SKUS,
        Problem.of(
            ProblemType.TOO_MANY_SKUS,
            "One question may name at most 200 different SKUs.",
            Map.of("requested", 201, "limit", 200)));
    samples.put(
        ProblemType.TOO_MANY_STREAMS,
        Problem.of(
            ProblemType.TOO_MANY_STREAMS,
            "No more than 100 connections for live stock are open at a time.",
            Map.of("limit", 100)));
    Map<String, Example> examples = new LinkedHashMap<>();
    samples.forEach(
        (type, problem) ->
            examples.put(
                type.slug(),
                new Example()
                    .summary(type.title())
                    .value(JSON.readValue(problem.toJson(), OBJECT))));
    return examples;
  }

  private static ProblemType typeOf(Problem problem) {
    return Arrays.stream(ProblemType.values())
        .filter(type -> type.uri().equals(problem.type()))
        .findFirst()
        .orElseThrow();
  }
}
