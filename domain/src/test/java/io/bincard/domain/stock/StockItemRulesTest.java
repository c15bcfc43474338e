package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.ENDED;
import static io.bincard.domain.stock.Held.HOLD;
import static io.bincard.domain.stock.Held.LONG_ENDED;
import static io.bincard.domain.stock.Held.NOW;
import static io.bincard.domain.stock.Held.UNTIL;
import static io.bincard.domain.stock.Held.held;
import static io.bincard.domain.stock.StockItemScenario.DELIVERY_NOTE;
import static io.bincard.domain.stock.StockItemScenario.LOCATION;
import static io.bincard.domain.stock.StockItemScenario.ORDER;
import static io.bincard.domain.stock.StockItemScenario.REASON;
import static io.bincard.domain.stock.StockItemScenario.SKU;
import static io.bincard.domain.stock.StockItemScenario.adjust;
import static io.bincard.domain.stock.StockItemScenario.count;
import static io.bincard.domain.stock.StockItemScenario.deduct;
import static io.bincard.domain.stock.StockItemScenario.freeze;
import static io.bincard.domain.stock.StockItemScenario.giveBack;
import static io.bincard.domain.stock.StockItemScenario.given;
import static io.bincard.domain.stock.StockItemScenario.receive;
import static io.bincard.domain.stock.StockItemScenario.register;
import static io.bincard.domain.stock.StockItemScenario.registered;
import static io.bincard.domain.stock.StockItemScenario.setPolicy;
import static io.bincard.domain.stock.StockItemScenario.unfreeze;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockEvent.StockReturned;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import io.bincard.domain.stock.StockRejection.StaleVersion;
import io.bincard.domain.stock.StockRejection.StockItemAlreadyRegistered;
import io.bincard.domain.stock.StockRejection.StockItemNotFrozen;
import io.bincard.domain.stock.StockRejection.UnknownStockItem;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command of a stock item: what it makes true, and up to where. */
class StockItemRulesTest {

  private static final long MAX = Quantity.MAX;

  private static final StockEvent FROZEN = new StockItemFrozen(SKU, LOCATION, REASON);
  private static final StockEvent UNFROZEN = new StockItemUnfrozen(SKU, LOCATION, REASON);

  private static StockEvent received(long units) {
    return new StockReceived(SKU, LOCATION, new Quantity(units), DELIVERY_NOTE);
  }

  private static StockEvent deducted(long units) {
    return new StockDeducted(SKU, LOCATION, new Quantity(units), ORDER);
  }

  private static StockEvent returned(long units) {
    return new StockReturned(SKU, LOCATION, new Quantity(units), ORDER);
  }

  private static StockEvent adjusted(long delta) {
    return new StockAdjusted(SKU, LOCATION, new Delta(delta), REASON);
  }

  private static StockEvent counted(long counted, long delta) {
    return new StockCounted(SKU, LOCATION, new Quantity(counted), new Delta(delta));
  }

  private static StockEvent policySet(long safetyStock, long backorderLimit) {
    return new StockPolicySet(
        SKU, LOCATION, new Quantity(safetyStock), new Quantity(backorderLimit));
  }

  /** A registered item without backorders. */
  private static StockItem item(long onHand, long reserved, long safetyStock) {
    return new StockItem(4, onHand, held(reserved), safetyStock, 0, false);
  }

  private static void assertFigures(
      StockItem item, long version, long onHand, long reserved, long available) {
    assertThat(item.version()).as("version").isEqualTo(version);
    assertThat(item.onHand()).as("on hand").isEqualTo(onHand);
    assertThat(item.reserved(NOW)).as("reserved").isEqualTo(reserved);
    assertThat(item.available(NOW)).as("available").isEqualTo(available);
  }

  @Nested
  class Registering {

    @Test
    void opens_the_card_with_what_lies_there() {
      StockItem after = given().when(register(10, 2, 5)).then(registered(10, 2, 5));

      assertFigures(after, 0, 10, 0, 8);
      assertThat(after).isEqualTo(new StockItem(0, 10, held(0), 2, 5, false));
      assertThat(after.isRegistered()).isTrue();
    }

