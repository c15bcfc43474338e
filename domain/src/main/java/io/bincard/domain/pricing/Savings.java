package io.bincard.domain.pricing;

import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.Money;
import io.bincard.domain.money.Rounding;
import io.bincard.domain.money.Shares;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Benefit.BuyGet;
import io.bincard.domain.policy.Benefit.PerUnit;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.stock.Sku;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the benefits of rules come to on the lines of one cart, in minor units: never more than
 * there is to pay for a line.
 */
final class Savings {

  private final List<CartLine> cart;
  private final Touches touches;
  private final Function<CartLine, @Nullable CategoryId> categories;

  /** What a rule takes off the line at the same place of {@link Touches}. */
  private final long[] saved;

  Savings(
      List<CartLine> cart, Touches touches, Function<CartLine, @Nullable CategoryId> categories) {
    this.cart = cart;
    this.touches = touches;
    this.categories = categories;
    this.saved = new long[touches.places()];
  }

  /** What was found out for the line at {@code place}. */
  long at(int place) {
    return saved[place];
  }

  /**
   * Finds out what the rule {@code number} takes off each of its lines.
   *
   * @param prices what is to be paid for each line of the cart before it
   * @return what that comes to
   */
  long find(int number, long[] prices) {
    ReadyRule rule = touches.rule(number);
    if (rule.isPercentage()) {
      return percentage(number, rule.percentOff(), prices);
    }
    int from = touches.from(number);
    int to = touches.to(number);
    switch (rule.benefit()) {
      case PerUnit benefit -> {
        for (int place = from; place < to; place++) {
          int line = touches.line(place);
          saved[place] = perUnit(benefit, prices[line], units(line));
        }
      }
      case Benefit.VolumeTiers(List<Tier> tiers) -> volume(from, to, prices, tiers);
      case Benefit.GraduatedTiers(List<Tier> tiers) -> graduated(from, to, prices, tiers);
      case BuyGet buyGet -> buyGet(from, to, prices, buyGet);
      case Benefit.OrderPercentOff(var off) -> {
        long[] weights = ofLines(from, to, prices);
        put(from, Shares.of(off.of(sum(weights)), weights));
      }
      case Benefit.OrderAmountOff(Money off) -> {
        put(from, ofLines(from, to, prices));
        cap(from, to, off.amount());
      }
    }
    if (rule.maxPerOrder() != null) {
      cap(from, to, rule.maxPerOrder().amount());
    }
    return total(number);
  }

  /** What most rules of most policies are. */
  private long percentage(int number, int off, long[] prices) {
    long total = 0;
    int to = touches.to(number);
    for (int place = touches.from(number); place < to; place++) {
      long saving = Rounding.halfEven(prices[touches.line(place)], off, BasisPoints.WHOLE);
      saved[place] = saving;
      total += saving;
    }
    return total;
  }

  /** What the rule {@code number} takes off all its lines, as it was found out. */
  long total(int number) {
    long total = 0;
    int to = touches.to(number);
    for (int place = touches.from(number); place < to; place++) {
      total += saved[place];
    }
    return total;
  }

  /** Shares {@code most} out over what was saved, if that comes to more. */
  private void cap(int from, int to, long most) {
    long[] amounts = Arrays.copyOfRange(saved, from, to);
    if (sum(amounts) > most) {
      put(from, Shares.of(most, amounts));
    }
  }

  private void put(int from, long[] amounts) {
    for (int i = 0; i < amounts.length; i++) {
      saved[from + i] = amounts[i];
    }
  }

  private long[] ofLines(int from, int to, long[] prices) {
    long[] own = new long[to - from];
    for (int i = 0; i < own.length; i++) {
      own[i] = prices[touches.line(from + i)];
    }
    return own;
  }

  /** What {@code amounts} come to. */
  static long sum(long[] amounts) {
    long sum = 0;
    for (long amount : amounts) {
      sum += amount;
    }
    return sum;
  }

  /**
   * Whether the rule {@code number} saved on its line at {@code place}, or counted its units or its
   * price to save on another.
   */
  boolean needs(int number, int place) {
    ReadyRule rule = touches.rule(number);
    if (saved[place] > 0 || rule.maxPerOrder() != null) {
      return true;
    }
    return switch (rule.benefit()) {
      case PerUnit benefit -> false;
      case Benefit.VolumeTiers tiers -> savesOnSku(number, place);
      case Benefit.GraduatedTiers tiers -> savesOnSku(number, place);
      case BuyGet buyGet -> true;
      case Benefit.OnOrder benefit -> true;
    };
  }

