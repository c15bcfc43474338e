package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.ANNA;
import static io.bincard.domain.hold.HoldScenario.EAST;
import static io.bincard.domain.hold.HoldScenario.GBP;
import static io.bincard.domain.hold.HoldScenario.HOLD;
import static io.bincard.domain.hold.HoldScenario.LAMP;
import static io.bincard.domain.hold.HoldScenario.LAMP_EAST;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.MUG_EAST;
import static io.bincard.domain.hold.HoldScenario.MUG_WEST;
import static io.bincard.domain.hold.HoldScenario.NOW;
import static io.bincard.domain.hold.HoldScenario.ORDER;
import static io.bincard.domain.hold.HoldScenario.UNTIL;
import static io.bincard.domain.hold.HoldScenario.WEST;
import static io.bincard.domain.hold.HoldScenario.XMAS;
import static io.bincard.domain.hold.HoldScenario.accepted;
import static io.bincard.domain.hold.HoldScenario.book;
import static io.bincard.domain.hold.HoldScenario.confirm;
import static io.bincard.domain.hold.HoldScenario.freeze;
import static io.bincard.domain.hold.HoldScenario.gbp;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.place;
import static io.bincard.domain.hold.HoldScenario.policy;
import static io.bincard.domain.hold.HoldScenario.refused;
import static io.bincard.domain.hold.HoldScenario.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReservationExtended;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.Promise;
import io.bincard.domain.discount.DiscountRejection.Limit;
import io.bincard.domain.discount.Discounting.Shortage;
import io.bincard.domain.discount.Discounting.UnusableCoupon;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.hold.HoldRejection.ExceedsHold;
import io.bincard.domain.hold.HoldRejection.Excess;
import io.bincard.domain.hold.HoldRejection.HeldItemsFrozen;
import io.bincard.domain.hold.HoldRejection.HoldLifetimeExceeded;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.Place;
import io.bincard.domain.hold.HoldRejection.Shortfall;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each command on holds: what it makes true on which stream, and up to where. */
class HoldRulesTest {

  private static final long MAX = Quantity.MAX;
  private static final HoldId OTHER = new HoldId(new UUID(0, 2));
  private static final AccountId ALL = new AccountId(XMAS, null);
  private static final AccountId OF_ANNA = new AccountId(XMAS, ANNA);
  private static final Promise USE = new Promise(HOLD, UNTIL, 1);
  private static final Promise NO_USE = new Promise(HOLD, UNTIL, 0);

  private static Part part(
      int line, Sku sku, LocationId location, long units, @Nullable Long pence) {
    return new Part(line, sku, location, new Quantity(units), pence == null ? null : gbp(pence));
  }

  private static StockReserved reserved(StockItemId item, long units) {
    return new StockReserved(item.sku(), item.location(), new Quantity(units), HOLD, ORDER, UNTIL);
  }

  private static ReservationConfirmed confirmed(StockItemId item, long units) {
    return new ReservationConfirmed(
        item.sku(), item.location(), new Quantity(units), HOLD, ORDER, UNTIL);
  }

  private static ReservationReleased released(StockItemId item, long units) {
    return new ReservationReleased(
        item.sku(), item.location(), new Quantity(units), HOLD, ORDER, UNTIL);
  }

  private static BudgetSpent spent(@Nullable CustomerId customer, long pence, Promise promise) {
    return new BudgetSpent(XMAS, customer, ORDER, gbp(pence), promise);
  }

  private static BudgetReleased back(@Nullable CustomerId customer, long pence, Promise promise) {
    return new BudgetReleased(XMAS, customer, ORDER, gbp(pence), promise);
  }

  private static OrderRefused insufficient(Shortfall... shortfalls) {
    return new OrderRefused(ORDER, List.of(), List.of(), List.of(shortfalls), List.of(), List.of());
  }

  private static HoldBook stocked() {
    HoldBook book = book();
    register(book, MUG_EAST, 5);
    register(book, MUG_WEST, 8);
    register(book, LAMP_EAST, 3);
    return book;
  }

  /** 3 mugs in the east, 2 in the west and a lamp; mugs at 99 pence have 10 percent off. */
  private static HoldBook held() {
    HoldBook book = stocked();
    book.policy = policy(1_000L, 5L, 2L);
    accepted(
        book.place(
            HOLD, place(line(MUG, EAST, 3, 99), line(LAMP, EAST, 1, 500), line(MUG, WEST, 2, 99))));
    return book;
  }

