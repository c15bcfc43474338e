package io.bincard.reconciliation.expected;

import static io.bincard.reconciliation.expected.Events.HOLD;
import static io.bincard.reconciliation.expected.Events.NOON;
import static io.bincard.reconciliation.expected.Events.ORDER;
import static io.bincard.reconciliation.expected.Events.SKU;
import static io.bincard.reconciliation.expected.Events.after;
import static io.bincard.reconciliation.expected.Events.at;
import static io.bincard.reconciliation.expected.Events.deducted;
import static io.bincard.reconciliation.expected.Events.hold;
import static io.bincard.reconciliation.expected.Events.registered;
import static io.bincard.reconciliation.expected.Events.released;
import static io.bincard.reconciliation.expected.Events.reserved;
import static io.bincard.reconciliation.expected.Events.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockEvent.StockReturned;
import io.bincard.reconciliation.expected.Promises.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExpectedItemTest {

  private static final LocationId MAIN = LocationId.MAIN;
  private static final Instant LATER = NOON.plusMillis(5);

  private static Map<String, String> figures(LedgerEvent... events) {
    Map<String, String> figures = new TreeMap<>(after(events).row().fields());
    figures.keySet().removeAll(List.of("id", "sku", "location"));
    return figures;
  }

  @Test
  void a_registration_is_all_of_a_row() {
    ExpectedRow row = after(registered(7)).row();

    assertThat(row.key()).isEqualTo("availability:A@MAIN");
    assertThat(row.version()).isZero();
    assertThat(row.position()).isEqualTo(10);
    assertThat(row.fields())
        .containsOnly(
            entry("id", "A@MAIN"),
            entry("sku", "A"),
            entry("location", "MAIN"),
            entry("onHand", "7"),
            entry("reserved", "0"),
            entry("lapses", ""),
            entry("available", "7"),
            entry("safetyStock", "0"),
            entry("backorderLimit", "0"),
            entry("frozen", "false"));
    assertThat(row.sets()).containsOnly("locations:A\tMAIN", "low-stock\t8000000000000007:A@MAIN");
  }

  @Test
  void every_movement_moves_what_is_on_hand() {
    assertThat(
            figures(
                registered(10),
                new StockReceived(SKU, MAIN, units(5), null),
                deducted(1),
                new StockReturned(SKU, MAIN, units(2), ORDER),
                new StockAdjusted(SKU, MAIN, new Delta(-3), new Reason("broken")),
                new StockCounted(SKU, MAIN, units(20), new Delta(7))))
        .containsEntry("onHand", "20")
        .containsEntry("available", "20");
  }

  @Test
  void a_policy_and_a_freeze_stand_until_the_next() {
    assertThat(
            figures(
                registered(1_003),
                new StockPolicySet(SKU, MAIN, units(2), units(9)),
                new StockItemFrozen(SKU, MAIN, new Reason("look"))))
        .containsEntry("available", "1001")
        .containsEntry("safetyStock", "2")
        .containsEntry("backorderLimit", "9")
        .containsEntry("frozen", "true");
    assertThat(
            figures(
                registered(1),
                new StockItemFrozen(SKU, MAIN, new Reason("look")),
                new StockItemUnfrozen(SKU, MAIN, new Reason("looked"))))
        .containsEntry("frozen", "false");
  }

  @Test
  void an_item_of_which_there_is_enough_stands_in_no_set_of_low_stock() {
    assertThat(after(registered(1_001)).row().sets()).containsOnly("locations:A\tMAIN");
    assertThat(after(registered(1_000)).row().sets()).hasSize(2);
    assertThat(
            after(registered(1), new StockAdjusted(SKU, MAIN, new Delta(-2), new Reason("lost")))
                .row()
                .sets())
        .contains("low-stock\t7fffffffffffffff:A@MAIN");
  }

  @Test
  void promises_are_counted_until_they_end_one_way_or_another() {
    LedgerEvent[] all = {
      registered(100),
      reserved(hold(1), NOON, 5),
      reserved(hold(2), NOON, 7),
      reserved(hold(3), LATER, 1),
      reserved(hold(1), NOON, 1),
      new ReservationConfirmed(SKU, MAIN, units(2), hold(1), ORDER, NOON),
      new ReservationExtended(SKU, MAIN, units(3), hold(1), ORDER, NOON, LATER.plusMillis(1)),
      new ReservationExpired(SKU, MAIN, units(7), hold(2), ORDER, NOON),
      released(hold(3), LATER, 1)
    };
    long noon = NOON.toEpochMilli();

    assertThat(figures(List.of(all).subList(0, 5).toArray(LedgerEvent[]::new)))
        .containsEntry("reserved", "14")
        .containsEntry("lapses", noon + ":13 " + (noon + 5) + ":1");
    assertThat(figures(all))
        .containsEntry("onHand", "98")
        .containsEntry("reserved", "4")
        .containsEntry("available", "94")
        .containsEntry("lapses", noon + ":1 " + (noon + 6) + ":3");
  }

  @Test
  void a_row_lists_so_many_times_and_so_many_promises_and_a_time_that_is_listed_whole() {
    List<LedgerEvent> times = new ArrayList<>(List.of(registered(1_000)));
    for (int i = 0; i < 40; i++) {
      times.add(reserved(hold(i), NOON.plusMillis(i), 1));
    }
    assertThat(figures(times.toArray(LedgerEvent[]::new)).getOrDefault("lapses", "").split(" "))
        .hasSize(32);

    List<LedgerEvent> promises = new ArrayList<>(List.of(registered(1_000)));
    for (int i = 0; i < 255; i++) {
      promises.add(reserved(hold(i), NOON, 1));
    }
    for (int i = 0; i < 3; i++) {
      promises.add(reserved(hold(i), LATER, 1));
    }
    promises.add(reserved(HOLD, LATER.plusMillis(1), 1));
    assertThat(figures(promises.toArray(LedgerEvent[]::new)))
        .containsEntry("lapses", NOON.toEpochMilli() + ":255 " + LATER.toEpochMilli() + ":3")
        .containsEntry("reserved", "259");
  }

  @Test
  void only_promises_that_are_not_as_they_were_are_to_be_stored() {
    ExpectedItem item =
        (ExpectedItem) after(registered(9), reserved(hold(1), NOON, 2), reserved(hold(2), NOON, 3));
    List<String> changes = new ArrayList<>();
    item.promises().drain((promise, units) -> changes.add(promise.hold() + " " + units));
    assertThat(changes).containsOnly(hold(1) + " 2", hold(2) + " 3");

    changes.clear();
    after(item, 3, reserved(hold(3), NOON, 1), released(hold(3), NOON, 1));
    item.promises().drain((promise, units) -> changes.add(promise.hold() + " " + units));
    assertThat(changes).isEmpty();

    after(item, 5, released(hold(1), NOON, 2));
    item.promises().drain((promise, units) -> changes.add(promise.hold() + " " + units));
    assertThat(changes).containsExactly(hold(1) + " 0");
  }

  @Test
  void goes_on_from_what_was_stored() {
    ExpectedItem live = (ExpectedItem) after(registered(9), reserved(HOLD, NOON, 2));
    ExpectedItem recalled = new ExpectedItem(live.figures());
    recalled.promises().recall(new Promise(HOLD.id(), NOON.toEpochMilli()), 2);

    assertThat(recalled.row()).isEqualTo(live.row());
    assertThat(after(recalled, 2, released(HOLD, NOON, 1)).row())
        .isEqualTo(after(live, 2, released(HOLD, NOON, 1)).row());
  }

  @Test
  void what_was_seen_before_changes_nothing() {
    Expected item = after(registered(9), deducted(1));
    ExpectedRow before = item.row();

    assertThat(Expected.after(item, at(1, deducted(1))).row()).isEqualTo(before);
    assertThat(Expected.after(item, at(0, registered(9))).row()).isEqualTo(before);
  }

  @Test
  void what_cannot_follow_is_told_and_never_guessed() {
    assertThatThrownBy(() -> after(deducted(1)))
        .isInstanceOf(BrokenStreamException.class)
        .hasMessage(
            "availability:A@MAIN cannot go on with StockDeducted, sequence 0, at position 10: a"
                + " stream begins with the one registration of its item");
    assertThatThrownBy(() -> Expected.after(null, at(3, deducted(1))))
        .hasMessageEndingWith("its sequence does not follow -1");
    assertThatThrownBy(() -> Expected.after(after(registered(9)), at(2, deducted(1))))
        .hasMessageEndingWith("its sequence does not follow 0");
    assertThatThrownBy(() -> after(registered(9), registered(9)))
        .isInstanceOf(BrokenStreamException.class);
    assertThatThrownBy(() -> after(registered(9), released(HOLD, NOON, 1)))
        .hasMessageEndingWith("not promised to the hold");
    assertThatThrownBy(() -> after(registered(9), reserved(HOLD, NOON, 1), released(HOLD, NOON, 2)))
        .hasMessageEndingWith("not promised to the hold");
    assertThatThrownBy(
            () -> after(registered(9), new StockReserved(SKU, MAIN, units(0), HOLD, ORDER, NOON)))
        .hasMessageEndingWith("nothing is promised by it");
    assertThatThrownBy(
            () -> after(registered(9), new StockCounted(SKU, MAIN, units(5), new Delta(-3))))
        .hasMessageEndingWith("what was counted is not what it comes to");
  }

  @Test
  void two_events_of_one_sequence_are_told() {
    Expected item = after(registered(9), deducted(1));

    assertThatThrownBy(
            () ->
                Expected.after(item, new CommittedEvent("stock:A@MAIN", 1, 99, NOON, deducted(1))))
        .isInstanceOfSatisfying(
            BrokenStreamException.class,
            e -> {
              assertThat(e.stream()).isEqualTo("stock:A@MAIN");
              assertThat(e.position()).isEqualTo(99);
            });
  }
}
