package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static io.bincard.domain.stock.Held.held;
import static io.bincard.domain.stock.Held.kept;
import static io.bincard.domain.stock.StockItemScenario.LOCATION;
import static io.bincard.domain.stock.StockItemScenario.SKU;
import static io.bincard.domain.stock.StockItemScenario.adjust;
import static io.bincard.domain.stock.StockItemScenario.count;
import static io.bincard.domain.stock.StockItemScenario.deduct;
import static io.bincard.domain.stock.StockItemScenario.freeze;
import static io.bincard.domain.stock.StockItemScenario.giveBack;
import static io.bincard.domain.stock.StockItemScenario.given;
import static io.bincard.domain.stock.StockItemScenario.receive;
import static io.bincard.domain.stock.StockItemScenario.register;
import static io.bincard.domain.stock.StockItemScenario.setPolicy;
import static io.bincard.domain.stock.StockItemScenario.unfreeze;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.stock.ExpectedVersion.Exactly;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockCommand.ReturnStock;
import io.bincard.domain.stock.StockCommand.SetStockPolicy;
import io.bincard.domain.stock.StockCommand.UnfreezeStockItem;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import io.bincard.domain.stock.StockRejection.StaleVersion;
import io.bincard.domain.stock.StockRejection.StockItemAlreadyRegistered;
import io.bincard.domain.stock.StockRejection.StockItemFrozen;
import io.bincard.domain.stock.StockRejection.StockItemNotFrozen;
import io.bincard.domain.stock.StockRejection.UnknownStockItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which rule is named when a command breaks several: the first in the order of {@link
 * StockRejection}.
 */
class StockItemPrecedenceTest {

  private static final long MAX = Quantity.MAX;

  private static final ExpectedVersion ANY = ExpectedVersion.ANY;
  private static final ExpectedVersion STALE = new Exactly(3);

  private static final StockItem UNREGISTERED = StockItem.UNREGISTERED;

  /** Version 4 with 10 on hand, 4 of them reserved, and 5 until a moment ago. */
  private static final StockItem THAWED = new StockItem(4, 10, held(4, 5), 0, 0, false);

  private static final StockItem FROZEN = frozen(THAWED);

  private static StockItem frozen(StockItem item) {
    return new StockItem(
        item.version(),
        item.onHand(),
        item.reservations(),
        item.safetyStock(),
        item.backorderLimit(),
        true);
  }

  /** One broken rule of each kind: state, command, expected version, and the rejection. */
  private record Broken(
      StockItem item, StockCommand command, ExpectedVersion expected, StockRejection rejection) {

    @Override
    public String toString() {
      return rejection.getClass().getSimpleName() + " by " + command.getClass().getSimpleName();
    }
  }

  static Stream<Broken> everyRejectionInItsOrder() {
    return Stream.of(
        new Broken(UNREGISTERED, deduct(1), ANY, new UnknownStockItem(SKU, LOCATION)),
        new Broken(THAWED, register(1, 0, 0), ANY, new StockItemAlreadyRegistered(SKU, LOCATION)),
        new Broken(THAWED, deduct(1), STALE, new StaleVersion(SKU, LOCATION, 3, 4)),
        new Broken(FROZEN, deduct(1), ANY, new StockItemFrozen(SKU, LOCATION)),
        new Broken(THAWED, unfreeze(), ANY, new StockItemNotFrozen(SKU, LOCATION)),
        new Broken(
            THAWED, receive(MAX), ANY, new QuantityLimitExceeded(SKU, LOCATION, 10, MAX, MAX)),
        new Broken(THAWED, deduct(7), ANY, new InsufficientStock(SKU, LOCATION, 7, 6)),
        new Broken(THAWED, adjust(-7), ANY, new AdjustmentExceedsStock(SKU, LOCATION, -7, 10, 4)),
        new Broken(THAWED, count(3), ANY, new CountBelowReserved(SKU, LOCATION, 3, 4)));
  }

  @ParameterizedTest
  @MethodSource("everyRejectionInItsOrder")
  void every_rule_refuses_alone(Broken broken) {
    given(broken.item()).when(broken.command(), broken.expected()).thenRefused(broken.rejection());
  }

  @Test
  void the_table_holds_every_rejection_in_the_documented_order() {
    assertThat(everyRejectionInItsOrder().<Class<?>>map(it -> it.rejection().getClass()).toList())
        .isEqualTo(documentedOrder());
  }

  /**
   * Two broken rules.
   *
   * @param item breaks both together with {@code command} and {@code expected}
   * @param cured as {@code item}, with the first rule kept
   * @param curedExpected as {@code expected}, with the first rule kept
   */
  private record BrokenTwice(
      StockRejection first,
      StockRejection second,
      StockCommand command,
      StockItem item,
      ExpectedVersion expected,
      StockItem cured,
      ExpectedVersion curedExpected) {

    @Override
    public String toString() {
      return first.getClass().getSimpleName()
          + " before "
          + second.getClass().getSimpleName()
          + " by "
          + command.getClass().getSimpleName();
    }
  }

