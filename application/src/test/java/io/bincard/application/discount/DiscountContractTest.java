package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.Approved;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.Adjustment;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored of discounts beside their events: opening balances, and what senders are told. */
class DiscountContractTest {

  private static final Approved SNAPSHOTS = new Approved("snapshots");
  private static final Approved OUTCOMES = new Approved("outcomes");
  private static final CommandKey KEY = CommandKey.of("0198f2f0-key");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final PolicyFingerprint FIRST = new PolicyFingerprint("1".repeat(64));
  private static final PolicyFingerprint SECOND = new PolicyFingerprint("2".repeat(64));

  static Stream<Arguments> balances() {
    return Stream.of(
        Arguments.of(
            new OrderDiscountRules(),
            new OrderDiscount(
                41,
                true,
                new CustomerId("anna"),
                Map.of(new CampaignId("christmas"), new Money(500, GBP)))),
        Arguments.of(
            new AccountRules(),
            new CampaignAccount(41, Map.of(GBP, 1_500L, new CurrencyCode("EUR"), 20L), 3)),
        Arguments.of(
            new RegisterRules(),
            new PolicyRegister(41, FIRST, SECOND, new LinkedHashSet<>(List.of(FIRST, SECOND)))));
  }

  @ParameterizedTest
  @MethodSource("balances")
  <S> void a_balance_is_written_as_promised_for_its_revision_and_read_back(
      StreamFold.Rules<S> rules, S state) {
    String file = rules.revision().replace('/', '-') + ".json";

    SNAPSHOTS.check(file, rules.write(state));

    assertThat(rules.read(41, SNAPSHOTS.text(file))).isEqualTo(state);
  }

  static Stream<Arguments> bare() {
    return Stream.of(
        Arguments.of(new OrderDiscountRules(), new OrderDiscount(1, false, null, Map.of())),
        Arguments.of(new AccountRules(), new CampaignAccount(0, Map.of(), 0)),
        Arguments.of(new RegisterRules(), new PolicyRegister(0, null, null, Set.of())));
  }

  @ParameterizedTest
  @MethodSource("bare")
  <S> void a_balance_with_nothing_in_it_comes_back_too(StreamFold.Rules<S> rules, S state) {
    assertThat(rules.read(rules.sequence(state), rules.write(state))).isEqualTo(state);
  }

  @ParameterizedTest
  @MethodSource("balances")
  <S> void what_is_no_balance_is_not_taken_for_one(StreamFold.Rules<S> rules, S state) {
    String whole = rules.write(state);
    for (String json :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"more\":1," + whole.substring(1),
            whole.replace(":", ":-"))) {
      assertThatThrownBy(() -> rules.read(41, json)).as(json).isInstanceOf(RuntimeException.class);
    }
  }

  private static DiscountApplied applied() {
    CartLine line =
        new CartLine(
            new Sku("RED-MUG"),
            new Quantity(2),
            new Money(2_500, GBP),
            new CategoryId("mugs"),
            Set.of());
    return new DiscountApplied(
        new OrderId("order-1"),
        FIRST,
        OffsetDateTime.parse("2026-07-01T12:30:15+01:00"),
        new CustomerId("anna"),
        Set.of(),
        Set.of(new CampaignId("easter")),
        new PricedOrder(
            List.of(
                new PricedLine(
                    line,
                    List.of(new Adjustment(new RuleId("ten"), new CampaignId("christmas"), 500)),
                    List.of(
                        new LostRule(
                            new RuleId("five"), LostRule.Reason.BETTER_DEAL, new RuleId("ten"))))),
            List.of(new LostRule(new RuleId("old"), LostRule.Reason.EXPIRED, null))),
        null);
  }

  @Test
  void a_sender_is_told_the_approved_price() {
    Outcome outcome =
        new DiscountTaken(new OrderId("order-1"), 0, applied(), null, List.of()).outcome(KEY, 77);

    OUTCOMES.check("ApplyDiscount.txt", outcome.status() + " " + outcome.body());
  }

  @Test
  void a_sender_is_told_that_a_price_is_taken_back() {
    Outcome outcome =
        new DiscountTaken(new OrderId("order-1"), 1, null, null, List.of()).outcome(KEY, 77);

    OUTCOMES.check("RevokeDiscount.txt", outcome.status() + " " + outcome.body());
  }
}
