package io.bincard.domain.discount;

import static io.bincard.domain.discount.DiscountBook.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bincard.domain.Decision;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReservationExtended;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.Promise;
import io.bincard.domain.discount.DiscountRejection.BudgetExhausted;
import io.bincard.domain.discount.DiscountRejection.Limit;
import io.bincard.domain.discount.Discounting.Offer;
import io.bincard.domain.discount.Discounting.Price;
import io.bincard.domain.discount.Discounting.Shortage;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What campaigns promised to holds, kept and lapsed, and what that leaves for others. */
class PromisedBudgetTest {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final OrderId ORDER = new OrderId("order-1");
  private static final CampaignId XMAS = new CampaignId("xmas");
  private static final CampaignId ADVENT = new CampaignId("advent");
  private static final CustomerId ANNA = new CustomerId("anna");
  private static final Instant KEPT = NOON.plusMillis(1);
  private static final HoldId A = new HoldId(new UUID(0, 1));
  private static final HoldId B = new HoldId(new UUID(0, 2));
  private static final HoldId C = new HoldId(new UUID(0, 3));

  private static Money gbp(long pence) {
    return new Money(pence, GBP);
  }

  private static BudgetReserved reserved(
      HoldId hold, @Nullable CustomerId customer, long pence, Instant until) {
    return new BudgetReserved(XMAS, customer, ORDER, gbp(pence), new Promise(hold, until, 1));
  }

  private static CampaignAccount fold(DiscountEvent.OfAccount... events) {
    CampaignAccount account = CampaignAccount.UNTOUCHED;
    for (DiscountEvent.OfAccount event : events) {
      account = account.evolve(event);
    }
    return account;
  }

  // The account

  @Test
  void a_promise_is_taken_until_its_time_to_the_millisecond() {
    CampaignAccount account = fold(reserved(A, null, 200, KEPT));

    assertThat(account.taken(GBP, KEPT.minusNanos(1))).isEqualTo(200);
    assertThat(account.takenUses(KEPT.minusNanos(1))).isEqualTo(1);
    assertThat(account.taken(GBP, KEPT)).isZero();
    assertThat(account.takenUses(KEPT)).isZero();
    assertThat(account.spent(GBP)).isZero();
    assertThat(account.uses()).isZero();
  }

  @Test
  void of_parts_that_are_paid_and_given_back_one_use_is_counted_and_every_penny_once() {
    CampaignAccount part =
        fold(
            reserved(A, null, 200, KEPT),
            new BudgetSpent(XMAS, null, ORDER, gbp(0), new Promise(A, KEPT, 1)),
            new BudgetSpent(XMAS, null, ORDER, gbp(150), new Promise(A, KEPT, 0)));

    assertThat(part.taken(GBP, NOON)).isEqualTo(200);
    assertThat(part.taken(GBP, KEPT)).isEqualTo(150);
    assertThat(part.takenUses(KEPT)).isEqualTo(1);
    Instant later = KEPT.plusSeconds(1);
    CampaignAccount longer =
        part.evolve(
            new BudgetReservationExtended(
                XMAS, null, ORDER, gbp(50), new Promise(A, later, 0), KEPT));
    assertThat(longer.taken(GBP, KEPT)).isEqualTo(200);
    assertThat(longer.reserved(GBP)).isEqualTo(Reservations.NONE.plus(A, later, 50));
    assertThat(
            longer.evolve(new BudgetReleased(XMAS, null, ORDER, gbp(50), new Promise(A, later, 0))))
        .isEqualTo(new CampaignAccount(4, Map.of(GBP, 150L), 1));
  }

  @Test
  void a_promise_that_is_given_back_gives_back_its_use_whatever_its_time() {
    Instant later = KEPT.plusSeconds(1);
    assertThat(
            fold(
                reserved(A, null, 200, KEPT),
                new BudgetReservationExtended(
                    XMAS, null, ORDER, gbp(200), new Promise(A, later, 1), KEPT),
                new BudgetReleased(XMAS, null, ORDER, gbp(200), new Promise(A, later, 1))))
        .isEqualTo(new CampaignAccount(2, Map.of(), 0));
    assertThat(
            fold(
                reserved(A, null, 200, KEPT),
                new BudgetReservationExtended(
                    XMAS, null, ORDER, gbp(0), new Promise(A, later, 1), KEPT)))
        .isEqualTo(
            new CampaignAccount(
                1,
                Map.of(),
                0,
                Map.of(GBP, Reservations.NONE.plus(A, KEPT, 200)),
                Reservations.NONE.plus(A, later, 1)));
  }