  private boolean savesOnSku(int number, int place) {
    Sku sku = sku(place);
    for (int other = touches.from(number); other < touches.to(number); other++) {
      if (saved[other] > 0 && sku(other).equals(sku)) {
        return true;
      }
    }
    return false;
  }

  private Sku sku(int place) {
    return cart.get(touches.line(place)).sku();
  }

  private long units(int line) {
    return cart.get(line).quantity().units();
  }

  /** What {@code benefit} takes off {@code units} that cost {@code price} together. */
  private static long perUnit(PerUnit benefit, long price, long units) {
    return switch (benefit) {
      case Benefit.PercentOff(var off) -> off.of(price);
      case Benefit.AmountOff(Money off) -> Math.min(price, times(off.amount(), units));
      case Benefit.FixedPrice(Money fixed) -> Math.max(0, price - times(fixed.amount(), units));
    };
  }

  /** The product, or the largest long if that is too small for it. Neither factor is negative. */
  private static long times(long amount, long units) {
    return Math.multiplyHigh(amount, units) == 0 && amount * units >= 0
        ? amount * units
        : Long.MAX_VALUE;
  }

  private void volume(int from, int to, long[] prices, List<Tier> tiers) {
    Map<Sku, Long> counted = new HashMap<>();
    for (int place = from; place < to; place++) {
      counted.merge(sku(place), units(touches.line(place)), Long::sum);
    }
    for (int place = from; place < to; place++) {
      int line = touches.line(place);
      Tier reached = null;
      for (Tier tier : tiers) {
        reached = tier.from() <= counted.getOrDefault(sku(place), 0L) ? tier : reached;
      }
      saved[place] = reached == null ? 0 : perUnit(reached.benefit(), prices[line], units(line));
    }
  }

  private void graduated(int from, int to, long[] prices, List<Tier> tiers) {
    Map<Sku, Long> counted = new HashMap<>();
    for (int place = from; place < to; place++) {
      int line = touches.line(place);
      long before = counted.getOrDefault(sku(place), 0L);
      long after = before + units(line);
      counted.put(sku(place), after);
      saved[place] = 0;
      for (int t = 0; t < tiers.size(); t++) {
        long next = t + 1 < tiers.size() ? tiers.get(t + 1).from() - 1 : Long.MAX_VALUE;
        long begin = Math.max(before, tiers.get(t).from() - 1);
        long end = Math.min(after, next);
        if (begin < end) {
          long slice = upTo(end - before, line, prices) - upTo(begin - before, line, prices);
          saved[place] += perUnit(tiers.get(t).benefit(), slice, end - begin);
        }
      }
    }
  }

  /** What the first {@code units} of {@code line} cost, rounded half even. */
  private long upTo(long units, int line, long[] prices) {
    return Rounding.halfEven(prices[line], units, units(line));
  }

  private void buyGet(int from, int to, long[] prices, BuyGet benefit) {
    Scope rewards = benefit.rewards();
    int[] all = IntStream.range(from, to).map(touches::line).toArray();
    int[] rewarded =
        rewards == null ? all : IntStream.of(all).filter(line -> isIn(rewards, line)).toArray();
    long units = IntStream.of(rewarded).mapToLong(this::units).sum();
    long times;
    if (rewards == null) {
      times = units / (benefit.buy() + benefit.get());
    } else {
      long bought = IntStream.of(all).mapToLong(this::units).sum() - units;
      times = Math.min(bought / benefit.buy(), Math.ceilDiv(units, benefit.get()));
    }
    if (benefit.times() != null) {
      times = Math.min(times, benefit.times());
    }
    long[] byLine = new long[prices.length];
    long left = Math.min(units, times * benefit.get());
    for (int line : cheapestFirst(rewarded)) {
      long cheaper = Math.min(left, units(line));
      byLine[line] = benefit.off().of(upTo(cheaper, line, prices));
      left -= cheaper;
    }
    put(from, ofLines(from, to, byLine));
  }

  private boolean isIn(Scope scope, int line) {
    return scope.covers(cart.get(line), categories.apply(cart.get(line)));
  }

  /** By list price. */
  private List<Integer> cheapestFirst(int[] lines) {
    return IntStream.of(lines)
        .boxed()
        .sorted(Comparator.comparingLong(line -> cart.get(line).unitPrice().amount()))
        .toList();
  }
}