  @Nested
  class Placing {

    @Test
    void promises_units_for_a_time_and_moves_none() {
      HoldBook book = stocked();

      assertThat(accepted(book.place(HOLD, place(line(MUG, EAST, 3), line(LAMP, null, 2)))))
          .containsExactly(
              new HoldPlaced(
                  HOLD,
                  ORDER,
                  List.of(part(0, MUG, EAST, 3, null), part(1, LAMP, EAST, 2, null)),
                  null,
                  NOW,
                  UNTIL),
              reserved(MUG_EAST, 3),
              reserved(LAMP_EAST, 2));
      assertThat(book.item(MUG_EAST).onHand()).isEqualTo(5);
      assertThat(book.item(MUG_EAST).available(UNTIL.minusNanos(1))).isEqualTo(2);
      assertThat(book.item(MUG_EAST).available(UNTIL)).isEqualTo(5);
      assertThat(book.hold(HOLD).isOpen(UNTIL.minusNanos(1))).isTrue();
      assertThat(book.hold(HOLD).isOpen(UNTIL)).isFalse();
      assertThat(book.hold(HOLD).isOverdue(UNTIL.minusNanos(1))).isFalse();
      assertThat(book.hold(HOLD).isOverdue(UNTIL)).isTrue();
    }

    @Test
    void fixes_the_price_and_reserves_what_campaigns_are_to_pay() {
      HoldBook book = stocked();
      book.policy = policy(1_000L, 5L, 1L);

      List<LedgerEvent> events =
          accepted(book.place(HOLD, place(line(MUG, EAST, 3, 99), line(LAMP, EAST, 1, 500))));

      HoldPlaced placed = (HoldPlaced) events.getFirst();
      DiscountApplied price = placed.price();
      assertThat(price).isNotNull();
      assertThat(price.priced().finalPrice()).isEqualTo(297 - 30 + 500);
      assertThat(price.customer()).isEqualTo(ANNA);
      assertThat(placed.parts())
          .containsExactly(part(0, MUG, EAST, 3, 267L), part(1, LAMP, EAST, 1, 500L));
      assertThat(events.subList(1, events.size()))
          .containsExactly(
              reserved(MUG_EAST, 3),
              reserved(LAMP_EAST, 1),
              new BudgetReserved(XMAS, null, ORDER, gbp(30), USE),
              new BudgetReserved(XMAS, ANNA, ORDER, gbp(30), USE));
      assertThat(book.account(ALL).taken(GBP, NOW)).isEqualTo(30);
      assertThat(book.account(OF_ANNA).takenUses(NOW)).isEqualTo(1);
      assertThat(book.account(ALL).spent(GBP)).isZero();
    }

    @Test
    void is_at_a_whole_millisecond() {
      HoldBook book = stocked();
      book.now = NOW.plusNanos(999_999);
      accepted(book.place(HOLD, place(line(MUG, EAST, 1))));

      assertThat(book.hold(HOLD).placedAt()).isEqualTo(NOW);
      assertThat(book.hold(HOLD).expiresAt()).isEqualTo(UNTIL);
    }

    @Test
    void shares_a_price_out_over_the_places_that_a_line_comes_from() {
      HoldBook book = stocked();
      book.policy = policy(1_000L, null, null);
      accepted(book.place(HOLD, place(line(MUG, null, 2, 33), line(MUG, null, 9, 33))));

      assertThat(((HoldPlaced) book.journal.get(3)).parts())
          .containsExactly(
              part(0, MUG, EAST, 2, 59L), part(1, MUG, EAST, 3, 89L), part(1, MUG, WEST, 6, 178L));
      assertThat(book.hold(HOLD).lines())
          .extracting(it -> it.paid().get(XMAS))
          .containsExactly(7L, 10L, 20L);
    }

    @Test
    void prices_without_a_campaign_that_is_exhausted_if_that_was_asked_for() {
      HoldBook book = stocked();
      book.policy = policy(5L, null, null);
      PlaceHold command = place(OnExhausted.SKIP, List.of(), Set.of(), line(MUG, EAST, 3, 99));

      assertThat(accepted(book.place(HOLD, command))).hasSize(2);
      assertThat(((HoldPlaced) book.journal.get(3)).parts())
          .containsExactly(part(0, MUG, EAST, 3, 297L));
    }

