package io.bincard.domain.policy;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.stock.Sku;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All rules that are in force together.
 *
 * @param currency of every amount in it
 * @param zone whose clocks and calendar recurring hours follow
 * @param categories what each SKU is sold as, unless its line says otherwise
 */
public record DiscountPolicy(
    CurrencyCode currency,
    ZoneId zone,
    Map<Sku, CategoryId> categories,
    List<Campaign> campaigns,
    List<Rule> rules) {

  /**
   * @throws InvalidValueException if an id stands twice, a rule names a campaign that there is not,
   *     or an amount has another currency
   */
  public DiscountPolicy {
    categories = Map.copyOf(categories);
    campaigns = List.copyOf(campaigns);
    rules = List.copyOf(rules);
    Set<CampaignId> known = distinct(campaigns.stream().map(Campaign::id).toList(), "campaign");
    distinct(rules.stream().map(Rule::id).toList(), "rule");
    for (Rule rule : rules) {
      if (rule.campaign() != null && !known.contains(rule.campaign())) {
        throw new InvalidValueException("a rule must name a campaign of its policy");
      }
    }
    CurrencyCode own = currency;
    if (!amounts(campaigns, rules).allMatch(money -> money.currency().equals(own))) {
      throw new InvalidValueException("every amount of a policy must have its currency");
    }
  }

  private static <T> Set<T> distinct(List<T> ids, String kind) {
    Set<T> distinct = new HashSet<>(ids);
    if (distinct.size() < ids.size()) {
      throw new InvalidValueException("no " + kind + " may stand twice in a policy");
    }
    return distinct;
  }

  private static Stream<Money> amounts(List<Campaign> campaigns, List<Rule> rules) {
    return Stream.concat(
        campaigns.stream().map(Campaign::budget).filter(budget -> budget != null),
        rules.stream().flatMap(DiscountPolicy::amounts));
  }

  private static Stream<Money> amounts(Rule rule) {
    return Stream.concat(
        Stream.of(rule.maxPerOrder(), rule.conditions().minOrder()).filter(limit -> limit != null),
        switch (rule.benefit()) {
          case Benefit.PerUnit perUnit -> amounts(perUnit);
          case Benefit.VolumeTiers tiers -> amounts(tiers.tiers());
          case Benefit.GraduatedTiers tiers -> amounts(tiers.tiers());
          case Benefit.BuyGet buyGet -> Stream.empty();
          case Benefit.OrderPercentOff percent -> Stream.empty();
          case Benefit.OrderAmountOff amount -> Stream.of(amount.off());
        });
  }

  private static Stream<Money> amounts(List<Benefit.Tier> tiers) {
    return tiers.stream().flatMap(tier -> amounts(tier.benefit()));
  }

  private static Stream<Money> amounts(Benefit.PerUnit benefit) {
    return switch (benefit) {
      case Benefit.PercentOff percent -> Stream.empty();
      case Benefit.AmountOff amount -> Stream.of(amount.off());
      case Benefit.FixedPrice fixed -> Stream.of(fixed.price());
    };
  }

  /** The campaign of {@code id}; {@code null} if there is none. */
  public @Nullable Campaign campaign(CampaignId id) {
    return campaigns.stream().filter(campaign -> campaign.id().equals(id)).findFirst().orElse(null);
  }
}
