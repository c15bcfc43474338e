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
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
    return switch (price(id, cart, command.onExhausted(), now)) {
      case Price.Refused(DiscountRejection rejection) -> reject(rejection);
      case Price.Offered(Offer offer) -> {
        if (!offer.unusable().isEmpty()) {
          UnusableCoupon first = offer.unusable().getFirst();
          yield reject(new CouponNotApplicable(id, first.coupon(), first.reason()));
        }
        if (!offer.shortages().isEmpty()) {
          Shortage first = offer.shortages().getFirst();
          yield reject(
              new BudgetExhausted(
                  id, first.campaign(), first.limit(), first.requested(), first.left()));
        }
        DiscountApplied applied = applied(id, cart, offer, command.releaseStage(), now);
        List<DiscountEvent> events = new ArrayList<>();
        events.add(applied);
        events.addAll(payments(id, cart, offer.priced()));
        yield new Decision.Accepted<>(events);
      }
    };
  }

  /** What is said of a price: that there is none, or what it is. */
  public sealed interface Price {
    record Refused(DiscountRejection rejection) implements Price {}

    /** It may be short of budget, or have coupons that were shown for nothing. */
    record Offered(Offer offer) implements Price {}
  }

  /** The price of {@code cart} at {@code now}, as the order {@code id} would have it. */
  public Price price(OrderId id, Cart cart, OnExhausted onExhausted, Instant now) {
    if (policy == null) {
      return new Price.Refused(new NoPolicyInForce(id));
    }
    if (!cart.currency().equals(policy.pricing().currency())) {
      return new Price.Refused(
          new CurrencyNotSold(id, cart.currency(), policy.pricing().currency()));
    }
    try {
      return new Price.Offered(offer(policy, cart, policy.at(now), onExhausted));
    } catch (TooManyRulesException e) {
      return new Price.Refused(new TooManyRules(id, Pricing.MAX_TOUCHES));
    }
  }

  /**
   * The record of a price that was offered by the policy at {@code now}.
   *
   * @throws NullPointerException if there is no policy, so that nothing was offered
   */
  public DiscountApplied applied(
      OrderId id, Cart cart, Offer offer, ReleaseStage stage, Instant now) {
    PolicyVersion version = Objects.requireNonNull(policy);
    return new DiscountApplied(
        id,
        version.fingerprint(),
        version.at(now),
        cart.customer(),
        cart.coupons(),
        offer.exhausted(),
        offer.priced(),
        stage == ReleaseStage.STABLE ? null : stage);
  }

  /**
   * The holds whose end has to be written down before {@code event}, which was decided on at {@code
   * now}, may follow: without them more than there is would be promised in the books.
   *
   * @param event takes from an account of a campaign of the policy
   */
  public Set<HoldId> overdue(DiscountEvent.OfAccount event, Instant now) {
    CampaignAccount account = accounts.apply(event.account());
    Campaign campaign =
        policy == null ? null : policy.policy().campaign(event.account().campaign());
    if (campaign == null || (account.reserved().isEmpty() && account.reservedUses().isEmpty())) {
      return Set.of();
    }
    Set<HoldId> overdue = new LinkedHashSet<>();
    boolean ofAll = event.account().customer() == null;
    Long uses = ofAll ? campaign.uses() : campaign.usesPerCustomer();
    Reservations reservedUses = account.reservedUses();
    if (uses != null && account.uses() + reservedUses.total() >= uses) {
      overdue.addAll(reservedUses.lapsed(now, account.uses() + reservedUses.total() + 1 - uses));
    }
    if (ofAll) {
      Reservations reserved = account.reserved(event.amount().currency());
      long missing =
          account.spent(event.amount().currency())
              + reserved.total()
              + event.amount().amount()
              - budget(campaign);
      if (missing > 0) {
        overdue.addAll(reserved.lapsed(now, missing));
      }
    }
    return overdue;
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
   * @param shortages why it cannot be kept, by campaign; empty if it can
   * @param unusable coupons that were shown for nothing, in order
   */
  public record Offer(
      PricedOrder priced,
      Set<CampaignId> exhausted,
      List<Shortage> shortages,
      List<UnusableCoupon> unusable) {}

  /**
   * A coupon that does not apply to the order at its time.
   *
   * @param reason of the first rule that asks for it; {@code null} if none is about the order
   */
  public record UnusableCoupon(CouponCode coupon, LostRule.@Nullable Reason reason) {}

  private Offer offer(
      PolicyVersion version, Cart cart, OffsetDateTime at, OnExhausted onExhausted) {
    Instant now = at.toInstant();
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
                          id -> isUsedUp(version.policy(), id, cart.customer(), onExhausted, now)));
      List<Shortage> shortages = shortages(version.policy(), priced, now);
      if (shortages.isEmpty() || onExhausted == OnExhausted.REJECT) {
        exhausted.values().removeIf(gone -> !gone);
        return new Offer(
            priced,
            exhausted.keySet(),
            shortages,
            unusableCoupons(version, cart, priced, onExhausted));
      }
      exhausted.put(shortages.getFirst().campaign(), true);
    }
  }

  /**
   * Whether {@code customer} has used the campaign {@code id} as often as a customer may, or, where
   * an order does without such campaigns, it has nothing left for anybody.
   */
  private boolean isUsedUp(
      DiscountPolicy rules,
      CampaignId id,
      @Nullable CustomerId customer,
      OnExhausted onExhausted,
      Instant now) {
    Campaign campaign = Objects.requireNonNull(rules.campaign(id));
    Long most = campaign.usesPerCustomer();
    if (customer != null
        && most != null
        && accounts.apply(new AccountId(id, customer)).takenUses(now) >= most) {
      return true;
    }
    return onExhausted == OnExhausted.SKIP
        && shortage(campaign, rules.currency(), 1, now)
            instanceof Shortage(var of, var limit, var asked, long left)
        && left == 0;
  }

  /** The campaigns that cannot pay their part of {@code priced}, by id. */
  private List<Shortage> shortages(DiscountPolicy rules, PricedOrder priced, Instant now) {
    List<Shortage> shortages = new ArrayList<>();
    priced
        .discountByCampaign()
        .forEach(
            (id, amount) -> {
              Campaign campaign = Objects.requireNonNull(rules.campaign(id));
              Shortage shortage = shortage(campaign, rules.currency(), amount, now);
              if (shortage != null) {
                shortages.add(shortage);
              }
            });
    shortages.sort(Comparator.comparing(shortage -> shortage.campaign().value()));
    return shortages;
  }

  /** Why {@code campaign} cannot pay {@code amount} at {@code now}; {@code null} if it can. */
  private @Nullable Shortage shortage(
      Campaign campaign, CurrencyCode currency, long amount, Instant now) {
    CampaignAccount account = accounts.apply(new AccountId(campaign.id(), null));
    Long uses = campaign.uses();
    if (uses != null && account.takenUses(now) >= uses) {
      return new Shortage(campaign.id(), Limit.USES, 1, 0);
    }
    long left = budget(campaign) - account.taken(currency, now);
    return amount > left
        ? new Shortage(campaign.id(), Limit.MONEY, amount, Math.max(0, left))
        : null;
  }

  private static long budget(Campaign campaign) {
    return campaign.budget() == null ? Money.MAX : campaign.budget().amount();
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