    @Test
    void opens_an_empty_card_whose_safety_stock_leaves_less_than_nothing_to_sell() {
      StockItem after = given().when(register(0, 3, 0)).then(registered(0, 3, 0));

      assertFigures(after, 0, 0, 0, -3);
    }

    @Test
    void may_expect_that_the_item_has_no_version_yet() {
      given()
          .when(register(1, 0, 0), new ExpectedVersion.Exactly(StockItem.NO_VERSION))
          .then(registered(1, 0, 0));
    }

    @Test
    void takes_the_largest_figures() {
      StockItem after = given().when(register(MAX, MAX, MAX)).then(registered(MAX, MAX, MAX));

      assertFigures(after, 0, MAX, 0, 0);
    }

    @Test
    void is_refused_the_second_time_even_with_the_same_figures() {
      given(registered(10, 2, 5))
          .when(register(10, 2, 5))
          .thenRefused(new StockItemAlreadyRegistered(SKU, LOCATION));
    }

    @Test
    void nothing_is_known_before_it() {
      assertThat(StockItem.UNREGISTERED.isRegistered()).isFalse();
      assertFigures(StockItem.UNREGISTERED, StockItem.NO_VERSION, 0, 0, 0);
    }
  }

  static Stream<StockCommand> commandsOnACard() {
    return Stream.of(
        receive(1),
        deduct(1),
        giveBack(1),
        adjust(1),
        adjust(-1),
        count(0),
        setPolicy(1L, 1L),
        freeze(),
        unfreeze());
  }

  @ParameterizedTest
  @MethodSource("commandsOnACard")
  void every_other_command_needs_the_card(StockCommand command) {
    given().when(command).thenRefused(new UnknownStockItem(SKU, LOCATION));
  }

  @Nested
  class Receiving {

    @Test
    void adds_the_units() {
      StockItem after = given(registered(10, 2, 0)).when(receive(5)).then(received(5));

      assertFigures(after, 1, 15, 0, 13);
    }

    @Test
    void needs_no_document() {
      given(registered(0, 0, 0))
          .when(new ReceiveStock(SKU, LOCATION, new Quantity(1), null))
          .then(new StockReceived(SKU, LOCATION, new Quantity(1), null));
    }

    @Test
    void fills_the_item_up_to_the_limit_and_not_one_unit_more() {
      StockItem full = given(registered(MAX - 3, 0, 0)).when(receive(3)).then(received(3));

      assertFigures(full, 1, MAX, 0, MAX);
      given(full)
          .when(receive(1))
          .thenRefused(new QuantityLimitExceeded(SKU, LOCATION, MAX, 1, MAX));
      given(full)
          .when(receive(MAX))
          .thenRefused(new QuantityLimitExceeded(SKU, LOCATION, MAX, MAX, MAX));
    }

    @Test
    void first_pays_back_what_was_sold_beyond_the_stock() {
      StockItem after =
          given(registered(0, 0, 5), deducted(5)).when(receive(MAX)).then(received(MAX));

      assertFigures(after, 2, MAX - 5, 0, MAX - 5);
    }

