package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.problems.CatalogProblems;
import io.bincard.application.problems.DiscountProblems;
import io.bincard.application.problems.HoldProblems;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.problems.StockProblems;
import io.bincard.application.receipts.CommandKey;
import io.bincard.domain.Decision;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.catalog.CatalogCommand;
import io.bincard.domain.catalog.CatalogRejection;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountCommand;
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
import io.bincard.domain.hold.HoldRejection;
import io.bincard.domain.hold.Holding;
import io.bincard.domain.hold.Sources;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.register.PolicyCommand;
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
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockRejection;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class CommandRouteTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Reservations RESERVED =
      Reservations.NONE.plus(new HoldId(new UUID(0, 1)), Instant.EPOCH.plusMillis(1), 2);

  private static final List<StockItem> STATES =
      List.of(
          StockItem.UNREGISTERED,
          new StockItem(0, 5, RESERVED, 0, 0, false),
          new StockItem(0, 5, RESERVED, 0, 0, true),
          new StockItem(0, -5, Reservations.NONE, 0, 9, false),
          new StockItem(0, Quantity.MAX, Reservations.NONE, 0, 0, false));

  private static final List<ExpectedVersion> EXPECTATIONS =
      List.of(ExpectedVersion.ANY, new ExpectedVersion.Exactly(7));

  private static final List<Long> UNITS =
      List.of(-Quantity.MAX, -4L, 0L, 1L, 8L, Quantity.MAX - 1, Quantity.MAX);

  @ParameterizedTest
  @EnumSource
  void names_every_rejection_that_the_domain_knows_for_it_and_no_other(CommandRoute route) {
    Set<ProblemType> seen = new TreeSet<>();
    switch (route.subject()) {
      case STOCK_ITEM -> addStockRejections(route, seen);
      case PRICE -> addDiscountRejections(route, seen);
      case POLICY -> addPolicyRejections(route, seen);
      case HOLD, ORDER -> addHoldRejections(route, seen);
      case SKU -> addCatalogRejections(route, seen);
    }

    assertThat(route.rejections()).containsExactlyInAnyOrderElementsOf(seen);
  }

  private static void addStockRejections(CommandRoute route, Set<ProblemType> seen) {
    for (long units : UNITS) {
      for (StockItem state : STATES) {
        for (ExpectedVersion expected : EXPECTATIONS) {
          try {
            if (state.decide(
                    (StockCommand) route.form().read(members(route, units), null),
                    expected,
                    Instant.EPOCH)
                instanceof Decision.Rejected<?, ?>(StockRejection rejection)) {
              seen.add(typeOf(StockProblems.of(rejection)));
            }
          } catch (InvalidRequestException e) {
            assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_COMMAND.uri());
          }
        }
      }
    }
  }

  /** Ten percent off, paid by a campaign that has nothing left. */
  private static final PolicyVersion POOR =
      new PolicyVersion(
          new PolicyFingerprint(ApiPolicy.FINGERPRINT),
          CanonicalPolicy.read(
              """
              {"currency":"GBP","campaign":[{"id":"poor","budget":"0 GBP"}],
              "rule":[{"id":"ten","percent-off":10,"campaign":"poor"}]}
              """));

  /** Rules about every line, enough for an order of the most lines that hold to meet too many. */
  private static final PolicyVersion LAVISH =
      new PolicyVersion(
          new PolicyFingerprint(ApiPolicy.FINGERPRINT),
          CanonicalPolicy.read(
              IntStream.rangeClosed(0, Pricing.MAX_TOUCHES / HoldCommand.MAX_LINES)
                  .mapToObj(i -> "{\"id\":\"rule-" + i + "\",\"percent-off\":10}")
                  .collect(Collectors.joining(",", "{\"currency\":\"GBP\",\"rule\":[", "]}"))));

  private static void addDiscountRejections(CommandRoute route, Set<ProblemType> seen) {
    OrderDiscount priced = new OrderDiscount(0, true, null, Map.of());
    for (PolicyVersion policy : Arrays.asList(null, ApiPolicy.inForce(), POOR, LAVISH)) {
      Discounting discounting = new Discounting(policy, id -> CampaignAccount.UNTOUCHED);
      for (OrderDiscount order : List.of(OrderDiscount.UNKNOWN, priced)) {
        for (ExpectedVersion expected : EXPECTATIONS) {
          for (Consumer<ObjectNode> change : CHANGES) {
            ObjectNode members = JSON.valueToTree(route.example());
            members.put("orderId", CommandRoute.EXAMPLE_ORDER);
            if (members.has("lines")) {
              change.accept(members);
            }
            if (discounting.decide(
                    (DiscountCommand) route.form().read(members, null),
                    order,
                    expected,
                    Instant.EPOCH)
                instanceof Decision.Rejected<?, ?>(DiscountRejection rejection)) {
              seen.add(typeOf(DiscountProblems.of(rejection)));
            }
          }
        }
      }
    }
  }

  /** What may be different in a cart. */
  private static final List<Consumer<ObjectNode>> CHANGES =
      List.of(
          cart -> {},
          cart -> fill(cart, Cart.MAX_LINES),
          cart -> cart.putArray("coupons").add("NOBODY-KNOWS"),
          cart -> ((ObjectNode) cart.at("/lines/0/unitPrice")).put("currency", "EUR"));

  private static void fill(ObjectNode cart, int size) {
    ArrayNode lines = (ArrayNode) cart.path("lines");
    while (lines.size() < size) {
      lines.add(lines.get(0).deepCopy());
    }
  }

  private static void addCatalogRejections(CommandRoute route, Set<ProblemType> seen) {
    ObjectNode members = JSON.valueToTree(route.example());
    members.put("sku", CommandRoute.EXAMPLE_SKU);
    CatalogCommand command = (CatalogCommand) route.form().read(members, null);
    for (ExpectedVersion expected : EXPECTATIONS) {
      if (DescribedSku.UNKNOWN.decide(command, expected)
          instanceof Decision.Rejected<?, ?>(CatalogRejection rejection)) {
        seen.add(typeOf(CatalogProblems.of(rejection)));
      }
    }
  }

  private static final HoldId HOLD = HoldId.of(CommandRoute.EXAMPLE_HOLD);

  /** As far as a hold may be, each with one unit left or with more than anybody asks for. */
  private static final List<Hold> HOLDS =
      Arrays.stream(Hold.Status.values())
          .flatMap(
              status ->
                  Stream.of(
                      hold(status, 1, Instant.EPOCH),
                      hold(status, 9, Instant.EPOCH),
                      hold(status, 9, Instant.EPOCH.minus(HoldCommand.MAX_LIFETIME))))
          .toList();

  private static Hold hold(Hold.Status status, long units, Instant placedAt) {
    StockItemId item = new StockItemId(new Sku(CommandRoute.EXAMPLE_SKU), LocationId.MAIN);
    return status == Hold.Status.UNKNOWN
        ? Hold.UNKNOWN
        : new Hold(
            0,
            status,
            new OrderId(CommandRoute.EXAMPLE_ORDER),
            null,
            null,
            List.of(new Hold.Line(0, item, units, 0, 0, Map.of())),
            placedAt,
            Instant.EPOCH.plusMillis(1));
  }

  /** What may be different in an order. */
  private static final List<Consumer<ObjectNode>> ORDERS =
      List.of(
          order -> {},
          order -> fill(order, HoldCommand.MAX_LINES),
          order -> order.putArray("coupons").add("NOBODY-KNOWS"),
          order -> ((ObjectNode) order.at("/lines/0/unitPrice")).put("currency", "EUR"));

  private static void addHoldRejections(CommandRoute route, Set<ProblemType> seen) {
    List<Consumer<ObjectNode>> orders =
        route == CommandRoute.PLACE_HOLD ? ORDERS : ORDERS.subList(0, 1);
    List<ExpectedVersion> expectations =
        route.form().takesVersion() ? EXPECTATIONS : List.of(ExpectedVersion.ANY);
    for (Consumer<ObjectNode> change : orders) {
      ObjectNode members = JSON.valueToTree(route.example());
      if (route.inPath() != null) {
        members.put("hold", CommandRoute.EXAMPLE_HOLD);
      }
      change.accept(members);
      HoldCommand command = (HoldCommand) route.form().read(members, null);
      for (PolicyVersion policy : Arrays.asList(null, ApiPolicy.inForce(), POOR, LAVISH)) {
        for (StockItem item : STATES) {
          Holding holding =
              new Holding(
                  id -> item,
                  new Discounting(policy, id -> CampaignAccount.UNTOUCHED),
                  Sources.MAIN);
          for (ExpectedVersion expected : expectations) {
            decisions(holding, command, expected)
                .forEach(
                    decision -> {
                      if (decision instanceof Decision.Rejected<?, ?>(HoldRejection rejection)) {
                        seen.add(typeOf(HoldProblems.of(rejection)));
                      }
                    });
          }
        }
      }
    }
  }

  private static Stream<Decision<LedgerEvent, HoldRejection>> decisions(
      Holding holding, HoldCommand command, ExpectedVersion expected) {
    return switch (command) {
      case PlaceHold c -> Stream.of(holding.place(HOLD, c, expected, Instant.EPOCH));
      case DeductOrder c -> Stream.of(holding.deduct(c, Instant.EPOCH));
      case SecondStep c ->
          HOLDS.stream().map(hold -> holding.decide(c, hold, expected, Instant.EPOCH));
      case ExpireHolds c -> throw new IllegalArgumentException("no route takes " + c);
    };
  }

  /** What a hold would be told is told before, by a problem that no key keeps. */
  @Test
  void a_form_takes_a_version_unless_it_makes_what_has_one_or_has_none() {
    assertThat(CommandForm.all().values())
        .filteredOn(form -> !form.takesVersion())
        .extracting(CommandForm::type)
        .containsExactlyInAnyOrder("place-hold", "deduct-order");
  }

  private static void addPolicyRejections(CommandRoute route, Set<ProblemType> seen) {
    PolicyFingerprint known = new PolicyFingerprint(ApiPolicy.FINGERPRINT);
    List<PolicyRegister> states =
        List.of(
            PolicyRegister.EMPTY,
            new PolicyRegister(0, known, null, Set.of(known)),
            new PolicyRegister(0, null, known, Set.of(known)));
    for (PolicyRegister register : states) {
      for (ExpectedVersion expected : EXPECTATIONS) {
        ObjectNode members = JSON.valueToTree(route.example());
        members.remove("content");
        if (register.decide((PolicyCommand) route.form().read(members, null), expected)
            instanceof Decision.Rejected<?, ?>(PolicyRejection rejection)) {
          seen.add(typeOf(DiscountProblems.of(rejection)));
        }
      }
    }
  }

  /** The example, with {@code units} wherever it has a number. */
  private static ObjectNode members(CommandRoute route, long units) {
    Map<String, Object> members = new LinkedHashMap<>(route.example());
    members.replaceAll((_, value) -> value instanceof Integer ? units : value);
    members.put("sku", CommandRoute.EXAMPLE_SKU);
    return JSON.valueToTree(members);
  }

  private static ProblemType typeOf(Problem problem) {
    return ProblemType.of(problem.type().substring("/problems/".length())).orElseThrow();
  }

  @Test
  void every_form_has_one_route() {
    assertThat(CommandRoute.values())
        .extracting(route -> route.form().type())
        .containsExactlyInAnyOrderElementsOf(CommandForm.all().keySet());
  }

  @Test
  void the_problem_of_every_rejection_has_the_members_that_its_type_promises() {
    Map<String, List<String>> promised =
        new ApiExamples()
            .problems().keySet().stream()
                .map(slug -> ProblemType.of(slug).orElseThrow())
                .collect(Collectors.toMap(ProblemType::slug, ProblemType::members));

    new ApiExamples()
        .problems()
        .forEach(
            (slug, example) -> {
              Set<Object> members = new LinkedHashSet<>(((Map<?, ?>) example.getValue()).keySet());
              members.removeAll(Set.of("type", "title", "status", "detail"));
              assertThat(members)
                  .as(slug)
                  .containsExactlyInAnyOrderElementsOf(promised.getOrDefault(slug, List.of()));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "a-1",
        "A B",
        " A",
        "A ",
        "a.b_c-d+e:f#g",
        "-a",
        "a-",
        "a/b",
        "ä",
        "a\nb",
        "a\n",
        "7"
      })
  void the_pattern_of_a_code_takes_what_the_domain_takes(String text) {
    Field.Shape.Text shape = (Field.Shape.Text) Field.SKU.shape();

    assertThat(Pattern.compile(shape.pattern()).asMatchPredicate().test(text))
        .isEqualTo(isSku(text));
  }

  @Test
  void the_length_of_a_code_is_the_domains() {
    Field.Shape.Text shape = (Field.Shape.Text) Field.SKU.shape();

    assertThat(isSku("x".repeat(shape.maxLength()))).isTrue();
    assertThat(isSku("x".repeat(shape.maxLength() + 1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "!~", "a b", "a/b", "a\\b", "[]", "0192-ab", "ä", "a\u007f"})
  void the_pattern_of_a_key_takes_what_a_key_may_be(String text) {
    assertThat(Pattern.compile(ApiSchemas.key().getPattern()).asMatchPredicate().test(text))
        .isEqualTo(isKey(text));
  }

  private static boolean isKey(String text) {
    try {
      return CommandKey.of(text).key().equals(text);
    } catch (InvalidValueException e) {
      return false;
    }
  }

  private static boolean isSku(String text) {
    try {
      return new Sku(text).value().equals(text);
    } catch (InvalidValueException e) {
      return false;
    }
  }
}
