package io.bincard.projections.storefront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Promise;
import io.bincard.projections.fixture.RandomHolds;
import io.bincard.projections.fixture.SettableClock;
import io.bincard.projections.storefront.Availabilities.Found;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What everybody who answers storefronts promises. */
abstract class AvailabilitiesConformance {

  /** The ledger that is asked about, fresh for each test. */
  abstract LedgerInMemory ledger();

  /** Who answers, with everything that the ledger holds at hand. */
  abstract Availabilities availabilities();

  /** The clock of who answers. */
  abstract SettableClock clock();

  /** Who is to have answered. */
  abstract Source source();

  private Availability find(StockItemId item, long minPosition) {
    return unverified(availabilities().find(item, minPosition).orElseThrow());
  }

  /** The answer without when it was verified, which depends on when the views were filled. */
  private static Availability unverified(Availability told) {
    return new Availability(
        told.sku(),
        told.location(),
        told.onHand(),
        told.reserved(),
        told.available(),
        told.version(),
        told.asOfPosition(),
        told.ageMillis(),
        null,
        told.frozen(),
        told.source(),
        told.stale(),
        told.lapsed());
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
        .isEqualTo(new Availability("A", "MAIN", 7, 0, 5, 5, 6, 0, null, true, source(), false, 0));
  }

  /** A time of whole milliseconds, so much after now. */
  private Instant in(int seconds) {
    return clock().instant().truncatedTo(ChronoUnit.MILLIS).plusSeconds(seconds);
  }

  private Availability figures(
      long onHand, long reserved, long available, long version, long lapsed) {
    return new Availability(
        "A",
        "MAIN",
        onHand,
        reserved,
        available,
        version,
        version + 1,
        0,
        null,
        false,
        source(),
        false,
        lapsed);
  }

  @Test
  void counts_what_holds_keep() {
    StockItemId item = ledger().register("A", 10);
    Promise promise = Promise.of(item, 1, 6, in(900));
    ledger().publish(promise.made());
    assertThat(find(item, 2)).isEqualTo(figures(10, 6, 4, 1, 0));

    ledger().publish(promise.confirmed(2));
    assertThat(find(item, 3)).isEqualTo(figures(8, 4, 4, 2, 0));

    Promise extended = promise.with(4).with(in(1_800));
    ledger().publish(promise.with(4).extended(extended.until()));
    clock().setTo(promise.until());
    assertThat(find(item, 4)).isEqualTo(figures(8, 4, 4, 3, 0));

    ledger().publish(extended.with(1).released());
    assertThat(find(item, 5)).isEqualTo(figures(8, 3, 5, 4, 0));

    clock().setTo(extended.until());
    assertThat(find(item, 5)).isEqualTo(figures(8, 0, 8, 4, 3));

    ledger().publish(extended.with(3).expired());
    assertThat(find(item, 6)).isEqualTo(figures(8, 0, 8, 5, 0));
  }

  @Test
  void offers_again_at_the_very_moment_what_a_hold_kept_until_then() {
    StockItemId item = ledger().register("A", 10);
    Promise first = Promise.of(item, 1, 4, in(900));
    ledger().publish(first.made(), Promise.of(item, 2, 3, first.until().plusMillis(1)).made());

    clock().setTo(first.until().minusMillis(1));
    assertThat(find(item, 3)).isEqualTo(figures(10, 7, 3, 2, 0));
    clock().setTo(first.until().minusNanos(1));
    assertThat(find(item, 3)).isEqualTo(figures(10, 7, 3, 2, 0));
    clock().setTo(first.until());
    assertThat(find(item, 3)).isEqualTo(figures(10, 3, 7, 2, 4));
    assertThat(availabilities().findAll(List.of(item.sku()), item.location()).items())
        .extracting(AvailabilitiesConformance::unverified)
        .containsExactly(figures(10, 3, 7, 2, 4));
    clock().setTo(first.until().plusMillis(1));
    assertThat(find(item, 3)).isEqualTo(figures(10, 0, 10, 2, 7));
  }

  @Test
  void counts_random_holds_as_they_are_at_every_moment() {
    Random random = new Random(11);
    Instant from = in(900);
    RandomHolds holds = new RandomHolds(ledger(), random, from);
    List<StockItemId> items = new ArrayList<>();
    for (String sku : List.of("A", "B", "C")) {
      items.add(ledger().register(sku, 1_000));
    }
    for (int i = 0; i < 120; i++) {
      holds.step(items.get(random.nextInt(items.size())));
    }
    List<Sku> skus = items.stream().map(StockItemId::sku).toList();
    Availabilities known = availabilities();
    for (int millis = 0; millis <= RandomHolds.SPAN_MILLIS + 1; millis++) {
      Instant now = from.plusMillis(millis);
      clock().setTo(now);
      assertThat(known.findAll(skus, LocationId.MAIN).items())
          .as("%s ms", millis)
          .extracting(Availability::source, Availability::reserved, Availability::available)
          .containsExactlyElementsOf(
              items.stream()
                  .map(
                      item -> {
                        long reserved = holds.reserved(item, now);
                        long onHand = ledger().state(item).onHand();
                        return tuple(source(), reserved, onHand - reserved);
                      })
                  .toList());
    }
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
