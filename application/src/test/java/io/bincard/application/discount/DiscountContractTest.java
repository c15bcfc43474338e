package io.bincard.application.discount;

import io.bincard.application.fixture.Approved;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.Adjustment;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What senders are told of discounts. */
class DiscountContractTest {

  private static final Approved OUTCOMES = new Approved("outcomes");
  private static final CommandKey KEY = CommandKey.of("0198f2f0-key");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final PolicyFingerprint FIRST = new PolicyFingerprint("1".repeat(64));

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