    @Test
    void tells_by_which_version_it_was_priced() {
      HoldBook book = stocked();
      book.policy = policy(null, null, null);
      PlaceHold asked = place(line(MUG, EAST, 1, 99));
      accepted(
          book.place(
              HOLD,
              new PlaceHold(
                  ORDER,
                  asked.lines(),
                  List.of(),
                  Set.of(),
                  null,
                  OnExhausted.REJECT,
                  ReleaseStage.CANARY,
                  HoldScenario.TTL)));

      DiscountApplied price = ((HoldPlaced) book.journal.get(3)).price();
      assertThat(price).isNotNull();
      assertThat(price.releaseStage()).isEqualTo(ReleaseStage.CANARY);
      assertThat(book.accounts).containsOnlyKeys(ALL);
      assertThat(book.hold(HOLD).customer()).isNull();
    }

    @Test
    void is_refused_with_everything_that_stands_in_its_way() {
      HoldBook book = stocked();
      book.policy = policy(5L, null, null);
      freeze(book, LAMP_EAST);
      Sku spoon = new Sku("SPOON");
      CouponCode coupon = new CouponCode("NONE");
      PlaceHold command =
          place(
              OnExhausted.REJECT,
              List.of(),
              Set.of(coupon),
              line(MUG, EAST, 6, 99),
              line(LAMP, WEST, 1, 1),
              line(LAMP, EAST, 1, 1),
              line(spoon, null, 1, 1),
              line(LAMP, null, 1, 1),
              line(MUG, null, 9, 99));

      refused(
          book.place(HOLD, command),
          new OrderRefused(
              ORDER,
              List.of(new Place(LAMP, WEST), new Place(spoon, null)),
              List.of(new Place(LAMP, EAST), new Place(LAMP, null)),
              List.of(new Shortfall(MUG, EAST, 6, 5), new Shortfall(MUG, null, 9, 8)),
              List.of(new UnusableCoupon(coupon, null)),
              List.of(new Shortage(XMAS, Limit.MONEY, 148, 5))));
      assertThat(book.holds).isEmpty();
      assertThat(book.journal).hasSize(4);
    }

    @Test
    void takes_what_lapsed_and_writes_its_end_down_before() {
      HoldBook book = stocked();
      book.policy = policy(50L, null, null);
      accepted(book.place(OTHER, place(line(MUG, EAST, 4, 99), line(LAMP, EAST, 1, 1))));
      book.now = UNTIL.minusNanos(1);
      refused(
          book.place(HOLD, place(line(MUG, EAST, 3, 99))),
          new OrderRefused(
              ORDER,
              List.of(),
              List.of(),
              List.of(new Shortfall(MUG, EAST, 3, 1)),
              List.of(),
              List.of(new Shortage(XMAS, Limit.MONEY, 30, 10))));
      book.now = UNTIL;
      int before = book.journal.size();
      accepted(book.place(HOLD, place(line(MUG, EAST, 3, 99))));

      Promise ended = new Promise(OTHER, UNTIL, 1);
      List<LedgerEvent> events = book.journal.subList(before, book.journal.size());
      assertThat(events.subList(0, 5))
          .containsExactly(
              new HoldExpired(OTHER, ORDER, UNTIL),
              new ReservationExpired(MUG, EAST, new Quantity(4), OTHER, ORDER, UNTIL),
              new ReservationExpired(LAMP, EAST, new Quantity(1), OTHER, ORDER, UNTIL),
              back(null, 40, ended),
              back(ANNA, 40, ended));
      assertThat(events.get(5)).isInstanceOf(HoldPlaced.class);
      assertThat(book.item(LAMP_EAST).reservations().isEmpty()).isTrue();
    }

    @Test
    void writes_no_end_down_that_it_does_not_need() {
      HoldBook book = stocked();
      accepted(book.place(OTHER, place(line(MUG, EAST, 2))));
      book.now = UNTIL;
      accepted(book.place(HOLD, place(line(MUG, EAST, 3))));

      assertThat(book.hold(OTHER).status()).isEqualTo(Hold.Status.PLACED);
      assertThat(book.hold(OTHER).isOverdue(UNTIL)).isTrue();
    }