    @Test
    void of_nothing_cannot_be_said() {
      assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> receive(0));
    }
  }

  @Nested
  class Deducting {

    @Test
    void takes_the_units() {
      StockItem after = given(registered(10, 2, 0)).when(deduct(3)).then(deducted(3));

      assertFigures(after, 1, 7, 0, 5);
    }

    @Test
    void takes_the_last_unit_and_not_one_more() {
      StockItem empty = given(registered(2, 0, 0)).when(deduct(2)).then(deducted(2));

      assertFigures(empty, 1, 0, 0, 0);
      given(registered(2, 0, 0))
          .when(deduct(3))
          .thenRefused(new InsufficientStock(SKU, LOCATION, 3, 2));
      given(empty).when(deduct(1)).thenRefused(new InsufficientStock(SKU, LOCATION, 1, 0));
    }

    @Test
    void leaves_the_safety_stock_alone() {
      given(registered(10, 4, 0)).when(deduct(6)).then(deducted(6));
      given(registered(10, 4, 0))
          .when(deduct(7))
          .thenRefused(new InsufficientStock(SKU, LOCATION, 7, 6));
    }

    @Test
    void leaves_reserved_units_alone() {
      StockItem after = given(item(10, 4, 1)).when(deduct(5)).then(deducted(5));

      assertFigures(after, 5, 5, 4, 0);
      given(item(10, 4, 1)).when(deduct(6)).thenRefused(new InsufficientStock(SKU, LOCATION, 6, 5));
    }

    @Test
    void goes_below_nothing_down_to_the_backorder_limit() {
      StockItem owing = given(registered(2, 0, 3)).when(deduct(5)).then(deducted(5));

      assertFigures(owing, 1, -3, 0, -3);
      given(owing).when(deduct(1)).thenRefused(new InsufficientStock(SKU, LOCATION, 1, 0));
      given(registered(2, 0, 3))
          .when(deduct(6))
          .thenRefused(new InsufficientStock(SKU, LOCATION, 6, 5));
    }

    @Test
    void counts_backorders_from_the_safety_stock_on() {
      StockItem after = given(registered(10, 4, 3)).when(deduct(9)).then(deducted(9));

      assertFigures(after, 1, 1, 0, -3);
      given(registered(10, 4, 3))
          .when(deduct(10))
          .thenRefused(new InsufficientStock(SKU, LOCATION, 10, 9));
    }

    @Test
    void tells_a_negative_figure_when_a_tighter_policy_left_more_owed_than_allowed() {
      given(registered(0, 0, 5), deducted(5), policySet(0, 2))
          .when(deduct(1))
          .thenRefused(new InsufficientStock(SKU, LOCATION, 1, -3));
    }

    @Test
    void reaches_the_lowest_figure_there_is() {
      StockItem lowest = given(registered(0, 0, MAX)).when(deduct(MAX)).then(deducted(MAX));

      assertFigures(lowest, 1, -MAX, 0, -MAX);
      given(lowest).when(deduct(1)).thenRefused(new InsufficientStock(SKU, LOCATION, 1, 0));
    }

    @Test
    void of_nothing_cannot_be_said() {
      assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> deduct(0));
    }
  }

  @Nested
  class Returning {

    @Test
    void puts_the_units_back() {
      StockItem after =
          given(registered(10, 0, 0), deducted(4)).when(giveBack(3)).then(returned(3));

      assertFigures(after, 2, 9, 0, 9);
    }

    @Test
    void stops_at_the_limit() {
      given(registered(MAX - 1, 0, 0)).when(giveBack(1)).then(returned(1));
      given(registered(MAX - 1, 0, 0))
          .when(giveBack(2))
          .thenRefused(new QuantityLimitExceeded(SKU, LOCATION, MAX - 1, 2, MAX));
    }

    @Test
    void of_nothing_cannot_be_said() {
      assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> giveBack(0));
    }
  }

  @Nested
  class Adjusting {

    @Test
    void writes_units_on() {
      StockItem after = given(registered(10, 0, 0)).when(adjust(4)).then(adjusted(4));

      assertFigures(after, 1, 14, 0, 14);
    }

    @Test
    void writes_units_off_even_out_of_the_safety_stock() {
      StockItem after = given(registered(10, 4, 0)).when(adjust(-10)).then(adjusted(-10));

      assertFigures(after, 1, 0, 0, -4);
    }

    @Test
    void writes_off_no_more_than_lies_there() {
      given(registered(10, 0, 0))
          .when(adjust(-11))
          .thenRefused(new AdjustmentExceedsStock(SKU, LOCATION, -11, 10, 0));
    }

    @Test
    void writes_off_no_more_than_lies_there_though_backorders_are_allowed() {
      given(registered(1, 0, 100))
          .when(adjust(-2))
          .thenRefused(new AdjustmentExceedsStock(SKU, LOCATION, -2, 1, 0));
    }

    @Test
    void writes_off_no_reserved_unit() {
      StockItem after = given(item(10, 4, 0)).when(adjust(-6)).then(adjusted(-6));

      assertFigures(after, 5, 4, 4, 0);
      given(item(10, 4, 0))
          .when(adjust(-7))
          .thenRefused(new AdjustmentExceedsStock(SKU, LOCATION, -7, 10, 4));
    }

    @Test
    void writes_nothing_off_while_units_are_owed() {
      given(registered(0, 0, 5), deducted(2))
          .when(adjust(-1))
          .thenRefused(new AdjustmentExceedsStock(SKU, LOCATION, -1, -2, 0));
    }

    @Test
    void writes_on_up_to_the_limit() {
      given(registered(MAX - 2, 0, 0)).when(adjust(2)).then(adjusted(2));
      given(registered(MAX - 2, 0, 0))
          .when(adjust(3))
          .thenRefused(new QuantityLimitExceeded(SKU, LOCATION, MAX - 2, 3, MAX));
    }

    @Test
    void of_nothing_cannot_be_said() {
      assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> adjust(0));
    }
  }

  @Nested
  class Counting {

    @ParameterizedTest
    @CsvSource({"7, -3", "10, 0", "12, 2", "0, -10"})
    void sets_the_figure_and_tells_what_it_changed(long counted, long delta) {
      StockItem after =
          given(registered(10, 1, 0)).when(count(counted)).then(counted(counted, delta));

      assertFigures(after, 1, counted, 0, counted - 1);
    }

    @Test
    void goes_through_a_freeze_and_leaves_the_item_frozen() {
      StockItem after = given(registered(10, 0, 0), FROZEN).when(count(8)).then(counted(8, -2));

      assertFigures(after, 2, 8, 0, 8);
      assertThat(after.frozen()).isTrue();
    }

    @Test
    void finds_at_least_what_is_reserved() {
      StockItem after = given(item(10, 4, 0)).when(count(4)).then(counted(4, -6));

      assertFigures(after, 5, 4, 4, 0);
      given(item(10, 4, 0)).when(count(3)).thenRefused(new CountBelowReserved(SKU, LOCATION, 3, 4));
    }

    @Test
    void ends_what_was_owed() {
      StockItem after = given(registered(0, 0, 5), deducted(5)).when(count(1)).then(counted(1, 6));

      assertFigures(after, 2, 1, 0, 1);
    }

    @Test
    void moves_the_figure_by_no_more_than_the_limit() {
      given(registered(0, 0, 5), deducted(5)).when(count(MAX - 5)).then(counted(MAX - 5, MAX));
      given(registered(0, 0, 5), deducted(5))
          .when(count(MAX - 4))
          .thenRefused(new QuantityLimitExceeded(SKU, LOCATION, -5, MAX + 1, MAX));
      given(registered(MAX, 0, 0)).when(count(0)).then(counted(0, -MAX));
    }
  }

  @Nested
  class SettingThePolicy {

    @Test
    void changes_what_is_offered_and_nothing_that_lies_there() {
      StockItem after = given(item(10, 4, 0)).when(setPolicy(3L, 5L)).then(policySet(3, 5));

      assertThat(after).isEqualTo(new StockItem(5, 10, held(4), 3, 5, false));
      assertFigures(after, 5, 10, 4, 3);
    }

    @Test
    void leaves_the_parts_alone_that_it_does_not_name() {
      given(registered(10, 2, 5)).when(setPolicy(3L, null)).then(policySet(3, 5));
      given(registered(10, 2, 5)).when(setPolicy(null, 6L)).then(policySet(2, 6));
    }

    @Test
    void may_keep_back_more_than_lies_there() {
      StockItem after =
          given(registered(10, 0, 0)).when(setPolicy(MAX, 0L)).then(policySet(MAX, 0));

      assertFigures(after, 1, 10, 0, 10 - MAX);
    }
  }

  @Nested
  class Freezing {

    @Test
    void stops_changes_and_keeps_the_figures() {
      StockItem after =
          given(new StockItem(4, 10, held(3), 2, 5, false)).when(freeze()).then(FROZEN);

      assertThat(after).isEqualTo(new StockItem(5, 10, held(3), 2, 5, true));
    }

    static Stream<StockCommand> changes() {
      return Stream.of(
          receive(1), deduct(1), giveBack(1), adjust(1), adjust(-1), setPolicy(1L, 1L), freeze());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void refuses_every_change_but_a_count_and_an_unfreeze(StockCommand change) {
      given(registered(10, 0, 0), FROZEN)
          .when(change)
          .thenRefused(new StockRejection.StockItemFrozen(SKU, LOCATION));
    }
  }

  @Nested
  class Unfreezing {

    @Test
    void lets_changes_through_again() {
      StockItem after =
          given(new StockItem(4, 10, held(3), 2, 5, true)).when(unfreeze()).then(UNFROZEN);

      assertThat(after).isEqualTo(new StockItem(5, 10, held(3), 2, 5, false));
      given(after).when(deduct(1)).then(deducted(1));
    }

    @Test
    void needs_a_frozen_item() {
      given(registered(10, 0, 0))
          .when(unfreeze())
          .thenRefused(new StockItemNotFrozen(SKU, LOCATION));
      given(registered(10, 0, 0), FROZEN, UNFROZEN)
          .when(unfreeze())
          .thenRefused(new StockItemNotFrozen(SKU, LOCATION));
    }
  }

  @Nested
  class ExpectingAVersion {

    static Stream<StockCommand> commandsOfAThawedItem() {
      return commandsOnACard().filter(command -> !command.equals(unfreeze()));
    }

    @ParameterizedTest
    @MethodSource("commandsOfAThawedItem")
    void lets_the_command_through_on_that_version(StockCommand command) {
      StockItem item = item(10, 0, 0);

      assertThat(item.decide(command, new ExpectedVersion.Exactly(4), NOW))
          .isEqualTo(item.decide(command, ExpectedVersion.ANY, NOW))
          .isInstanceOf(io.bincard.domain.Decision.Accepted.class);
    }

    @ParameterizedTest
    @MethodSource("commandsOfAThawedItem")
    void refuses_the_command_on_any_other_and_names_both(StockCommand command) {
      for (long stale : new long[] {3, 5, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        given(item(10, 0, 0))
            .when(command, new ExpectedVersion.Exactly(stale))
            .thenRefused(new StaleVersion(SKU, LOCATION, stale, 4));
      }
    }

    @Test
    void refuses_a_registration_that_expects_a_version() {
      given()
          .when(register(1, 0, 0), new ExpectedVersion.Exactly(0))
          .thenRefused(new StaleVersion(SKU, LOCATION, 0, StockItem.NO_VERSION));
    }
  }

  @Nested
  class Promising {

    /** 10 on hand; 4 are promised, and 2 were until an hour ago and 3 until now. */
    private static final StockItem SOME_LAPSED = new StockItem(4, 10, held(4, 5), 0, 0, false);

    private static StockEvent reserved(long units) {
      return new StockReserved(SKU, LOCATION, new Quantity(units), HOLD, ORDER, UNTIL);
    }

    @Test
    void takes_units_from_what_is_on_offer_until_its_time_to_the_millisecond() {
      StockItem after = given(registered(10, 2, 1), reserved(4)).item();

      assertFigures(after, 1, 10, 4, 4);
      assertThat(after.sellable(NOW)).isEqualTo(5);
      assertThat(after.available(UNTIL.minusNanos(1))).isEqualTo(4);
      assertThat(after.available(UNTIL)).isEqualTo(8);
      assertThat(after.reserved(UNTIL)).isZero();
      given(after)
          .when(deduct(6), UNTIL.minusNanos(1))
          .thenRefused(new InsufficientStock(SKU, LOCATION, 6, 5));
      given(after).when(deduct(9), UNTIL).then(deducted(9));
      given(after).when(adjust(-10), UNTIL).then(adjusted(-10));
      given(after).when(count(0), UNTIL).then(counted(0, -10));
    }

    @Test
    void ends_by_the_sale_or_by_giving_back_and_may_end_in_parts() {
      Quantity one = new Quantity(1);
      Instant later = UNTIL.plusSeconds(60);
      StockItem after =
          given(
                  registered(10, 0, 0),
                  reserved(4),
                  new ReservationConfirmed(SKU, LOCATION, one, HOLD, ORDER, UNTIL),
                  new ReservationExtended(
                      SKU, LOCATION, new Quantity(3), HOLD, ORDER, UNTIL, later),
                  new ReservationReleased(SKU, LOCATION, one, HOLD, ORDER, later))
              .item();

      assertFigures(after, 4, 9, 2, 7);
      assertThat(after.reserved(UNTIL)).isEqualTo(2);
      StockItem end =
          given(after)
              .item()
              .evolve(new ReservationExpired(SKU, LOCATION, new Quantity(2), HOLD, ORDER, later));
      assertThat(end).isEqualTo(new StockItem(5, 9, held(0), 0, 0, false));
    }

    @Test
    void cannot_end_beyond_what_was_promised() {
      for (StockEvent end :
          List.of(
              new ReservationReleased(SKU, LOCATION, new Quantity(5), HOLD, ORDER, UNTIL),
              new ReservationExpired(SKU, LOCATION, new Quantity(4), ENDED, ORDER, UNTIL),
              new ReservationConfirmed(SKU, LOCATION, new Quantity(4), HOLD, ORDER, NOW))) {
        assertThatExceptionOfType(IllegalStateException.class)
            .isThrownBy(() -> given(registered(10, 0, 0), reserved(4), end));
      }
    }

    @Test
    void has_its_end_through_a_freeze() {
      Quantity all = new Quantity(4);
      for (StockEvent end :
          List.of(
              new ReservationReleased(SKU, LOCATION, all, HOLD, ORDER, UNTIL),
              new ReservationExpired(SKU, LOCATION, all, HOLD, ORDER, UNTIL))) {
        StockItem after = given(registered(10, 0, 0), reserved(4), FROZEN, end).item();

        assertFigures(after, 3, 10, 0, 10);
        assertThat(after.frozen()).isTrue();
      }
    }

    @Test
    void what_lapsed_is_on_offer_again_and_what_is_kept_is_not() {
      assertFigures(SOME_LAPSED, 4, 10, 4, 6);
      given(SOME_LAPSED).when(deduct(6)).then(deducted(6));
      given(SOME_LAPSED).when(deduct(7)).thenRefused(new InsufficientStock(SKU, LOCATION, 7, 6));
      given(SOME_LAPSED).when(adjust(-6)).then(adjusted(-6));
      given(SOME_LAPSED)
          .when(adjust(-7))
          .thenRefused(new AdjustmentExceedsStock(SKU, LOCATION, -7, 10, 4));
      given(SOME_LAPSED).when(count(4)).then(counted(4, -6));
      given(SOME_LAPSED).when(count(3)).thenRefused(new CountBelowReserved(SKU, LOCATION, 3, 4));
    }

    static Stream<Arguments> overdue() {
      StockEvent registered = registered(1, 0, 0);
      Quantity one = new Quantity(1);
      StockEvent confirmed = new ReservationConfirmed(SKU, LOCATION, one, HOLD, ORDER, UNTIL);
      StockEvent extended = new ReservationExtended(SKU, LOCATION, one, HOLD, ORDER, NOW, UNTIL);
      StockEvent released = new ReservationReleased(SKU, LOCATION, one, HOLD, ORDER, UNTIL);
      StockEvent expired = new ReservationExpired(SKU, LOCATION, one, HOLD, ORDER, UNTIL);
      List<HoldId> none = List.of();
      List<HoldId> first = List.of(LONG_ENDED);
      List<HoldId> both = List.of(LONG_ENDED, ENDED);
      return Stream.of(
          arguments(deducted(1), none),
          arguments(deducted(2), first),
          arguments(deducted(3), first),
          arguments(deducted(4), both),
          arguments(deducted(6), both),
          arguments(reserved(1), none),
          arguments(reserved(2), first),
          arguments(reserved(3), first),
          arguments(reserved(4), both),
          arguments(adjusted(-1), none),
          arguments(adjusted(-2), first),
          arguments(adjusted(-3), first),
          arguments(adjusted(-4), both),
          arguments(adjusted(9), none),
          arguments(counted(9, -1), none),
          arguments(counted(8, -2), first),
          arguments(counted(7, -3), first),
          arguments(counted(6, -4), both),
          arguments(received(9), none),
          arguments(returned(9), none),
          arguments(policySet(9, 0), none),
          arguments(FROZEN, none),
          arguments(UNFROZEN, none),
          arguments(registered, none),
          arguments(confirmed, none),
          arguments(extended, none),
          arguments(released, none),
          arguments(expired, none));
    }

    @ParameterizedTest
    @MethodSource("overdue")
    void as_many_ends_are_due_before_an_event_as_it_needs(StockEvent event, List<HoldId> holds) {
      assertThat(SOME_LAPSED.overdue(event, NOW)).isEqualTo(holds);
      assertThat(item(10, 4, 0).overdue(event, NOW)).isEmpty();
      assertThat(item(10, 0, 0).overdue(event, NOW)).isEmpty();
    }

    @Test
    void no_end_is_due_before_its_millisecond() {
      assertThat(SOME_LAPSED.overdue(deducted(6), NOW.minusNanos(1))).containsExactly(LONG_ENDED);
    }

    @Test
    void an_end_is_due_before_more_is_promised_than_a_figure_can_say() {
      StockItem backorders = new StockItem(4, 10, held(4, 5), 0, MAX, false);

      assertThat(backorders.overdue(reserved(MAX - 9), NOW)).isEmpty();
      assertThat(backorders.overdue(reserved(MAX - 8), NOW)).containsExactly(LONG_ENDED);
      assertThat(backorders.overdue(reserved(MAX - 4), NOW)).containsExactly(LONG_ENDED, ENDED);
    }
  }

  @Nested
  class Replaying {

    @Test
    void folds_a_whole_stream() {
      StockItem item =
          given(
                  registered(10, 2, 5),
                  received(5),
                  deducted(4),
                  returned(1),
                  adjusted(-2),
                  counted(12, 2),
                  policySet(1, 0),
                  FROZEN,
                  counted(11, -1),
                  UNFROZEN)
              .item();

      assertThat(item).isEqualTo(new StockItem(9, 11, held(0), 1, 0, false));
    }

    @Test
    void refuses_a_stream_that_lost_its_beginning() {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> given(received(5)))
          .withMessage(
              "a stock item's stream begins with its registration and has no second one:"
                  + " StockReceived cannot follow version -1");
    }

    @Test
    void refuses_a_stream_with_a_second_beginning() {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> given(registered(1, 0, 0), registered(1, 0, 0)))
          .withMessageContaining("StockItemRegistered cannot follow version 0");
    }

    @Test
    void refuses_events_that_lead_out_of_range() {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> given(registered(MAX, 0, 0), received(1)))
          .withMessageContaining("at version 1 with 9007199254740992 on hand");
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> given(registered(0, 0, 0), deducted(MAX), deducted(1)))
          .withMessageContaining("at version 2 with -9007199254740992 on hand");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void refuses_a_snapshot_out_of_range(long figure) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> new StockItem(0, 0, held(figure), 0, 0, false));
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> new StockItem(0, 0, held(0), figure, 0, false));
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> new StockItem(0, 0, held(0), 0, figure, false));
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> new StockItem(-2, 0, held(0), 0, 0, false));
    }
  }
}