  @Test
  void a_promise_cannot_end_beyond_what_was_made() {
    for (Promise promise :
        List.of(new Promise(B, KEPT, 0), new Promise(A, NOON, 0), new Promise(A, KEPT, 2))) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  fold(
                      reserved(A, null, 200, KEPT),
                      new BudgetReleased(XMAS, null, ORDER, gbp(1), promise)));
    }
  }

  @Test
  void refuses_an_account_that_promises_nothing_or_more_than_there_can_be() {
    Reservations most = Reservations.NONE.plus(A, KEPT, Money.MAX).plus(B, KEPT, 1);
    for (Reservations wrong : List.of(Reservations.NONE, most)) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(
              () -> new CampaignAccount(0, Map.of(), 0, Map.of(GBP, wrong), Reservations.NONE));
    }
  }

  // What is left for others

  private static Rule percent(String id, int percent, @Nullable CampaignId campaign) {
    return new Rule(
        new RuleId(id),
        0,
        campaign == null ? new Stacking.BestDeal() : new Stacking.WithinGroup("g"),
        Scope.EVERYTHING,
        Conditions.NONE,
        new Benefit.PercentOff(new BasisPoints(100 * percent)),
        null,
        campaign);
  }

  /** Ten percent off everything, paid by a campaign; five without it. */
  private static DiscountBook book(
      @Nullable Long budget, @Nullable Long uses, @Nullable Long usesPerCustomer) {
    return book(
        List.of(new Campaign(XMAS, budget == null ? null : gbp(budget), uses, usesPerCustomer)),
        percent("ten", 10, XMAS),
        percent("five", 5, null));
  }

  private static DiscountBook book(List<Campaign> campaigns, Rule... rules) {
    return new DiscountBook(
        new PolicyVersion(
            new PolicyFingerprint("a".repeat(64)),
            new DiscountPolicy(GBP, ZoneOffset.UTC, Map.of(), campaigns, List.of(rules))));
  }

  private static Cart cart(long pence, @Nullable CustomerId customer) {
    return new Cart(
        List.of(new CartLine(new Sku("LAMP"), new Quantity(1), gbp(pence), null, Set.of())),
        Set.of(),
        customer);
  }

  /** What Anna's order of 20 pounds is told after a promise of {@code pence} to a hold of hers. */
  private static String told(DiscountBook book, long pence, boolean kept, OnExhausted mode) {
    for (CustomerId customer : new @Nullable CustomerId[] {null, ANNA}) {
      book.evolve(reserved(A, customer, pence, kept ? KEPT : NOON));
    }
    return switch (book.handle(ApplyDiscount.of(ORDER, cart(2_000, ANNA), mode))) {
      case Decision.Rejected<DiscountEvent, DiscountRejection>(
              BudgetExhausted(_, _, Limit limit, long requested, long left)) ->
          limit + " " + requested + " of " + left;
      case Decision.Rejected<DiscountEvent, DiscountRejection>(var other) -> other.toString();
      case Decision.Accepted<DiscountEvent, DiscountRejection>(var events) ->
          ((DiscountApplied) events.getFirst()).priced().discountByRule().keySet().toString();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "budget, 500, 300, kept, REJECT, [ten]",
    "budget, 500, 301, kept, REJECT, MONEY 200 of 199",
    "budget, 500, 301, kept, SKIP, [five]",
    "budget, 500, 500, kept, REJECT, MONEY 200 of 0",
    "budget, 500, 500, kept, SKIP, [five]",
    "budget, 500, 500, lapsed, REJECT, [ten]",
    "budget, 500, 500, lapsed, SKIP, [ten]",
    "uses, 2, 1, kept, REJECT, [ten]",
    "uses, 1, 1, kept, REJECT, USES 1 of 0",
    "uses, 1, 1, kept, SKIP, [five]",
    "uses, 1, 1, lapsed, REJECT, [ten]",
    "uses, 1, 1, lapsed, SKIP, [ten]",
    "uses per customer, 2, 1, kept, REJECT, [ten]",
    "uses per customer, 1, 1, kept, REJECT, [five]",
    "uses per customer, 1, 1, kept, SKIP, [five]",
    "uses per customer, 1, 1, lapsed, REJECT, [ten]"
  })
  void what_is_promised_is_gone_and_what_lapsed_is_there(
      String limit, long most, long promised, String state, OnExhausted mode, String told) {
    DiscountBook book =
        book(
            limit.equals("budget") ? most : null,
            limit.equals("uses") ? most : null,
            limit.equals("uses per customer") ? most : null);

    assertThat(told(book, promised, state.equals("kept"), mode)).isEqualTo(told);
  }

  @Test
  void every_campaign_that_cannot_pay_is_named_by_its_id() {
    DiscountBook book =
        book(
            List.of(new Campaign(XMAS, gbp(100), null, null), new Campaign(ADVENT, null, 1L, null)),
            percent("ten", 10, XMAS),
            percent("three", 3, ADVENT));
    book.evolve(reserved(A, null, 40, KEPT));
    book.evolve(new BudgetReserved(ADVENT, null, ORDER, gbp(7), new Promise(A, KEPT, 1)));

    assertThat(shortages(book, NOON))
        .containsExactly(
            new Shortage(ADVENT, Limit.USES, 1, 0), new Shortage(XMAS, Limit.MONEY, 200, 60));
    assertThat(shortages(book, KEPT)).containsExactly(new Shortage(XMAS, Limit.MONEY, 200, 100));
  }

  private static List<Shortage> shortages(DiscountBook book, Instant now) {
    Price price = book.discounting().price(ORDER, cart(2_000, null), OnExhausted.REJECT, now);
    assertThat(price).isInstanceOf(Price.Offered.class);
    Offer offer = ((Price.Offered) price).offer();
    return offer.shortages();
  }

  // What has to be written down first

  /** 300 are spent, 100 lapsed an hour ago, 200 lapse at noon and 100 are kept. */
  private static void promise(DiscountBook book, @Nullable CustomerId customer) {
    book.evolve(new BudgetSpent(XMAS, customer, ORDER, gbp(300)));
    book.evolve(reserved(A, customer, 100, NOON.minusSeconds(3_600)));
    book.evolve(reserved(B, customer, 200, NOON));
    book.evolve(reserved(C, customer, 100, KEPT));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, , , false, 300, ''",
    "1000, , , false, 301, A",
    "1000, , , false, 400, A",
    "1000, , , false, 401, AB",
    "1000, , , false, 600, AB",
    "1000, , , true, 600, ''",
    ", 5, , false, 600, ''",
    ", 4, , false, 600, A",
    ", 3, , false, 600, AB",
    ", 3, , true, 600, ''",
    ", , 5, true, 600, ''",
    ", , 4, true, 600, A",
    ", , 3, true, 600, AB",
    ", , 3, false, 600, ''",
    "1000, 4, , false, 401, AB",
    "1000, 3, 3, false, 301, AB",
    ", , , false, 600, ''"
  })
  void as_many_ends_are_due_before_a_campaign_pays_as_it_needs(
      @Nullable Long budget,
      @Nullable Long uses,
      @Nullable Long usesPerCustomer,
      boolean ofAnna,
      long pence,
      String holds) {
    DiscountBook book = book(budget, uses, usesPerCustomer);
    CustomerId customer = ofAnna ? ANNA : null;
    promise(book, customer);
    List<HoldId> expected = new ArrayList<>();
    holds.chars().forEach(name -> expected.add(name == 'A' ? A : B));

    BudgetSpent spent = new BudgetSpent(XMAS, customer, ORDER, gbp(pence));
    assertThat(book.discounting().overdue(spent, NOON)).containsExactlyElementsOf(expected);
    assertThat(book.discounting().overdue(reserved(C, customer, pence, KEPT), NOON))
        .containsExactlyElementsOf(expected);
    assertThat(book.discounting().overdue(spent, NOON.minusNanos(1))).doesNotContain(B, C);
  }

  @Test
  void no_end_is_due_without_a_promise_or_a_limit_in_that_currency() {
    DiscountBook book = book(1_000L, null, null);
    BudgetSpent all = new BudgetSpent(XMAS, null, ORDER, gbp(1_000));
    assertThat(book.discounting().overdue(all, NOON)).isEmpty();

    promise(book, null);
    BudgetSpent euros = new BudgetSpent(XMAS, null, ORDER, new Money(999, new CurrencyCode("EUR")));
    assertThat(book.discounting().overdue(euros, NOON)).isEmpty();
    assertThat(book.discounting().overdue(all, NOON)).containsExactly(A, B);
    book.policy = book(List.of(), percent("five", 5, null)).policy;
    assertThat(book.discounting().overdue(all, NOON)).isEmpty();
    book.policy = null;
    assertThat(book.discounting().overdue(all, NOON)).isEmpty();
  }
}
