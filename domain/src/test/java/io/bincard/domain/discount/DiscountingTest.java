package io.bincard.domain.discount;

import static io.bincard.domain.discount.DiscountBook.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.Decision;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountCommand.RevokeDiscount;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.discount.DiscountRejection.BudgetExhausted;
import io.bincard.domain.discount.DiscountRejection.CouponNotApplicable;
import io.bincard.domain.discount.DiscountRejection.CurrencyNotSold;
import io.bincard.domain.discount.DiscountRejection.DiscountAlreadyApplied;
import io.bincard.domain.discount.DiscountRejection.DiscountNotApplied;
import io.bincard.domain.discount.DiscountRejection.Limit;
import io.bincard.domain.discount.DiscountRejection.NoPolicyInForce;
import io.bincard.domain.discount.DiscountRejection.StaleOrderVersion;
import io.bincard.domain.discount.DiscountRejection.TooManyRules;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.pricing.LostRule.Reason;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscountingTest {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final OrderId ORDER = new OrderId("order-1");
  private static final CampaignId XMAS = new CampaignId("xmas");
  private static final AccountId ALL = new AccountId(XMAS, null);
  private static final PolicyFingerprint VERSION = new PolicyFingerprint("a".repeat(64));

  private static Money gbp(long pence) {
    return new Money(pence, GBP);
  }

  private static Rule percent(String id, int percent, @Nullable String coupon, boolean ofCampaign) {
    return new Rule(
        new RuleId(id),
        0,
        new Stacking.BestDeal(),
        Scope.EVERYTHING,
        new Conditions(
            null,
            null,
            List.of(),
            0,
            null,
            coupon == null ? Set.of() : Set.of(new CouponCode(coupon))),
        new Benefit.PercentOff(new BasisPoints(100 * percent)),
        null,
        ofCampaign ? XMAS : null);
  }

  private static DiscountBook book(Campaign campaign, Rule... rules) {
    return new DiscountBook(
        new PolicyVersion(
            VERSION,
            new DiscountPolicy(
                GBP, ZoneId.of("Europe/London"), Map.of(), List.of(campaign), List.of(rules))));
  }

  /** Ten percent off everything, paid by a campaign. */
  private static DiscountBook book(
      @Nullable Long budget, @Nullable Long uses, @Nullable Long usesPerCustomer) {
    return book(
        new Campaign(XMAS, budget == null ? null : gbp(budget), uses, usesPerCustomer),
        percent("ten", 10, null, true),
        percent("five", 5, null, false));
  }

  private static Cart cart(long pence, @Nullable String customer, String... coupons) {
    return new Cart(
        List.of(new CartLine(new Sku("LAMP"), new Quantity(1), gbp(pence), null, Set.of())),
        Stream.of(coupons).map(CouponCode::new).collect(Collectors.toSet()),
        customer == null ? null : new CustomerId(customer));
  }

  private static ApplyDiscount apply(Cart cart) {
    return ApplyDiscount.of(ORDER, cart, OnExhausted.REJECT);
  }

  private static ApplyDiscount applyOrSkip(Cart cart) {
    return ApplyDiscount.of(ORDER, cart, OnExhausted.SKIP);
  }

  private static void refused(
      Decision<DiscountEvent, DiscountRejection> decision, DiscountRejection rejection) {
    assertThat(decision).isEqualTo(Decision.reject(rejection));
  }

  private static List<DiscountEvent> accepted(Decision<DiscountEvent, DiscountRejection> decision) {
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    return ((Decision.Accepted<DiscountEvent, DiscountRejection>) decision).events();
  }

  // What is taken

  @Test
  void an_order_is_given_its_price_and_each_campaign_pays_its_part() {
    DiscountBook book = book(1_000L, 5L, 1L);
    Cart cart = cart(2_000, "anna");

    List<DiscountEvent> events = accepted(book.handle(apply(cart)));

    PricedOrder priced = ((DiscountApplied) events.getFirst()).priced();
    assertThat(priced.finalPrice()).isEqualTo(1_800);
    assertThat(events)
        .containsExactly(
            new DiscountApplied(
                ORDER,
                VERSION,
                NOON.atZone(ZoneId.of("Europe/London")).toOffsetDateTime(),
                cart.customer(),
                cart.coupons(),
                Set.of(),
                priced,
                null),
            new BudgetSpent(XMAS, null, ORDER, gbp(200)),
            new BudgetSpent(XMAS, new CustomerId("anna"), ORDER, gbp(200)));
    assertThat(book.account(ALL)).isEqualTo(new CampaignAccount(0, Map.of(GBP, 200L), 1));
    assertThat(book.order(ORDER))
        .isEqualTo(new OrderDiscount(0, true, new CustomerId("anna"), Map.of(XMAS, gbp(200))));
  }

  @Test
  void a_price_says_so_if_it_was_asked_for_by_what_is_tried_out() {
    Cart cart = cart(2_000, "anna");
    DiscountBook book = book(1_000L, 5L, 1L);

    List<DiscountEvent> events =
        accepted(
            book.handle(
                new ApplyDiscount(
                    ORDER,
                    cart.lines(),
                    cart.coupons(),
                    cart.customer(),
                    OnExhausted.REJECT,
                    ReleaseStage.CANARY)));

    assertThat(((DiscountApplied) events.getFirst()).releaseStage()).isEqualTo(ReleaseStage.CANARY);
  }

  @Test
  void a_price_without_a_campaign_takes_from_no_account() {
    DiscountBook book = book(new Campaign(XMAS, null, null, null), percent("five", 5, null, false));

    assertThat(accepted(book.handle(apply(cart(2_000, "anna"))))).hasSize(1);
  }

  @Test
  void a_customer_who_is_not_known_has_no_account() {
    DiscountBook book = book(null, null, null);

    assertThat(accepted(book.handle(apply(cart(2_000, null)))))
        .last()
        .isEqualTo(new BudgetSpent(XMAS, null, ORDER, gbp(200)));
  }

  @Test
  void a_revoked_discount_gives_back_what_was_paid() {
    DiscountBook book = book(null, null, null);
    accepted(book.handle(apply(cart(2_000, "anna"))));

    assertThat(accepted(book.handle(new RevokeDiscount(ORDER))))
        .containsExactly(
            new DiscountRevoked(ORDER),
            new BudgetReleased(XMAS, null, ORDER, gbp(200)),
            new BudgetReleased(XMAS, new CustomerId("anna"), ORDER, gbp(200)));
    assertThat(book.account(ALL)).isEqualTo(new CampaignAccount(1, Map.of(), 0));
    assertThat(book.order(ORDER)).isEqualTo(new OrderDiscount(1, false, null, Map.of()));
    accepted(book.handle(apply(cart(100, null))));
    assertThat(accepted(book.handle(new RevokeDiscount(ORDER)))).hasSize(2);
  }

  // What is refused, in this order

  @Test
  void refuses_what_was_decided_on_another_version_of_the_order() {
    DiscountBook book = book(null, null, null);
    ExpectedVersion first = new ExpectedVersion.Exactly(0);

    refused(book.handle(apply(cart(100, null)), first), new StaleOrderVersion(ORDER, 0, -1));
    accepted(book.handle(apply(cart(100, null))));
    accepted(book.handle(new RevokeDiscount(ORDER), first));
    refused(book.handle(new RevokeDiscount(ORDER), first), new StaleOrderVersion(ORDER, 0, 1));
  }

  @Test
  void refuses_a_second_price() {
    DiscountBook book = book(null, null, null);
    accepted(book.handle(apply(cart(100, null))));
    book.policy = null;

    refused(book.handle(apply(cart(100, null))), new DiscountAlreadyApplied(ORDER));
  }

  @Test
  void refuses_to_revoke_what_is_not_there() {
    DiscountBook book = book(null, null, null);
    refused(book.handle(new RevokeDiscount(ORDER)), new DiscountNotApplied(ORDER));

    accepted(book.handle(apply(cart(100, null))));
    accepted(book.handle(new RevokeDiscount(ORDER)));
    refused(book.handle(new RevokeDiscount(ORDER)), new DiscountNotApplied(ORDER));
  }

  @Test
  void refuses_to_price_without_a_policy() {
    refused(
        new DiscountBook(null).handle(apply(cart(100, null, "WHAT"))), new NoPolicyInForce(ORDER));
  }

  @Test
  void refuses_another_currency() {
    CurrencyCode euros = new CurrencyCode("EUR");
    Cart cart =
        new Cart(
            List.of(
                new CartLine(
                    new Sku("LAMP"), new Quantity(1), new Money(1, euros), null, Set.of())),
            Set.of(new CouponCode("WHAT")),
            null);

    refused(book(0L, null, null).handle(apply(cart)), new CurrencyNotSold(ORDER, euros, GBP));
  }

  @Test
  void refuses_a_coupon_that_nobody_asks_for_before_a_budget_that_is_empty() {
    refused(
        book(0L, null, null).handle(apply(cart(2_000, null, "A", "B"))),
        new CouponNotApplicable(ORDER, new CouponCode("A"), null));
  }

  @Test
  void refuses_a_coupon_whose_rules_do_not_apply_now_and_says_why() {
    Rule later =
        new Rule(
            new RuleId("later"),
            0,
            new Stacking.BestDeal(),
            Scope.EVERYTHING,
            new Conditions(
                Instant.parse("2011-01-01T00:00:00Z"),
                null,
                List.of(),
                0,
                null,
                Set.of(new CouponCode("NEW"))),
            new Benefit.PercentOff(new BasisPoints(5_000)),
            null,
            null);
    DiscountBook book = book(new Campaign(XMAS, null, null, null), later);

    refused(
        book.handle(apply(cart(2_000, null, "NEW"))),
        new CouponNotApplicable(ORDER, new CouponCode("NEW"), Reason.NOT_YET_VALID));
    refused(
        book.handle(applyOrSkip(cart(2_000, null, "NEW"))),
        new CouponNotApplicable(ORDER, new CouponCode("NEW"), Reason.NOT_YET_VALID));
  }

  @Test
  void takes_a_coupon_of_which_one_rule_applies_or_lost_to_a_better_one() {
    DiscountBook book =
        book(
            new Campaign(XMAS, null, null, null),
            percent("five", 5, "SAVE", false),
            percent("nothing", 0, "SAVE", false),
            percent("more", 50, "MORE", false));

    assertThat(accepted(book.handle(apply(cart(2_000, null, "SAVE", "MORE"))))).hasSize(1);
  }

  @Test
  void takes_a_coupon_whose_rule_on_the_order_lost_to_a_better_one() {
    DiscountBook book =
        book(
            new Campaign(XMAS, null, null, null),
            order("small", 1, "SMALL", new Stacking.BestDeal()),
            order("large", 2, null, new Stacking.BestDeal()));
    accepted(book.handle(apply(cart(2_000, null, "SMALL"))));

    DiscountBook exclusive =
        book(
            new Campaign(XMAS, null, null, null),
            order("small", 1, "SMALL", new Stacking.BestDeal()),
            order("large", 2, null, new Stacking.Exclusive()));
    accepted(exclusive.handle(apply(cart(2_000, null, "SMALL"))));
  }

  private static Rule order(String id, long pence, @Nullable String coupon, Stacking stacking) {
    Rule line = percent(id, 0, coupon, false);
    return new Rule(
        line.id(),
        0,
        stacking,
        line.scope(),
        line.conditions(),
        new Benefit.OrderAmountOff(gbp(pence)),
        null,
        null);
  }

  @Test
  void refuses_what_a_budget_cannot_pay_and_says_what_is_left() {
    DiscountBook book = book(250L, null, null);
    accepted(book.handle(apply(cart(2_000, null))));

    refused(
        book.handle(ApplyDiscount.of(new OrderId("order-2"), cart(600, null), OnExhausted.REJECT)),
        new BudgetExhausted(new OrderId("order-2"), XMAS, Limit.MONEY, 60, 50));
    accepted(
        book.handle(ApplyDiscount.of(new OrderId("order-2"), cart(500, null), OnExhausted.REJECT)));
  }

  @Test
  void refuses_one_use_too_many() {
    DiscountBook book = book(null, 1L, null);
    accepted(book.handle(apply(cart(2_000, null))));

    refused(
        book.handle(ApplyDiscount.of(new OrderId("order-2"), cart(600, null), OnExhausted.REJECT)),
        new BudgetExhausted(new OrderId("order-2"), XMAS, Limit.USES, 1, 0));
  }

  @Test
  void a_budget_that_was_lowered_below_what_is_spent_has_nothing_left() {
    DiscountBook book = book(null, 5L, null);
    accepted(book.handle(apply(cart(2_000, null))));
    book.policy = book(100L, null, null).policy;

    refused(
        book.handle(ApplyDiscount.of(new OrderId("order-2"), cart(600, null), OnExhausted.REJECT)),
        new BudgetExhausted(new OrderId("order-2"), XMAS, Limit.MONEY, 60, 0));
  }

  @Test
  void prices_without_the_campaign_if_that_was_asked_for() {
    DiscountBook book = book(100L, null, null);

    DiscountApplied applied =
        (DiscountApplied) accepted(book.handle(applyOrSkip(cart(2_000, null)))).getFirst();

    assertThat(applied.exhausted()).containsExactly(XMAS);
    assertThat(applied.priced().discountByRule())
        .containsExactly(Map.entry(new RuleId("five"), 100L));
  }

  @Test
  void a_coupon_of_an_empty_campaign_is_refused_or_skipped() {
    DiscountBook book = book(new Campaign(XMAS, null, null, 1L), percent("ten", 10, "TEN", true));
    accepted(book.handle(apply(cart(2_000, "anna", "TEN"))));
    OrderId second = new OrderId("order-2");
    Cart again = cart(2_000, "anna", "TEN");

    refused(
        book.handle(ApplyDiscount.of(second, again, OnExhausted.REJECT)),
        new CouponNotApplicable(second, new CouponCode("TEN"), Reason.CAMPAIGN_EXHAUSTED));
    assertThat(accepted(book.handle(ApplyDiscount.of(second, again, OnExhausted.SKIP)))).hasSize(1);
  }

  @Test
  void a_customer_has_a_campaign_so_often_and_then_no_more() {
    DiscountBook book = book(null, null, 1L);
    accepted(book.handle(apply(cart(2_000, "anna"))));

    DiscountApplied again =
        (DiscountApplied)
            accepted(
                    book.handle(
                        ApplyDiscount.of(
                            new OrderId("order-2"), cart(2_000, "anna"), OnExhausted.REJECT)))
                .getFirst();

    assertThat(again.priced().discountByRule())
        .containsExactly(Map.entry(new RuleId("five"), 100L));
    assertThat(
            accepted(
                book.handle(
                    ApplyDiscount.of(
                        new OrderId("order-3"), cart(2_000, "bert"), OnExhausted.REJECT))))
        .hasSize(3);
  }

  @Test
  void an_account_is_asked_for_only_where_a_rule_of_its_campaign_is_about_the_cart() {
    CampaignId other = new CampaignId("other");
    Rule lamps = percent("ten", 10, null, true);
    Rule cups =
        new Rule(
            new RuleId("cups"),
            0,
            lamps.stacking(),
            Scope.ofSkus(Set.of(new Sku("CUP"))),
            Conditions.NONE,
            lamps.benefit(),
            null,
            other);
    DiscountPolicy policy =
        new DiscountPolicy(
            GBP,
            ZoneId.of("Europe/London"),
            Map.of(),
            List.of(new Campaign(XMAS, null, null, 1L), new Campaign(other, null, null, 1L)),
            List.of(lamps, cups));
    Set<AccountId> asked = new HashSet<>();
    Discounting discounting =
        new Discounting(
            new PolicyVersion(VERSION, policy),
            id -> {
              asked.add(id);
              return new CampaignAccount(0, Map.of(), 1);
            });

    DiscountApplied applied =
        (DiscountApplied)
            accepted(
                    discounting.decide(
                        apply(cart(100, "anna")), OrderDiscount.UNKNOWN, ExpectedVersion.ANY, NOON))
                .getFirst();

    assertThat(asked).containsExactly(new AccountId(XMAS, new CustomerId("anna")));
    assertThat(applied.exhausted()).containsExactly(XMAS);
  }

  @Test
  void what_was_spent_in_another_currency_is_not_taken_from_the_budget() {
    CampaignAccount account =
        CampaignAccount.UNTOUCHED
            .evolve(new BudgetSpent(XMAS, null, ORDER, gbp(200)))
            .evolve(
                new BudgetSpent(
                    XMAS, null, new OrderId("order-2"), new Money(50, new CurrencyCode("EUR"))));

    assertThat(account.spent(GBP)).isEqualTo(200);
    assertThat(account.spent(new CurrencyCode("EUR"))).isEqualTo(50);
    assertThat(account.evolve(new BudgetReleased(XMAS, null, ORDER, gbp(200))))
        .isEqualTo(new CampaignAccount(2, Map.of(new CurrencyCode("EUR"), 50L), 1));
  }

  @Test
  void a_cart_that_too_many_rules_are_about_is_refused() {
    Rule[] rules = new Rule[100];
    Arrays.setAll(rules, i -> percent("rule-" + i, 1, null, false));
    CartLine line = cart(100, null).lines().getFirst();
    Cart cart = new Cart(Collections.nCopies(Pricing.MAX_TOUCHES / 100 + 1, line), Set.of(), null);

    refused(
        book(new Campaign(XMAS, null, null, null), rules).handle(apply(cart)),
        new TooManyRules(ORDER, Pricing.MAX_TOUCHES));
  }

  // Quotes

  @Test
  void a_quote_is_the_price_without_the_campaigns_that_cannot_pay_and_takes_nothing() {
    DiscountBook book = book(100L, null, null);
    PolicyVersion policy = Objects.requireNonNull(book.policy);

    PricedOrder small =
        book.discounting().quote(policy, cart(1_000, null), policy.at(NOON)).priced();
    PricedOrder large =
        book.discounting().quote(policy, cart(2_000, null), policy.at(NOON)).priced();

    assertThat(small.finalPrice()).isEqualTo(900);
    assertThat(large.finalPrice()).isEqualTo(1_900);
    assertThat(large.lost().getFirst().reason()).isEqualTo(Reason.CAMPAIGN_EXHAUSTED);
    assertThat(book.events).isEmpty();
  }

  // Values

  @Test
  void an_account_is_known_by_its_stream() {
    assertThat(ALL.stream()).isEqualTo("campaign:xmas");
    assertThat(new AccountId(XMAS, new CustomerId("anna")).stream())
        .isEqualTo("campaign:xmas/anna");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc"})
  void refuses_what_is_no_fingerprint(String value) {
    String rule = "a policy's fingerprint must be 64 digits 0-9 and a-f";
    for (String wrong :
        List.of(
            value,
            "A".repeat(64),
            "g".repeat(64),
            "/".repeat(64),
            ":".repeat(64),
            "`".repeat(64))) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> new PolicyFingerprint(wrong))
          .withMessage(rule);
    }
    assertThat(new PolicyFingerprint("0f9a".repeat(16))).hasToString("0f9a".repeat(16));
  }

  @Test
  void refuses_an_account_that_cannot_be() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new CampaignAccount(-2, Map.of(), 0),
            () -> new CampaignAccount(0, Map.of(GBP, -1L), 0),
            () -> new CampaignAccount(0, Map.of(GBP, Money.MAX + 1), 0),
            () -> new CampaignAccount(0, Map.of(), -1),
            () -> new CampaignAccount(0, Map.of(), Money.MAX + 1))) {
      assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(wrong::run);
    }
  }
}