    @Test
    void sums_lines_before_it_looks_even_beyond_what_a_figure_can_say() {
      HoldBook book = book();
      register(book, MUG_EAST, MAX, MAX);

      refused(
          book.place(HOLD, place(line(MUG, EAST, MAX), line(MUG, EAST, MAX))),
          insufficient(new Shortfall(MUG, EAST, 2 * MAX, MAX)));
      refused(
          book.place(HOLD, place(line(MUG, EAST, 1), line(MUG, null, MAX))),
          insufficient(new Shortfall(MUG, null, MAX, MAX - 1)));
      accepted(book.place(HOLD, place(line(MUG, EAST, 1), line(MUG, null, MAX - 1))));
      refused(
          book.place(OTHER, place(line(MUG, EAST, 1))),
          insufficient(new Shortfall(MUG, EAST, 1, 0)));
      book.now = UNTIL;
      accepted(book.place(OTHER, place(line(MUG, EAST, MAX))));
      assertThat(book.item(MUG_EAST).reservations().total()).isEqualTo(MAX);
    }
  }

  @Nested
  class Confirming {

    @Test
    void all_sells_all_and_spends_all() {
      HoldBook book = held();

      assertThat(accepted(book.step(confirm(Rest.RELEASE))))
          .containsExactly(
              new HoldConfirmed(
                  HOLD,
                  ORDER,
                  List.of(
                      part(0, MUG, EAST, 3, 267L),
                      part(1, LAMP, EAST, 1, 500L),
                      part(2, MUG, WEST, 2, 178L)),
                  null),
              confirmed(MUG_EAST, 3),
              confirmed(LAMP_EAST, 1),
              confirmed(MUG_WEST, 2),
              spent(null, 50, USE),
              spent(ANNA, 50, USE));
      assertThat(book.item(MUG_EAST).onHand()).isEqualTo(2);
      assertThat(book.item(MUG_EAST).available(NOW)).isEqualTo(2);
      assertThat(book.account(OF_ANNA)).isEqualTo(new CampaignAccount(1, Map.of(GBP, 50L), 1));
    }

    @Test
    void a_part_keeps_the_rest_with_its_part_of_the_price_and_without_the_use() {
      HoldBook book = held();

      assertThat(accepted(book.step(confirm(Rest.KEEP, line(MUG, null, 4)))))
          .containsExactly(
              new HoldConfirmed(
                  HOLD,
                  ORDER,
                  List.of(part(0, MUG, EAST, 3, 267L), part(2, MUG, WEST, 1, 89L)),
                  Rest.KEEP),
              confirmed(MUG_EAST, 3),
              confirmed(MUG_WEST, 1),
              spent(null, 40, USE),
              spent(ANNA, 40, USE));
      assertThat(accepted(book.step(new ReleaseHold(HOLD))))
          .containsExactly(
              new HoldReleased(HOLD, ORDER),
              released(LAMP_EAST, 1),
              released(MUG_WEST, 1),
              back(null, 10, NO_USE),
              back(ANNA, 10, NO_USE));
      assertThat(book.account(ALL)).isEqualTo(new CampaignAccount(2, Map.of(GBP, 40L), 1));
    }

    @Test
    void a_part_releases_the_rest_if_that_was_asked_for() {
      HoldBook book = held();

      assertThat(accepted(book.step(confirm(Rest.RELEASE, line(LAMP, EAST, 1)))))
          .containsExactly(
              new HoldConfirmed(HOLD, ORDER, List.of(part(1, LAMP, EAST, 1, 500L)), Rest.RELEASE),
              confirmed(LAMP_EAST, 1),
              released(MUG_EAST, 3),
              released(MUG_WEST, 2),
              back(null, 50, USE),
              back(ANNA, 50, USE));
      assertThat(book.hold(HOLD).status()).isEqualTo(Hold.Status.CONFIRMED);
      assertThat(book.hold(HOLD).isConfirmedInPart()).isTrue();
      assertThat(book.account(ALL)).isEqualTo(new CampaignAccount(1, Map.of(), 0));
    }

    @Test
    void every_unit_by_name_is_all_of_it_whatever_was_to_become_of_the_rest() {
      HoldBook book = held();
      accepted(book.step(confirm(Rest.KEEP, line(MUG, null, 5), line(LAMP, null, 1))));

      assertThat(book.hold(HOLD).status()).isEqualTo(Hold.Status.CONFIRMED);
      assertThat(((HoldConfirmed) book.journal.get(9)).rest()).isNull();
    }

