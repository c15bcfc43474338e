package io.bincard.application.hold;

import io.bincard.application.fixture.Approved;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.Adjustment;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What senders are told of holds and orders: stored word for word, approved by hand. */
class HoldContractTest {

  private static final Approved OUTCOMES = new Approved("outcomes");
  private static final HoldId ID = HoldId.of("0198f2f0-0000-8000-8000-000000000001");
  private static final OrderId ORDER = new OrderId("order-1");
  private static final Sku MUG = new Sku("RED-MUG");
  private static final Sku BOX = new Sku("BOX");
  private static final LocationId SOUTH = new LocationId("SOUTH");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
  private static final Instant END = Instant.parse("2026-12-01T12:15:00.250Z");

  private static Part part(int line, Sku sku, LocationId location, long units, long pence) {
    return new Part(line, sku, location, new Quantity(units), new Money(pence, GBP));
  }

  /** Three mugs from two places, of which a campaign pays a tenth, and a box for nothing. */
  private static final HoldPlaced PLACED =
      new HoldPlaced(
          ID,
          ORDER,
          List.of(
              part(0, MUG, SOUTH, 2, 4_500),
              part(0, MUG, LocationId.MAIN, 1, 2_250),
              part(1, BOX, LocationId.MAIN, 1, 0)),
          new DiscountApplied(
              ORDER,
              new PolicyFingerprint("1".repeat(64)),
              OffsetDateTime.parse("2026-12-01T12:00:00Z"),
              new CustomerId("anna"),
              Set.of(),
              Set.of(),
              new PricedOrder(
                  List.of(
                      new PricedLine(
                          line(MUG, 3, 2_500),
                          List.of(
                              new Adjustment(new RuleId("ten"), new CampaignId("christmas"), 750)),
                          List.of()),
                      new PricedLine(line(BOX, 1, 0), List.of(), List.of())),
                  List.of()),
              null),
          NOON,
          END);

  private static CartLine line(Sku sku, long units, long pence) {
    return new CartLine(sku, new Quantity(units), new Money(pence, GBP), null, Set.of());
  }

  private static final Hold HELD = Hold.UNKNOWN.evolve(PLACED);

  private static final HoldConfirmed TWO_SOLD =
      new HoldConfirmed(ID, ORDER, List.of(part(0, MUG, SOUTH, 2, 4_500)), Rest.KEEP);

  private static void check(String file, Verdict verdict) {
    Outcome outcome = verdict.outcome(CommandKey.of("0198f2f0-key"), 77);

    OUTCOMES.check(file, outcome.status() + " " + outcome.body());
  }

  private static HoldTaken taken(Hold hold, @Nullable HoldPlaced placed, Instant at) {
    return new HoldTaken(ID, hold, placed, at, List.of());
  }

  @Test
  void who_places_a_hold_is_told_its_price_and_why() {
    check("PlaceHold.txt", taken(HELD, PLACED, NOON));
  }

  @Test
  void who_asks_for_no_price_is_told_none() {
    Part bare = new Part(0, MUG, SOUTH, new Quantity(2), null);
    HoldPlaced placed = new HoldPlaced(ID, ORDER, List.of(bare), null, NOON, END);

    check("PlaceHold-bare.txt", taken(Hold.UNKNOWN.evolve(placed), placed, NOON));
  }

  @Test
  void second_steps_tell_how_far_the_hold_is() {
    check(
        "ExtendHold.txt",
        taken(HELD.evolve(new HoldExtended(ID, ORDER, END, END.plusSeconds(60))), null, NOON));
    check("ConfirmHold.txt", taken(HELD.evolve(TWO_SOLD), null, NOON));
    check(
        "ReleaseHold.txt",
        taken(HELD.evolve(TWO_SOLD).evolve(new HoldReleased(ID, ORDER)), null, NOON));
    check(
        "ReleaseHold-expired.txt", taken(HELD.evolve(new HoldExpired(ID, ORDER, END)), null, END));
  }

  /** Who releases what has lapsed is told so, before that is written down. */
  @Test
  void a_hold_whose_time_is_over_is_told_to_be_expired() {
    check("ReleaseHold-expired.txt", unwritten(taken(HELD, null, END)));
  }

  /** The same, but for the version, which only the event of the end brings. */
  private static HoldTaken unwritten(HoldTaken lapsed) {
    Hold hold = lapsed.hold();
    return taken(
        new Hold(
            1,
            hold.status(),
            hold.orderId(),
            hold.customer(),
            hold.currency(),
            hold.lines(),
            hold.placedAt(),
            hold.expiresAt()),
        null,
        lapsed.at());
  }

  @Test
  void who_deducts_an_order_is_told_every_item_that_units_came_from() {
    Reservations reserved = Reservations.NONE.plus(ID, NOON.plusMillis(1), 3).plus(ID, NOON, 1);
    Map<StockItemId, StockItem> items = new LinkedHashMap<>();
    items.put(new StockItemId(MUG, SOUTH), new StockItem(6, 40, reserved, 2, 0, false));
    items.put(
        new StockItemId(BOX, LocationId.MAIN), new StockItem(0, 1, Reservations.NONE, 0, 0, false));

    check("DeductOrder.txt", new OrderTaken(ORDER, items, NOON, List.of()));
  }

  @Test
  void the_ledger_is_told_how_many_ends_it_wrote_down() {
    check("ExpireHolds.txt", new HoldsExpired(3, List.of()));
  }
}
