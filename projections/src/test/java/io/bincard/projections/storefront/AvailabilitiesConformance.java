package io.bincard.projections.storefront;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.storefront.Availabilities.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What everybody who answers storefronts promises. */
abstract class AvailabilitiesConformance {

  /** The ledger that is asked about, fresh for each test. */
  abstract LedgerInMemory ledger();

  /** Who answers, with everything that the ledger holds at hand. */
  abstract Availabilities availabilities();

  /** Who is to have answered. */
  abstract Source source();

  private Availability find(StockItemId item, long minPosition) {
    return availabilities().find(item, minPosition).orElseThrow();
  }

  @Test
  void knows_nothing_of_an_item_that_was_never_registered() {
    ledger().register("A", 10);

    assertThat(availabilities().find(LedgerInMemory.item("a"), Availabilities.ANY_POSITION))
        .isEmpty();
  }

  @Test
  void tells_every_figure() {
    StockItemId item = ledger().register("A", 10);
    ledger().deduct(item, 3);
    ledger()
        .publish(
            new StockPolicySet(item.sku(), item.location(), new Quantity(2), Quantity.ZERO),
            new StockItemFrozen(item.sku(), item.location(), new Reason("miscounted")));

    assertThat(find(item, 6))
        .isEqualTo(new Availability("A", "MAIN", 7, 0, 5, 5, 6, 0, true, source(), false));
  }

  @Test
  void tells_the_same_sku_at_two_locations_apart() {
    StockItemId main = ledger().register("A", 10);
    StockItemId other = new StockItemId(main.sku(), new LocationId("LEEDS"));
    ledger()
        .publish(
            new StockItemRegistered(
                other.sku(), other.location(), new Quantity(4), Quantity.ZERO, Quantity.ZERO));

    assertThat(find(main, 2).onHand()).isEqualTo(10);
    assertThat(find(other, 2).onHand()).isEqualTo(4);
  }

  @Test
  void is_as_of_the_last_event_of_the_ledger_not_of_the_item() {
    StockItemId item = ledger().register("A", 10);
    ledger().register("B", 10);

    assertThat(find(item, 2).asOfPosition()).isEqualTo(2);
  }

  @Test
  void admits_to_be_older_than_a_position_that_never_was() {
    StockItemId item = ledger().register("A", 10);

    Availability answer = find(item, 1_000);

    assertThat(answer.stale()).isTrue();
    assertThat(answer.asOfPosition()).isEqualTo(1);
    assertThat(answer.onHand()).isEqualTo(10);
  }

  @Test
  void finds_many_in_the_order_asked_for_and_names_the_unknown() {
    ledger().register("A", 1);
    ledger().register("B", 2);

    Found found =
        availabilities()
            .findAll(
                List.of(new Sku("nope"), new Sku("B"), new Sku("no"), new Sku("A")),
                LocationId.MAIN);

    assertThat(found.items()).extracting(Availability::sku).containsExactly("B", "A");
    assertThat(found.items()).extracting(Availability::onHand).containsExactly(2L, 1L);
    assertThat(found.unknown()).containsExactly(new Sku("nope"), new Sku("no"));
  }

  @Test
  void finds_nothing_at_a_location_that_has_nothing() {
    ledger().register("A", 1);

    assertThat(availabilities().findAll(List.of(new Sku("A")), new LocationId("LEEDS")))
        .isEqualTo(new Found(List.of(), List.of(new Sku("A"))));
  }
}
