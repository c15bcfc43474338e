package io.bincard.application.discount;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A price as callers are told it: what everything costs, what was taken off by which rule, and
 * which rules lost and why.
 *
 * @param orderId absent from a quote
 * @param rules what each rule took off the whole order
 * @param lost the rules that were about the order and did not apply at all
 * @param unusableCoupons that were shown for nothing; only a quote can have some, for an order with
 *     one is refused
 */
@JsonPropertyOrder({
  "orderId",
  "policy",
  "pricedAt",
  "listPrice",
  "discount",
  "finalPrice",
  "lines",
  "rules",
  "lost",
  "exhausted",
  "unusableCoupons"
})
public record PricedOrderView(
    @Nullable OrderId orderId,
    PolicyFingerprint policy,
    OffsetDateTime pricedAt,
    Money listPrice,
    Money discount,
    Money finalPrice,
    List<Line> lines,
    List<Taken> rules,
    List<Lost> lost,
    Collection<CampaignId> exhausted,
    @Nullable List<Discounting.UnusableCoupon> unusableCoupons) {

  /** One line; amounts for all its units, but for {@code unitPrice}. */
  @JsonPropertyOrder({
    "sku",
    "quantity",
    "unitPrice",
    "category",
    "listPrice",
    "adjustments",
    "finalPrice",
    "lost"
  })
  public record Line(
      Sku sku,
      Quantity quantity,
      Money unitPrice,
      @Nullable CategoryId category,
      Money listPrice,
      List<Taken> adjustments,
      Money finalPrice,
      List<Lost> lost) {}

  /** What a rule took off. */
  @JsonPropertyOrder({"rule", "campaign", "amount"})
  public record Taken(RuleId rule, @Nullable CampaignId campaign, Money amount) {}

  /** A rule that did not apply. */
  @JsonPropertyOrder({"rule", "reason", "winner"})
  public record Lost(RuleId rule, String reason, @Nullable RuleId winner) {}

  /** The price that {@code applied} gave. */
  public static PricedOrderView of(DiscountApplied applied) {
    return of(
        applied.orderId(),
        applied.policy(),
        applied.pricedAt(),
        applied.priced(),
        applied.exhausted(),
        null);
  }

  /** The price that {@code offer} is, by the version {@code policy}. */
  public static PricedOrderView of(
      PolicyFingerprint policy, OffsetDateTime at, Discounting.Offer offer) {
    return of(null, policy, at, offer.priced(), offer.exhausted(), offer.unusable());
  }

  private static PricedOrderView of(
      @Nullable OrderId orderId,
      PolicyFingerprint policy,
      OffsetDateTime at,
      PricedOrder priced,
      Collection<CampaignId> exhausted,
      @Nullable List<Discounting.UnusableCoupon> unusable) {
    CurrencyCode currency = priced.lines().getFirst().line().unitPrice().currency();
    return new PricedOrderView(
        orderId,
        policy,
        at,
        new Money(priced.listPrice(), currency),
        new Money(priced.discount(), currency),
        new Money(priced.finalPrice(), currency),
        priced.lines().stream().map(line -> line(line, currency)).toList(),
        priced.discountByRule().entrySet().stream()
            .map(sum -> new Taken(sum.getKey(), null, new Money(sum.getValue(), currency)))
            .toList(),
        lost(priced.lost()),
        exhausted,
        unusable);
  }

  private static Line line(PricedLine line, CurrencyCode currency) {
    return new Line(
        line.line().sku(),
        line.line().quantity(),
        line.line().unitPrice(),
        line.line().category(),
        new Money(line.line().listPrice(), currency),
        line.adjustments().stream()
            .map(
                taken ->
                    new Taken(taken.rule(), taken.campaign(), new Money(taken.amount(), currency)))
            .toList(),
        new Money(line.finalPrice(), currency),
        lost(line.lost()));
  }

  private static List<Lost> lost(List<LostRule> lost) {
    return lost.stream()
        .map(loser -> new Lost(loser.rule(), word(loser.reason()), loser.winner()))
        .toList();
  }

  /** A reason as callers are told it, in kebab case. */
  public static String word(LostRule.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
