package io.bincard.domain.pricing;

import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Benefit.BuyGet;
import io.bincard.domain.policy.Benefit.PerUnit;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.policy.WeeklyHours;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prices a cart as the documents say, rule by rule and unit by unit, without a thought for speed:
 * what {@link Pricing} comes to must be the same.
 */
final class ReferencePricer {

  private final PricingCase it;
  private final List<CartLine> lines;
  private final Map<Integer, BigInteger> toPay = new TreeMap<>();
  private final Set<Integer> takenAlone = new HashSet<>();

  private ReferencePricer(PricingCase it) {
    this.it = it;
    this.lines = it.cart().lines();
    for (int line = 0; line < lines.size(); line++) {
      toPay.put(
          line,
          BigInteger.valueOf(lines.get(line).unitPrice().amount())
              .multiply(BigInteger.valueOf(units(line))));
    }
  }

  /** What is to be paid for each line. */
  static List<Long> price(PricingCase it) {
    ReferencePricer pricer = new ReferencePricer(it);
    pricer.priceLines();
    pricer.priceOrder();
    return pricer.toPay.values().stream().map(BigInteger::longValueExact).toList();
  }

  private void priceLines() {
    List<Rule> rules = valid(false);
    for (Rule rule : rules) {
      if (rule.stacking() instanceof Stacking.Exclusive) {
        Map<Integer, BigInteger> saved = saved(rule, toPay);
        takenAlone.addAll(takenBy(rule, saved));
        takeOff(saved, toPay);
      }
    }
    List<Map<Integer, BigInteger>> deals = deals(rules);
    for (int line = 0; line < lines.size(); line++) {
      BigInteger most = BigInteger.ZERO;
      for (Map<Integer, BigInteger> deal : deals) {
        most = most.max(deal.getOrDefault(line, BigInteger.ZERO));
      }
      toPay.merge(line, most, BigInteger::subtract);
    }
  }

  private void priceOrder() {
    List<Rule> rules = valid(true);
    for (Rule rule : rules) {
      if (rule.stacking() instanceof Stacking.Exclusive) {
        Map<Integer, BigInteger> saved = saved(rule, toPay);
        if (sum(saved.values()).signum() > 0) {
          takeOff(saved, toPay);
          return;
        }
      }
    }
    Map<Integer, BigInteger> best = Map.of();
    for (Map<Integer, BigInteger> deal : deals(rules)) {
      if (sum(deal.values()).compareTo(sum(best.values())) > 0) {
        best = deal;
      }
    }
    takeOff(best, toPay);
  }

  /**
   * The lines that an exclusive rule has for itself: those that it takes something off; with tiers
   * all of their SKUs; all of its lines if it counts units or money over them.
   */
  private Set<Integer> takenBy(Rule rule, Map<Integer, BigInteger> saved) {
    Set<Integer> taken = new HashSet<>();
    saved.forEach(
        (line, amount) -> {
          if (amount.signum() > 0) {
            taken.add(line);
          }
        });
    if (!taken.isEmpty() && (rule.maxPerOrder() != null || rule.benefit() instanceof BuyGet)) {
      return Set.copyOf(linesOf(rule));
    }
    if (rule.benefit() instanceof Benefit.VolumeTiers
        || rule.benefit() instanceof Benefit.GraduatedTiers) {
      Set<Integer> withTheirs = new HashSet<>();
      for (int line : linesOf(rule)) {
        if (taken.stream().anyMatch(each -> sku(each).equals(sku(line)))) {
          withTheirs.add(line);
        }
      }
      return withTheirs;
    }
    return taken;
  }

  private static void takeOff(Map<Integer, BigInteger> saved, Map<Integer, BigInteger> prices) {
    saved.forEach((line, amount) -> prices.merge(line, amount, BigInteger::subtract));
  }

