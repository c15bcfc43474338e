package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.problems.StockProblems;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.Decision;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockRejection;
import io.swagger.v3.oas.models.examples.Example;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private final Map<CommandRoute, StockItem> after = new EnumMap<>(CommandRoute.class);

  ApiExamples() {
    StockItem item = StockItem.UNREGISTERED;
    for (CommandRoute route : CommandRoute.values()) {
      ObjectNode members = JSON.valueToTree(route.example());
      members.put(Field.SKU.name(), CommandRoute.EXAMPLE_SKU);
      item = done(item, item.decide(route.form().read(members), ExpectedVersion.ANY));
      after.put(route, item);
    }
  }

  private static StockItem done(StockItem before, Decision<StockEvent, StockRejection> decision) {
    return switch (decision) {
      case Decision.Accepted<StockEvent, StockRejection>(List<StockEvent> events) ->
          events.stream().reduce(before, StockItem::evolve, (_, last) -> last);
      case Decision.Rejected<StockEvent, StockRejection>(StockRejection rejection) ->
          throw new IllegalStateException("an example is refused: " + rejection);
    };
  }

  /** What the example of {@code route} is answered when the story is played on an empty ledger. */
  Map<String, Object> outcome(CommandRoute route) {
    StockItem item = after.getOrDefault(route, StockItem.UNREGISTERED);
    return outcome(
        route.exampleKey(), CommandRoute.EXAMPLE_SKU, item.version(), item.version() + 1, item);
  }

  private static Map<String, Object> outcome(
      String key, String sku, long version, long position, StockItem item) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("key", key);
    outcome.put("status", "done");
    outcome.put("stream", "stock:" + sku + "@" + MAIN);
    outcome.put("version", version);
    outcome.put("position", position);
    outcome.put("onHand", item.onHand());
    outcome.put("reserved", item.reserved());
    outcome.put("available", item.available());
    return outcome;
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
    long position = CommandRoute.values().length;
    StockItem registered = new StockItem(0, 5, 0, 0, 0, false);
    StockItem deducted = new StockItem(1, 3, 0, 0, 0, false);
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
    REJECTIONS.stream()
        .map(StockProblems::of)
        .forEach(problem -> samples.put(typeOf(problem), problem));
    samples.put(
        ProblemType.INVALID_COMMAND,
        CommandForm.invalid(
                List.of(
                    new CommandForm.Violation(
                        "/quantity",
                        "a quantity that moves must be a whole number from 1 to " + Quantity.MAX),
                    new CommandForm.Violation("/orderId", "is required")))
            .problem());
    samples.put(
        ProblemType.TOO_MANY_SKUS,
        Problem.of(
            ProblemType.TOO_MANY_SKUS,
            "One question may name at most 200 different SKUs.",
            Map.of("requested", 201, "limit", 200)));
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