    @Test
    void takes_units_of_a_named_location_before_those_of_any() {
      HoldBook book = held();
      accepted(
          book.step(
              confirm(
                  Rest.KEEP,
                  line(MUG, null, 1),
                  line(MUG, EAST, 2),
                  line(MUG, null, 1),
                  line(MUG, EAST, 1))));

      assertThat(book.item(MUG_EAST).onHand()).isEqualTo(2);
      assertThat(book.item(MUG_WEST).onHand()).isEqualTo(6);
    }

    @Test
    void is_refused_for_more_than_is_left_and_names_all_of_it() {
      HoldBook book = held();
      accepted(book.step(confirm(Rest.KEEP, line(MUG, EAST, 1))));

      refused(
          book.step(
              confirm(
                  Rest.KEEP,
                  line(LAMP, null, 2),
                  line(MUG, null, 3),
                  line(MUG, EAST, 3),
                  line(MUG, null, 3),
                  line(LAMP, WEST, 1))),
          new ExceedsHold(
              HOLD,
              List.of(
                  new Excess(MUG, EAST, 3, 2),
                  new Excess(LAMP, WEST, 1, 0),
                  new Excess(LAMP, null, 2, 1),
                  new Excess(MUG, null, 6, 4))));
      accepted(book.step(confirm(Rest.KEEP, line(MUG, EAST, 2), line(MUG, null, 2))));
    }

    @Test
    void sums_what_it_names_even_beyond_what_a_figure_can_say() {
      refused(
          held().step(confirm(Rest.KEEP, line(MUG, EAST, MAX), line(MUG, EAST, MAX))),
          new ExceedsHold(HOLD, List.of(new Excess(MUG, EAST, 2 * MAX, 3))));
    }

    @Test
    void is_refused_for_frozen_items_that_it_would_take_from_and_for_no_others() {
      HoldBook book = held();
      freeze(book, MUG_EAST);
      freeze(book, MUG_WEST);

      refused(
          book.step(confirm(Rest.KEEP)), new HeldItemsFrozen(HOLD, List.of(MUG_EAST, MUG_WEST)));
      refused(
          book.step(confirm(Rest.RELEASE, line(MUG, WEST, 1))),
          new HeldItemsFrozen(HOLD, List.of(MUG_WEST)));
      accepted(book.step(confirm(Rest.RELEASE, line(LAMP, null, 1))));
      assertThat(book.item(MUG_EAST).reservations().isEmpty()).isTrue();
    }

    @Test
    void is_not_hindered_by_what_lapsed_beside_it() {
      HoldBook book = stocked();
      accepted(book.place(OTHER, place(line(MUG, EAST, 2))));
      accepted(book.place(HOLD, place(line(MUG, EAST, 3))));
      book.now = NOW.plusSeconds(1);
      accepted(book.step(new ExtendHold(HOLD, HoldScenario.TTL)));
      book.now = UNTIL;
      accepted(book.step(confirm(Rest.KEEP)));

      assertThat(book.item(MUG_EAST).onHand()).isEqualTo(2);
      assertThat(book.item(MUG_EAST).reservations().total()).isEqualTo(2);
      assertThat(book.item(MUG_EAST).available(UNTIL)).isEqualTo(2);
    }
  }

  @Nested
  class Extending {

    @Test
    void moves_every_promise_to_the_later_time() {
      HoldBook book = held();
      accepted(book.step(confirm(Rest.KEEP, line(MUG, null, 4))));
      book.now = NOW.plusNanos(1);
      Instant later = NOW.plusSeconds(1_000);
      Promise longer = new Promise(HOLD, later, 0);
      Quantity one = new Quantity(1);

      assertThat(accepted(book.step(new ExtendHold(HOLD, 1_000))))
          .containsExactly(
              new HoldExtended(HOLD, ORDER, UNTIL, later),
              new ReservationExtended(LAMP, EAST, one, HOLD, ORDER, UNTIL, later),
              new ReservationExtended(MUG, WEST, one, HOLD, ORDER, UNTIL, later),
              new BudgetReservationExtended(XMAS, null, ORDER, gbp(10), longer, UNTIL),
              new BudgetReservationExtended(XMAS, ANNA, ORDER, gbp(10), longer, UNTIL));
      assertThat(book.item(LAMP_EAST).available(UNTIL)).isEqualTo(2);
      assertThat(book.account(ALL).taken(GBP, UNTIL)).isEqualTo(50);
    }