  /**
   * What each best deal, and each group together, would take off, by the priority of the first rule
   * of each.
   */
  private List<Map<Integer, BigInteger>> deals(List<Rule> rules) {
    Map<String, List<Rule>> together = new LinkedHashMap<>();
    for (Rule rule : rules) {
      switch (rule.stacking()) {
        case Stacking.Exclusive _ -> {}
        case Stacking.BestDeal _ -> together.put("alone " + rule.id(), List.of(rule));
        case Stacking.WithinGroup(String group) ->
            together.computeIfAbsent("group " + group, key -> new ArrayList<>()).add(rule);
      }
    }
    List<Map<Integer, BigInteger>> deals = new ArrayList<>();
    for (List<Rule> members : together.values()) {
      Map<Integer, BigInteger> left = new TreeMap<>(toPay);
      Map<Integer, BigInteger> deal = new TreeMap<>();
      for (Rule rule : members) {
        Map<Integer, BigInteger> saved = saved(rule, left);
        takeOff(saved, left);
        saved.forEach((line, amount) -> deal.merge(line, amount, BigInteger::add));
      }
      deals.add(deal);
    }
    return deals;
  }

  // Which rules

  /** Rules on the order, or on lines, whose conditions are true, by priority. */
  private List<Rule> valid(boolean onOrder) {
    return it.policy().rules().stream()
        .filter(rule -> rule.benefit() instanceof Benefit.OnOrder == onOrder)
        .filter(this::isValid)
        .sorted(
            Comparator.comparing((Rule rule) -> -rule.priority())
                .thenComparing(rule -> rule.id().value()))
        .toList();
  }

  private boolean isValid(Rule rule) {
    Conditions conditions = rule.conditions();
    return (conditions.from() == null || !it.at().toInstant().isBefore(conditions.from()))
        && (conditions.until() == null || it.at().toInstant().isBefore(conditions.until()))
        && (conditions.hours().isEmpty() || conditions.hours().stream().anyMatch(this::isOn))
        && (conditions.coupons().isEmpty()
            || !Collections.disjoint(conditions.coupons(), it.cart().coupons()))
        && hasCampaign(rule)
        && unitsIn(rule.scope()) >= conditions.minQuantity()
        && (conditions.minOrder() == null
            || sum(toPay.values()).compareTo(amount(conditions.minOrder())) >= 0);
  }

