package io.bincard.domain.pricing;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.LostRule.Reason;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A policy, ready to price carts.
 *
 * <ol>
 *   <li>The rules that are about the cart are found, and those whose conditions fail are put aside
 *       with the first reason.
 *   <li>Rules on lines: an exclusive one, by priority, takes for itself each of its lines that it
 *       saves on, and those whose units or price it counted to do so. On every other line that
 *       group or best deal applies which saves most there; of equals the one whose first rule has
 *       the higher priority.
 *   <li>Rules on the order do the same with the order as a whole, but for lines that an exclusive
 *       rule took.
 * </ol>
 *
 * <p>Units that a rule counts (tiers, buy and get) are those of its lines that no exclusive rule
 * took; {@link io.bincard.domain.policy.Conditions#minQuantity} counts all lines of its scope. What
 * {@link Rule#maxPerOrder} allows is shared out before rules compete.
 */
public final class Pricing {

  /** Pairs of a line and a rule that is about it, of one cart at most. */
  public static final int MAX_TOUCHES = 50_000;

  private final CurrencyCode currency;
  private final RuleIndex index;
  private final boolean hasCampaigns;
  private final Set<CampaignId> limitedPerCustomer = new HashSet<>();

  public Pricing(DiscountPolicy policy) {
    currency = policy.currency();
    index = new RuleIndex(policy);
    hasCampaigns = !policy.campaigns().isEmpty();
    for (Campaign campaign : policy.campaigns()) {
      if (campaign.usesPerCustomer() != null) {
        limitedPerCustomer.add(campaign.id());
      }
    }
  }

  /** Of every amount of the policy; carts in another cannot be priced by it. */
  public CurrencyCode currency() {
    return currency;
  }

  /** The rules that ask for {@code coupon}, valid now or not, by priority. */
  public List<RuleId> rulesOf(CouponCode coupon) {
    return index.rulesOf(coupon);
  }

  /**
   * The price of {@code cart}.
   *
   * @param at the moment, by the clocks of the policy's zone: its instant decides on validity, its
   *     local time on recurring hours
   * @param exhausted whether a campaign has nothing left for this order; asked only of campaigns
   *     whose rules are about the cart at this time
   * @throws IllegalArgumentException if the cart has another {@link #currency()}
   * @throws TooManyRulesException if there are more than {@value #MAX_TOUCHES} pairs of a line and
   *     a rule that is about it
   */
  public PricedOrder price(Cart cart, OffsetDateTime at, Predicate<CampaignId> exhausted) {
    if (!cart.currency().equals(currency)) {
      throw new IllegalArgumentException(
          "a policy in " + currency + " cannot price a cart in " + cart.currency());
    }
    Touches touches = index.touches(cart);
    PricingRun run = new PricingRun(cart, touches, index::category);
    Moment moment = new Moment(at);
    for (int number = 0; number < touches.size(); number++) {
      ReadyRule rule = touches.rule(number);
      Reason obstacle = moment.obstacle(rule);
      if (obstacle == null) {
        obstacle = campaignObstacle(rule, cart, exhausted);
      }
      if (obstacle == null && rule.isConditional() && !run.reachesQuantity(number)) {
        obstacle = Reason.MINIMUM_QUANTITY_NOT_REACHED;
      }
      if (obstacle != null) {
        run.lost(number, obstacle);
      }
    }
    run.applyToLines();
    run.applyToOrder();
    return run.priced();
  }

  /** {@link #price(Cart, OffsetDateTime, Predicate)} without the campaigns {@code exhausted}. */
  public PricedOrder price(Cart cart, OffsetDateTime at, Set<CampaignId> exhausted) {
    return price(cart, at, exhausted::contains);
  }

  /**
   * The campaigns of the rules about {@code cart}, valid now or not.
   *
   * @throws TooManyRulesException as a price of it would
   */
  public Set<CampaignId> campaigns(Cart cart) {
    if (!hasCampaigns) {
      return Set.of();
    }
    Set<CampaignId> campaigns = new HashSet<>();
    Touches touches = index.touches(cart);
    for (int number = 0; number < touches.size(); number++) {
      CampaignId campaign = touches.rule(number).campaign();
      if (campaign != null) {
        campaigns.add(campaign);
      }
    }
    return campaigns;
  }

  private @Nullable Reason campaignObstacle(
      ReadyRule rule, Cart cart, Predicate<CampaignId> exhausted) {
    CampaignId campaign = rule.campaign();
    if (campaign == null) {
      return null;
    }
    if (cart.customer() == null && limitedPerCustomer.contains(campaign)) {
      return Reason.CUSTOMER_UNKNOWN;
    }
    return exhausted.test(campaign) ? Reason.CAMPAIGN_EXHAUSTED : null;
  }
}
