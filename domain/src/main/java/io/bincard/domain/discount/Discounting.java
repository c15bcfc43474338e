package io.bincard.domain.discount;

import static io.bincard.domain.Decision.reject;

import io.bincard.domain.Decision;
import io.bincard.domain.cart.Cart;
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
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.pricing.TooManyRulesException;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides on the discounts of orders; pure.
 *
 * @param policy by which orders are priced, {@code null} if none was ever put in force
 * @param accounts what campaigns spent so far; asked only for campaigns of the policy, or for those
 *     that paid for the order
 */
public record Discounting(
    @Nullable PolicyVersion policy, Function<AccountId, CampaignAccount> accounts) {

  /** Decides on {@code command} for {@code order} at {@code now}. */
  public Decision<DiscountEvent, DiscountRejection> decide(
      DiscountCommand command, OrderDiscount order, ExpectedVersion expected, Instant now) {
    OrderId id = command.orderId();
    if (expected instanceof ExpectedVersion.Exactly(long version) && version != order.version()) {
      return reject(new StaleOrderVersion(id, version, order.version()));
    }
    return switch (command) {
      case ApplyDiscount c ->
          order.applied() ? reject(new DiscountAlreadyApplied(id)) : apply(c, now);
      case RevokeDiscount c ->
          order.applied() ? revoke(id, order) : reject(new DiscountNotApplied(id));
    };
  }

  private Decision<DiscountEvent, DiscountRejection> apply(ApplyDiscount command, Instant now) {
    OrderId id = command.orderId();
    Cart cart = command.cart();
    if (policy == null) {
      return reject(new NoPolicyInForce(id));
    }
    if (!cart.currency().equals(policy.pricing().currency())) {
      return reject(new CurrencyNotSold(id, cart.currency(), policy.pricing().currency()));
    }
    OffsetDateTime at = policy.at(now);
    Offer offer;
    try {
      offer = offer(policy, cart, at, command.onExhausted());
    } catch (TooManyRulesException e) {
      return reject(new TooManyRules(id, Pricing.MAX_TOUCHES));
    }
    if (!offer.unusable().isEmpty()) {
      UnusableCoupon first = offer.unusable().getFirst();
      return reject(new CouponNotApplicable(id, first.coupon(), first.reason()));
    }
    Shortage shortage = offer.shortage();
    if (shortage != null) {
      return reject(
          new BudgetExhausted(
              id, shortage.campaign(), shortage.limit(), shortage.requested(), shortage.left()));
    }
    List<DiscountEvent> events = new ArrayList<>();
    events.add(
        new DiscountApplied(
            id,
            policy.fingerprint(),
            at,
            cart.customer(),
            cart.coupons(),
            offer.exhausted(),
            offer.priced(),
            command.releaseStage() == ReleaseStage.STABLE ? null : command.releaseStage()));
    events.addAll(payments(id, cart, offer.priced()));
    return new Decision.Accepted<>(events);
  }

  /** What each campaign pays for an order, on its own account and on the customer's. */
  public static List<BudgetSpent> payments(OrderId id, Cart cart, PricedOrder priced) {
    List<BudgetSpent> payments = new ArrayList<>();
    priced
        .discountByCampaign()
        .forEach(
            (campaign, amount) -> {
              Money spent = new Money(amount, cart.currency());
              payments.add(new BudgetSpent(campaign, null, id, spent));
              if (cart.customer() != null) {
                payments.add(new BudgetSpent(campaign, cart.customer(), id, spent));
              }
            });
    return payments;
  }

  private static Decision<DiscountEvent, DiscountRejection> revoke(
      OrderId id, OrderDiscount order) {
    List<DiscountEvent> events = new ArrayList<>();
    events.add(new DiscountRevoked(id));
    order
        .paid()
        .forEach(
            (campaign, amount) -> {
              events.add(new BudgetReleased(campaign, null, id, amount));
              if (order.customer() != null) {
                events.add(new BudgetReleased(campaign, order.customer(), id, amount));
              }
            });
    return new Decision.Accepted<>(events);
  }

  /**
   * The price that {@code cart} would have at {@code at} by {@code version} of the policy, without
   * the campaigns that could not pay for it; nothing is taken.
   *
   * @throws IllegalArgumentException if the policy has another currency
   * @throws TooManyRulesException if more rules are about the cart than can be told
   */
  public Offer quote(PolicyVersion version, Cart cart, OffsetDateTime at) {
    return offer(version, cart, at, OnExhausted.SKIP);
  }

  /** A campaign that has less left than is asked of it. */
  public record Shortage(CampaignId campaign, Limit limit, long requested, long left) {}

  /**
   * A price.
   *
   * @param exhausted the campaigns that it does without
   * @param shortage why it cannot be kept, {@code null} if it can
   * @param unusable coupons that were shown for nothing, in order
   */
  public record Offer(
      PricedOrder priced,
      Set<CampaignId> exhausted,
      @Nullable Shortage shortage,
      List<UnusableCoupon> unusable) {}

  /**
   * A coupon that does not apply to the order at its time.
   *
   * @param reason of the first rule that asks for it; {@code null} if none is about the order
   */
  public record UnusableCoupon(CouponCode coupon, LostRule.@Nullable Reason reason) {}

  private Offer offer(
      PolicyVersion version, Cart cart, OffsetDateTime at, OnExhausted onExhausted) {
    Map<CampaignId, Boolean> exhausted = new HashMap<>();
    while (true) {
      PricedOrder priced =
          version
              .pricing()
              .price(
                  cart,
                  at,
                  campaign ->
                      exhausted.computeIfAbsent(
                          campaign,
                          id -> isUsedUp(version.policy(), id, cart.customer(), onExhausted)));
      Shortage shortage = shortage(version.policy(), priced);
      if (shortage == null || onExhausted == OnExhausted.REJECT) {
        exhausted.values().removeIf(gone -> !gone);
        return new Offer(
            priced,
            exhausted.keySet(),
            shortage,
            unusableCoupons(version, cart, priced, onExhausted));
      }
      exhausted.put(shortage.campaign(), true);
    }
  }

  /**
   * Whether {@code customer} has used the campaign {@code id} as often as a customer may, or, where
   * an order does without such campaigns, it has nothing left for anybody.
   */
  private boolean isUsedUp(
      DiscountPolicy rules, CampaignId id, @Nullable CustomerId customer, OnExhausted onExhausted) {
    Campaign campaign = Objects.requireNonNull(rules.campaign(id));
    Long most = campaign.usesPerCustomer();
    if (customer != null
        && most != null
        && accounts.apply(new AccountId(id, customer)).uses() >= most) {
      return true;
    }
    return onExhausted == OnExhausted.SKIP
        && shortage(campaign, rules.currency(), 1)
            instanceof Shortage(var of, var limit, var asked, long left)
        && left == 0;
  }

  /**
   * The first campaign, by id, that cannot pay its part of {@code priced}; {@code null} if all can.
   */
  private @Nullable Shortage shortage(DiscountPolicy rules, PricedOrder priced) {
    Shortage first = null;
    for (Map.Entry<CampaignId, Long> part : priced.discountByCampaign().entrySet()) {
      Campaign campaign = Objects.requireNonNull(rules.campaign(part.getKey()));
      Shortage shortage = shortage(campaign, rules.currency(), part.getValue());
      if (shortage != null
          && (first == null
              || shortage.campaign().value().compareTo(first.campaign().value()) < 0)) {
        first = shortage;
      }
    }
    return first;
  }

  /** Why {@code campaign} cannot pay {@code amount}; {@code null} if it can. */
  private @Nullable Shortage shortage(Campaign campaign, CurrencyCode currency, long amount) {
    CampaignAccount account = accounts.apply(new AccountId(campaign.id(), null));
    Long uses = campaign.uses();
    if (uses != null && account.uses() >= uses) {
      return new Shortage(campaign.id(), Limit.USES, 1, 0);
    }
    long budget = campaign.budget() == null ? Money.MAX : campaign.budget().amount();
    long left = budget - account.spent(currency);
    return amount > left
        ? new Shortage(campaign.id(), Limit.MONEY, amount, Math.max(0, left))
        : null;
  }

  private static List<UnusableCoupon> unusableCoupons(
      PolicyVersion version, Cart cart, PricedOrder priced, OnExhausted onExhausted) {
    List<UnusableCoupon> unusable = new ArrayList<>();
    for (CouponCode coupon : cart.coupons()) {
      List<RuleId> rules = version.pricing().rulesOf(coupon);
      Map<RuleId, LostRule.Reason> failed = new HashMap<>();
      for (LostRule lost : priced.lost()) {
        if (rules.contains(lost.rule()) && !isForgiven(lost.reason(), onExhausted)) {
          failed.put(lost.rule(), lost.reason());
        }
      }
      if (failed.size() == rules.stream().filter(priced::isAbout).count()) {
        unusable.add(
            new UnusableCoupon(
                coupon,
                rules.stream()
                    .filter(failed::containsKey)
                    .findFirst()
                    .map(failed::get)
                    .orElse(null)));
      }
    }
    return unusable;
  }

  /** Whether a coupon's rule may lose for {@code reason} and the order be priced nevertheless. */
  private static boolean isForgiven(LostRule.Reason reason, OnExhausted onExhausted) {
    return switch (reason) {
      case EXCLUDED, BETTER_DEAL -> true;
      case CAMPAIGN_EXHAUSTED -> onExhausted == OnExhausted.SKIP;
      case NOT_YET_VALID,
          EXPIRED,
          OUTSIDE_HOURS,
          CUSTOMER_UNKNOWN,
          MINIMUM_QUANTITY_NOT_REACHED,
          MINIMUM_ORDER_NOT_REACHED,
          NOTHING_TO_SAVE ->
          false;
    };
  }
}