  private boolean isOn(WeeklyHours hours) {
    LocalDateTime now = it.at().toLocalDateTime();
    for (LocalDate day : List.of(now.toLocalDate(), now.toLocalDate().minusDays(1))) {
      LocalDateTime begin = day.atTime(hours.from());
      LocalDateTime end = day.atTime(hours.until());
      if (!end.isAfter(begin)) {
        end = end.plusDays(1);
      }
      if (hours.days().contains(day.getDayOfWeek()) && !now.isBefore(begin) && now.isBefore(end)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasCampaign(Rule rule) {
    if (rule.campaign() == null) {
      return true;
    }
    Campaign campaign = it.policy().campaign(rule.campaign());
    boolean unknown = it.cart().customer() == null;
    return campaign != null
        && !it.exhausted().contains(campaign.id())
        && !(unknown && campaign.usesPerCustomer() != null);
  }

  // Which lines

  private boolean isIn(@Nullable Scope scope, int line) {
    if (scope == null) {
      return false;
    }
    CartLine own = lines.get(line);
    CategoryId category =
        own.category() != null ? own.category() : it.policy().categories().get(own.sku());
    boolean nothingNamed =
        scope.skus().isEmpty() && scope.categories().isEmpty() && scope.attributes().isEmpty();
    boolean named =
        scope.skus().contains(own.sku())
            || (category != null && scope.categories().contains(category))
            || own.attributes().stream().anyMatch(scope.attributes()::contains);
    boolean excepted =
        scope.exceptSkus().contains(own.sku())
            || (category != null && scope.exceptCategories().contains(category));
    return (nothingNamed || named) && !excepted;
  }

  private static @Nullable Scope rewards(Rule rule) {
    return rule.benefit() instanceof BuyGet buyGet ? buyGet.rewards() : null;
  }

  /** What {@code rule} is about and no exclusive rule has for itself. */
  private List<Integer> linesOf(Rule rule) {
    return IntStream.range(0, lines.size())
        .filter(line -> !takenAlone.contains(line))
        .filter(line -> isIn(rule.scope(), line) || isIn(rewards(rule), line))
        .boxed()
        .toList();
  }

  private long unitsIn(Scope scope) {
    return IntStream.range(0, lines.size())
        .filter(line -> isIn(scope, line))
        .mapToLong(this::units)
        .sum();
  }

  private long units(int line) {
    return lines.get(line).quantity().units();
  }

  private String sku(int line) {
    return lines.get(line).sku().value();
  }

  // How much

  /** What {@code rule} takes off its lines if they cost {@code prices} before it. */
  private Map<Integer, BigInteger> saved(Rule rule, Map<Integer, BigInteger> prices) {
    List<Integer> own = linesOf(rule);
    Map<Integer, BigInteger> saved =
        switch (rule.benefit()) {
          case PerUnit benefit -> {
            Map<Integer, BigInteger> each = new TreeMap<>();
            own.forEach(line -> each.put(line, perUnit(benefit, price(line, prices), units(line))));
            yield each;
          }
          case Benefit.VolumeTiers(var tiers) -> volume(own, prices, tiers);
          case Benefit.GraduatedTiers(var tiers) -> graduated(own, prices, tiers);
          case BuyGet benefit -> buyGet(own, prices, benefit);
          case Benefit.OrderPercentOff(var off) ->
              shared(part(together(own, prices), off.value(), 10_000), weights(own, prices));
          case Benefit.OrderAmountOff(var off) ->
              shared(amount(off).min(together(own, prices)), weights(own, prices));
        };
    BigInteger limit =
        rule.maxPerOrder() == null ? sum(saved.values()) : amount(rule.maxPerOrder());
    return shared(limit.min(sum(saved.values())), saved);
  }

  private static BigInteger price(int line, Map<Integer, BigInteger> prices) {
    return prices.getOrDefault(line, BigInteger.ZERO);
  }

  private static Map<Integer, BigInteger> weights(
      List<Integer> own, Map<Integer, BigInteger> prices) {
    Map<Integer, BigInteger> weights = new TreeMap<>();
    own.forEach(line -> weights.put(line, price(line, prices)));
    return weights;
  }

  private static BigInteger together(List<Integer> own, Map<Integer, BigInteger> prices) {
    return sum(weights(own, prices).values());
  }

  private static BigInteger perUnit(PerUnit benefit, BigInteger price, long units) {
    return switch (benefit) {
      case Benefit.PercentOff(var off) -> part(price, off.value(), 10_000);
      case Benefit.AmountOff(var off) -> amount(off).multiply(BigInteger.valueOf(units)).min(price);
      case Benefit.FixedPrice(var fixed) ->
          price.subtract(amount(fixed).multiply(BigInteger.valueOf(units))).max(BigInteger.ZERO);
    };
  }

  private Map<Integer, BigInteger> volume(
      List<Integer> own, Map<Integer, BigInteger> prices, List<Tier> tiers) {
    Map<Integer, BigInteger> saved = new TreeMap<>();
    for (int line : own) {
      long ofSku =
          own.stream().filter(each -> sku(each).equals(sku(line))).mapToLong(this::units).sum();
      Tier reached = tierOf(ofSku, tiers);
      saved.put(
          line,
          reached == null
              ? BigInteger.ZERO
              : perUnit(reached.benefit(), price(line, prices), units(line)));
    }
    return saved;
  }

  /** The highest tier that begins at {@code units} or before. */
  private static @Nullable Tier tierOf(long units, List<Tier> tiers) {
    Tier reached = null;
    for (Tier tier : tiers) {
      if (tier.from() <= units) {
        reached = tier;
      }
    }
    return reached;
  }

  private Map<Integer, BigInteger> graduated(
      List<Integer> own, Map<Integer, BigInteger> prices, List<Tier> tiers) {
    Map<Integer, BigInteger> saved = new TreeMap<>();
    Map<String, Long> counted = new LinkedHashMap<>();
    for (int line : own) {
      BigInteger sum = BigInteger.ZERO;
      long first = 0; // of the units of the line that lie in the same tier as the one before
      Tier tier = null;
      for (long unit = 0; unit <= units(line); unit++) {
        long number = counted.getOrDefault(sku(line), 0L) + unit + 1;
        Tier next = unit == units(line) ? null : tierOf(number, tiers);
        if (!Objects.equals(next, tier) || unit == units(line)) {
          if (tier != null) {
            BigInteger slice =
                part(price(line, prices), unit, units(line))
                    .subtract(part(price(line, prices), first, units(line)));
            sum = sum.add(perUnit(tier.benefit(), slice, unit - first));
          }
          first = unit;
          tier = next;
        }
      }
      counted.merge(sku(line), units(line), Long::sum);
      saved.put(line, sum);
    }
    return saved;
  }

  private Map<Integer, BigInteger> buyGet(
      List<Integer> own, Map<Integer, BigInteger> prices, BuyGet benefit) {
    List<Integer> cheaper =
        own.stream()
            .filter(line -> benefit.rewards() == null || isIn(benefit.rewards(), line))
            .sorted(Comparator.comparing(line -> lines.get(line).unitPrice().amount()))
            .toList();
    long bought = 0;
    long rewarded = 0;
    for (int line : own) {
      if (cheaper.contains(line)) {
        rewarded += units(line);
      } else {
        bought += units(line);
      }
    }
    long left = 0;
    for (long time = 1; benefit.times() == null || time <= benefit.times(); time++) {
      boolean enough =
          benefit.rewards() == null
              ? rewarded >= time * (benefit.buy() + benefit.get())
              : bought >= time * benefit.buy() && rewarded > left;
      if (!enough) {
        break;
      }
      left += benefit.get();
    }
    Map<Integer, BigInteger> saved = new TreeMap<>();
    own.forEach(line -> saved.put(line, BigInteger.ZERO));
    for (int line : cheaper) {
      long units = Math.min(left, units(line));
      BigInteger cost = part(price(line, prices), units, units(line));
      saved.put(line, part(cost, benefit.off().value(), 10_000));
      left -= units;
    }
    return saved;
  }

  // Money

  private static BigInteger amount(Money money) {
    return BigInteger.valueOf(money.amount());
  }

  private static BigInteger sum(Iterable<BigInteger> amounts) {
    BigInteger sum = BigInteger.ZERO;
    for (BigInteger amount : amounts) {
      sum = sum.add(amount);
    }
    return sum;
  }

  /** {@code amount} times {@code numerator} by {@code denominator}, rounded half even. */
  private static BigInteger part(BigInteger amount, long numerator, long denominator) {
    return part(amount, BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  private static BigInteger part(BigInteger amount, BigInteger numerator, BigInteger denominator) {
    return new BigDecimal(amount.multiply(numerator))
        .divide(new BigDecimal(denominator), 0, RoundingMode.HALF_EVEN)
        .toBigIntegerExact();
  }

  /**
   * {@code total} in proportion to {@code weights}; what rounding leaves over goes to the largest
   * weight, the first of equals, and what that cannot bear to the next.
   */
  private static Map<Integer, BigInteger> shared(
      BigInteger total, Map<Integer, BigInteger> weights) {
    BigInteger all = sum(weights.values());
    Map<Integer, BigInteger> shares = new TreeMap<>();
    weights.forEach(
        (line, weight) ->
            shares.put(line, all.signum() == 0 ? BigInteger.ZERO : part(total, weight, all)));
    List<Map.Entry<Integer, BigInteger>> largestFirst =
        weights.entrySet().stream()
            .sorted(Map.Entry.<Integer, BigInteger>comparingByValue().reversed())
            .toList();
    for (Map.Entry<Integer, BigInteger> each : largestFirst) {
      BigInteger left = total.subtract(sum(shares.values()));
      shares.merge(
          each.getKey(),
          left,
          (share, more) -> share.add(more).max(BigInteger.ZERO).min(each.getValue()));
    }
    return shares;
  }
}