  /** Every pair of rules that one command can break at once. */
  static Stream<BrokenTwice> pairs() {
    StockRejection unknown = new UnknownStockItem(SKU, LOCATION);
    StockRejection registered = new StockItemAlreadyRegistered(SKU, LOCATION);
    StockRejection stale = new StaleVersion(SKU, LOCATION, 3, 4);
    StockRejection staleBeforeFirst = new StaleVersion(SKU, LOCATION, 3, -1);
    StockRejection isFrozen = new StockItemFrozen(SKU, LOCATION);
    StockRejection notFrozen = new StockItemNotFrozen(SKU, LOCATION);
    StockRejection limit = new QuantityLimitExceeded(SKU, LOCATION, 10, MAX, MAX);
    StockRejection insufficient = new InsufficientStock(SKU, LOCATION, 7, 6);
    StockRejection exceeds = new AdjustmentExceedsStock(SKU, LOCATION, -7, 10, 4);
    StockRejection below = new CountBelowReserved(SKU, LOCATION, 3, 4);
    StockItem atLowest = new StockItem(4, -MAX, held(4), 0, MAX, false);
    StockItem aboveLowest = new StockItem(4, 3 - MAX, held(4), 0, MAX, false);
    StockRejection countLimit = new QuantityLimitExceeded(SKU, LOCATION, -MAX, MAX + 3, MAX);
    return Stream.of(
        new BrokenTwice(unknown, stale, deduct(1), UNREGISTERED, STALE, THAWED, STALE),
        new BrokenTwice(unknown, notFrozen, unfreeze(), UNREGISTERED, ANY, THAWED, ANY),
        new BrokenTwice(unknown, insufficient, deduct(7), UNREGISTERED, ANY, THAWED, ANY),
        new BrokenTwice(unknown, exceeds, adjust(-7), UNREGISTERED, ANY, THAWED, ANY),
        new BrokenTwice(
            registered, staleBeforeFirst, register(1, 0, 0), THAWED, STALE, UNREGISTERED, STALE),
        new BrokenTwice(stale, isFrozen, deduct(1), FROZEN, STALE, FROZEN, ANY),
        new BrokenTwice(stale, notFrozen, unfreeze(), THAWED, STALE, THAWED, ANY),
        new BrokenTwice(stale, limit, receive(MAX), THAWED, STALE, THAWED, ANY),
        new BrokenTwice(stale, insufficient, deduct(7), THAWED, STALE, THAWED, ANY),
        new BrokenTwice(stale, exceeds, adjust(-7), THAWED, STALE, THAWED, ANY),
        new BrokenTwice(stale, below, count(3), THAWED, STALE, THAWED, ANY),
        new BrokenTwice(isFrozen, limit, receive(MAX), FROZEN, ANY, THAWED, ANY),
        new BrokenTwice(isFrozen, limit, giveBack(MAX), FROZEN, ANY, THAWED, ANY),
        new BrokenTwice(isFrozen, limit, adjust(MAX), FROZEN, ANY, THAWED, ANY),
        new BrokenTwice(isFrozen, insufficient, deduct(7), FROZEN, ANY, THAWED, ANY),
        new BrokenTwice(isFrozen, exceeds, adjust(-7), FROZEN, ANY, THAWED, ANY),
        new BrokenTwice(countLimit, below, count(3), atLowest, ANY, aboveLowest, ANY));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void of_two_broken_rules_the_first_is_named_and_then_the_second(BrokenTwice broken) {
    assertThat(documentedOrder().indexOf(broken.first().getClass()))
        .isLessThan(documentedOrder().indexOf(broken.second().getClass()));
    given(broken.item()).when(broken.command(), broken.expected()).thenRefused(broken.first());
    given(broken.cured())
        .when(broken.command(), broken.curedExpected())
        .thenRefused(broken.second());
  }

  @Test
  void a_count_on_a_frozen_item_is_judged_by_its_figures() {
    given(FROZEN).when(count(3)).thenRefused(new CountBelowReserved(SKU, LOCATION, 3, 4));
  }

  /**
   * Every command in every state of a grid around 0 and the limits, against the rules told one by
   * one. It also proves that {@link #pairs()} forgets no pair that the grid can break.
   */
  @Test
  void the_first_broken_rule_is_named_all_over_the_grid() {
    Set<String> brokenPairs = new HashSet<>();
    long refused = 0;
    long accepted = 0;
    for (StockItem item : gridOfStates()) {
      for (StockCommand command : gridOfCommands()) {
        for (ExpectedVersion expected : List.of(ANY, new Exactly(-1), new Exactly(4))) {
          List<Class<?>> broken = brokenRules(item, command, expected);
          Decision<StockEvent, StockRejection> decision = item.decide(command, expected, NOW);
          if (broken.isEmpty()) {
            accepted++;
            assertThat(decision)
                .as("%s on %s expecting %s", command, item, expected)
                .isInstanceOf(Decision.Accepted.class);
          } else {
            refused++;
            assertThat(decision)
                .as("%s on %s expecting %s", command, item, expected)
                .isInstanceOfSatisfying(
                    Decision.Rejected.class,
                    it -> assertThat(it.rejection()).isExactlyInstanceOf(broken.getFirst()));
          }
          for (Class<?> second : broken.subList(Math.min(1, broken.size()), broken.size())) {
            brokenPairs.add(pair(broken.getFirst(), second));
          }
        }
      }
    }
    assertThat(accepted).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(1_000);
    assertThat(pairs().map(it -> pair(it.first().getClass(), it.second().getClass())))
        .as("pairs in the table")
        .containsAll(brokenPairs);
  }

  private static String pair(Class<?> first, Class<?> second) {
    return first.getSimpleName() + " before " + second.getSimpleName();
  }

  /** The rules that are broken, each judged for itself, in the documented order. */
  private static List<Class<?>> brokenRules(
      StockItem item, StockCommand command, ExpectedVersion expected) {
    List<Class<?>> broken = new ArrayList<>();
    for (Class<?> rule : documentedOrder()) {
      if (breaks(rule, item, command, expected)) {
        broken.add(rule);
      }
    }
    return broken;
  }

  private static boolean breaks(
      Class<?> rule, StockItem item, StockCommand command, ExpectedVersion expected) {
    boolean registers = command instanceof RegisterStockItem;
    if (rule == UnknownStockItem.class) {
      return item.version() == -1 && !registers;
    }
    if (rule == StockItemAlreadyRegistered.class) {
      return item.version() != -1 && registers;
    }
    if (rule == StaleVersion.class) {
      return expected instanceof Exactly exactly && exactly.version() != item.version();
    }
    if (rule == StockItemFrozen.class) {
      return item.frozen()
          && (command instanceof ReceiveStock
              || command instanceof DeductStock
              || command instanceof ReturnStock
              || command instanceof AdjustStock
              || command instanceof SetStockPolicy
              || command instanceof FreezeStockItem);
    }
    if (rule == StockItemNotFrozen.class) {
      return command instanceof UnfreezeStockItem && !item.frozen();
    }
    if (rule == QuantityLimitExceeded.class) {
      long more =
          switch (command) {
            case ReceiveStock c -> c.quantity().units();
            case ReturnStock c -> c.quantity().units();
            case AdjustStock c -> c.delta().units();
            case RegisterStockItem _,
                DeductStock _,
                CountStock _,
                SetStockPolicy _,
                FreezeStockItem _,
                UnfreezeStockItem _ ->
                0;
          };
      boolean holdsTooMuch = item.onHand() + more > MAX;
      boolean movesTooFar =
          command instanceof CountStock c && c.counted().units() - item.onHand() > MAX;
      return holdsTooMuch || movesTooFar;
    }
    if (rule == InsufficientStock.class) {
      return command instanceof DeductStock c
          && item.onHand() - c.quantity().units()
              < kept(item.reservations()) + item.safetyStock() - item.backorderLimit();
    }
    if (rule == AdjustmentExceedsStock.class) {
      return command instanceof AdjustStock c
          && c.delta().units() < 0
          && item.onHand() + c.delta().units() < kept(item.reservations());
    }
    if (rule == CountBelowReserved.class) {
      return command instanceof CountStock c && c.counted().units() < kept(item.reservations());
    }
    throw new AssertionError("no rule is told here for " + rule);
  }

  private static List<StockItem> gridOfStates() {
    List<StockItem> states = new ArrayList<>(List.of(UNREGISTERED));
    for (long onHand : new long[] {-MAX, -1, 0, 5, MAX}) {
      for (long reserved : new long[] {0, 1, 5}) {
        for (long safetyStock : new long[] {0, 2, MAX}) {
          for (long backorderLimit : new long[] {0, 3, MAX}) {
            for (long lapsed : new long[] {0, 3}) {
              StockItem thawed =
                  new StockItem(
                      4, onHand, held(reserved, lapsed), safetyStock, backorderLimit, false);
              states.add(thawed);
              states.add(frozen(thawed));
            }
          }
        }
      }
    }
    return states;
  }

  private static List<StockCommand> gridOfCommands() {
    List<StockCommand> commands =
        new ArrayList<>(
            List.of(
                register(0, 0, 0),
                register(MAX, MAX, MAX),
                setPolicy(null, 1L),
                setPolicy(1L, null),
                freeze(),
                unfreeze(),
                count(0)));
    for (long units : new long[] {1, 2, 4, 5, 6, MAX - 1, MAX}) {
      commands.addAll(
          List.of(
              receive(units),
              deduct(units),
              giveBack(units),
              adjust(units),
              adjust(-units),
              count(units)));
    }
    return commands;
  }

  private static List<Class<?>> documentedOrder() {
    return List.of(StockRejection.class.getPermittedSubclasses());
  }
}