    @Test
    void takes_the_use_along_that_is_not_spent_yet() {
      HoldBook book = held();
      accepted(book.step(new ExtendHold(HOLD, 1_000)));

      assertThat(book.account(ALL).takenUses(UNTIL)).isEqualTo(1);
      assertThat(book.account(ALL).takenUses(NOW.plusSeconds(1_000))).isZero();
    }

    @Test
    void never_makes_it_end_earlier() {
      HoldBook book = held();

      for (long seconds : new long[] {1, HoldScenario.TTL}) {
        assertThat(accepted(book.step(new ExtendHold(HOLD, seconds)))).isEmpty();
      }
      assertThat(book.hold(HOLD).expiresAt()).isEqualTo(UNTIL);
    }

    @Test
    void makes_it_last_for_a_second_more_at_least() {
      HoldBook book = held();

      book.now = NOW.plusMillis(999);
      assertThat(accepted(book.step(new ExtendHold(HOLD, HoldScenario.TTL)))).isEmpty();
      book.now = NOW.plusMillis(1_000);
      assertThat(accepted(book.step(new ExtendHold(HOLD, HoldScenario.TTL)))).isNotEmpty();
    }

    @Test
    void goes_on_to_the_longest_life_and_no_second_beyond() {
      HoldBook book = held();
      Instant latest = NOW.plus(HoldCommand.MAX_LIFETIME);
      for (int day = 0; day < 7; day++) {
        accepted(book.step(new ExtendHold(HOLD, HoldCommand.MAX_TTL_SECONDS)));
        book.now = book.hold(HOLD).expiresAt().minusMillis(1_000);
      }
      assertThat(book.hold(HOLD).expiresAt()).isEqualTo(latest.minusMillis(6_000));
      book.now = latest.minusMillis(8_001);
      refused(
          book.step(new ExtendHold(HOLD, 9)),
          new HoldLifetimeExceeded(HOLD, latest.plusMillis(999), latest));
      book.now = latest.minusMillis(8_000);
      accepted(book.step(new ExtendHold(HOLD, 8)));
      assertThat(book.hold(HOLD).expiresAt()).isEqualTo(latest);
    }

    @Test
    void is_refused_for_frozen_items_of_which_something_is_left() {
      HoldBook book = held();
      accepted(book.step(confirm(Rest.KEEP, line(MUG, EAST, 3))));
      freeze(book, MUG_EAST);
      accepted(book.step(new ExtendHold(HOLD, 1_000)));
      freeze(book, MUG_WEST);

      refused(book.step(new ExtendHold(HOLD, 2_000)), new HeldItemsFrozen(HOLD, List.of(MUG_WEST)));
    }
  }

  @Nested
  class Ending {

    @Test
    void by_release_gives_everything_back() {
      HoldBook book = held();

      assertThat(accepted(book.step(new ReleaseHold(HOLD))))
          .containsExactly(
              new HoldReleased(HOLD, ORDER),
              released(MUG_EAST, 3),
              released(LAMP_EAST, 1),
              released(MUG_WEST, 2),
              back(null, 50, USE),
              back(ANNA, 50, USE));
      assertThat(book.item(MUG_EAST).available(NOW)).isEqualTo(5);
      assertThat(book.account(ALL)).isEqualTo(new CampaignAccount(1, Map.of(), 0));
    }

    @Test
    void by_time_gives_everything_back_once_and_not_before() {
      HoldBook book = held();
      book.now = UNTIL.minusNanos(1);
      assertThat(book.expire(HOLD)).isEmpty();
      book.now = UNTIL;

      assertThat(book.expire(HOLD))
          .containsExactly(
              new HoldExpired(HOLD, ORDER, UNTIL),
              new ReservationExpired(MUG, EAST, new Quantity(3), HOLD, ORDER, UNTIL),
              new ReservationExpired(LAMP, EAST, new Quantity(1), HOLD, ORDER, UNTIL),
              new ReservationExpired(MUG, WEST, new Quantity(2), HOLD, ORDER, UNTIL),
              back(null, 50, USE),
              back(ANNA, 50, USE));
      assertThat(book.expire(HOLD)).isEmpty();
      assertThat(book.expire(OTHER)).isEmpty();
    }

    @Test
    void passes_a_freeze() {
      HoldBook released = held();
      HoldBook expired = held();
      for (HoldBook book : List.of(released, expired)) {
        freeze(book, MUG_EAST);
      }
      accepted(released.step(new ReleaseHold(HOLD)));
      expired.now = UNTIL;
      expired.expire(HOLD);

      for (HoldBook book : List.of(released, expired)) {
        assertThat(book.item(MUG_EAST).reservations().isEmpty()).isTrue();
        assertThat(book.item(MUG_EAST).frozen()).isTrue();
      }
    }

    @Test
    void of_units_without_a_price_moves_no_account() {
      HoldBook book = stocked();
      accepted(book.place(HOLD, place(line(MUG, EAST, 1))));
      accepted(book.step(new ExtendHold(HOLD, 1_000)));
      accepted(book.step(new ReleaseHold(HOLD)));

      assertThat(book.accounts).isEmpty();
    }
  }

  @Nested
  class Deducting {

    private static DeductOrder order(OrderLine... lines) {
      return new DeductOrder(ORDER, List.of(lines), List.of());
    }

    @Test
    void takes_all_lines_at_once() {
      HoldBook book = stocked();

      assertThat(
              accepted(
                  book.deduct(order(line(MUG, EAST, 2), line(MUG, null, 3), line(MUG, EAST, 1)))))
          .containsExactly(
              new StockDeducted(MUG, EAST, new Quantity(3), ORDER),
              new StockDeducted(MUG, WEST, new Quantity(3), ORDER));
    }

    @Test
    void takes_nothing_if_one_line_is_short_unknown_or_frozen() {
      HoldBook book = stocked();
      freeze(book, LAMP_EAST);

      refused(
          book.deduct(order(line(MUG, EAST, 1), line(LAMP, EAST, 1), line(LAMP, WEST, 1))),
          new OrderRefused(
              ORDER,
              List.of(new Place(LAMP, WEST)),
              List.of(new Place(LAMP, EAST)),
              List.of(),
              List.of(),
              List.of()));
      refused(
          book.deduct(order(line(MUG, EAST, 5), line(MUG, EAST, 1))),
          insufficient(new Shortfall(MUG, EAST, 6, 5)));
      assertThat(book.item(MUG_EAST).onHand()).isEqualTo(5);
    }

    @Test
    void leaves_what_is_held_and_takes_what_lapsed() {
      HoldBook book = stocked();
      accepted(book.place(HOLD, place(line(MUG, EAST, 4))));

      refused(book.deduct(order(line(MUG, EAST, 2))), insufficient(new Shortfall(MUG, EAST, 2, 1)));
      book.now = UNTIL;
      accepted(book.deduct(order(line(MUG, EAST, 2))));
      assertThat(book.hold(HOLD).status()).isEqualTo(Hold.Status.EXPIRED);
      assertThat(book.item(MUG_EAST).onHand()).isEqualTo(3);
    }
  }

  @Nested
  class Replaying {

    @Test
    void refuses_a_stream_that_does_not_begin_with_its_one_beginning() {
      HoldEvent placed = (HoldEvent) held().journal.get(3);
      Hold hold = Hold.UNKNOWN.evolve(placed);
      HoldEvent released = new HoldReleased(HOLD, ORDER);

      assertThatIllegalStateException()
          .isThrownBy(() -> Hold.UNKNOWN.evolve(released))
          .withMessage("HoldReleased cannot follow UNKNOWN at -1");
      assertThatIllegalStateException().isThrownBy(() -> hold.evolve(placed));
      assertThatIllegalStateException()
          .isThrownBy(() -> hold.evolve(released).evolve(released))
          .withMessage("HoldReleased cannot follow RELEASED at 1");
    }

    @Test
    void refuses_to_sell_what_was_not_held() {
      Hold hold = held().hold(HOLD);
      for (Part wrong :
          List.of(
              part(0, MUG, EAST, 4, 1L), part(1, MUG, EAST, 1, 1L), part(0, MUG, WEST, 1, 1L))) {
        assertThatIllegalStateException()
            .isThrownBy(
                () -> hold.evolve(new HoldConfirmed(HOLD, ORDER, List.of(wrong), Rest.KEEP)))
            .withMessageContaining("were not held on line " + wrong.line());
      }
    }

    @Test
    void one_order_may_have_several_holds() {
      HoldBook book = held();
      accepted(book.place(OTHER, place(line(MUG, EAST, 2))));

      assertThat(book.hold(OTHER).orderId()).isEqualTo(new OrderId("order-1"));
      assertThat(book.item(MUG_EAST).reservations().size()).isEqualTo(2);
    }
  }
}
