package io.bincard.domain.pricing;

import static io.bincard.domain.pricing.LostRule.Reason.BETTER_DEAL;
import static io.bincard.domain.pricing.LostRule.Reason.EXCLUDED;
import static io.bincard.domain.pricing.LostRule.Reason.MINIMUM_ORDER_NOT_REACHED;
import static io.bincard.domain.pricing.LostRule.Reason.NOTHING_TO_SAVE;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.RuleId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One cart while it is priced. A rule is its number in {@link Touches}, which is its rank; what
 * belongs to rules and to their lines stands in arrays, for a cart may touch hundreds of them.
 */
final class PricingRun {

  /** No rule. */
  private static final int NONE = -1;

  private final List<CartLine> lines;
  private final Touches touches;
  private final Function<CartLine, @Nullable CategoryId> categories;
  private final Savings savings;

  /** What is left to pay for each line. */
  private final long[] prices;

  /** The exclusive rule that has each line for itself. */
  private final @Nullable RuleId[] takenBy;

  private boolean anyTaken;

  /** The rules that nothing is asked of any more. */
  private final boolean[] out;

  /**
   * The rules that would take something off, in the order in which they are to apply. Those of a
   * group follow one another.
   */
  private final int[] steps;

  private int size;

  /**
   * Of each step the one that leads it: the first of its group, or itself. They apply together or
   * not at all.
   */
  private final int[] leader;

  private final List<List<Adjustment>> adjustments = new ArrayList<>();
  private final List<List<LostRule>> lostOnLine = new ArrayList<>();
  private final List<LostRule> lost = new ArrayList<>();

  PricingRun(Cart cart, Touches touches, Function<CartLine, @Nullable CategoryId> categories) {
    this.lines = cart.lines();
    this.touches = touches;
    this.categories = categories;
    this.savings = new Savings(lines, touches, categories);
    this.prices = new long[lines.size()];
    this.takenBy = new RuleId[lines.size()];
    this.out = new boolean[touches.size()];
    this.steps = new int[touches.size()];
    this.leader = new int[touches.size()];
    int rulesOfALine = touches.places() / lines.size() + 1;
    for (int i = 0; i < prices.length; i++) {
      prices[i] = lines.get(i).listPrice();
      adjustments.add(new ArrayList<>(1));
      lostOnLine.add(new ArrayList<>(rulesOfALine));
    }
  }

  /** Whether the scope of the rule {@code number} has units enough for its condition. */
  boolean reachesQuantity(int number) {
    ReadyRule rule = touches.rule(number);
    long missing = rule.conditions().minQuantity();
    for (int place = touches.from(number); place < touches.to(number) && missing > 0; place++) {
      CartLine line = lines.get(touches.line(place));
      if (rule.scope().covers(line, categories.apply(line))) {
        missing -= line.quantity().units();
      }
    }
    return missing <= 0;
  }

  /** The rule {@code number} does not apply to anything. */
  void lost(int number, LostRule.Reason reason) {
    lost.add(LostRule.by(reason, id(number)));
    out[number] = true;
  }

  private RuleId id(int number) {
    return touches.rule(number).id();
  }

  void applyToLines() {
    long order = Savings.sum(prices);
    for (int number = 0; number < out.length; number++) {
      if (isIn(number, false) && reaches(number, order) && touches.rule(number).isExclusive()) {
        out[number] = true;
        take(number);
      }
    }
    gather(false);
    int[] best = best();
    for (int s = 0; s < size; s++) {
      settle(steps[s], best);
    }
  }

  /** Whether the rule {@code number} is one on the order, or on lines, and still in question. */
  private boolean isIn(int number, boolean onOrder) {
    return !out[number] && touches.rule(number).isOnOrder() == onOrder;
  }

  /** Whether {@code order} reaches the minimum of the rule {@code number}, else it is lost. */
  private boolean reaches(int number, long order) {
    ReadyRule rule = touches.rule(number);
    Money least = rule.isConditional() ? rule.conditions().minOrder() : null;
    if (least == null || order >= least.amount()) {
      return true;
    }
    lost(number, MINIMUM_ORDER_NOT_REACHED);
    return false;
  }

  /** An exclusive rule takes the lines that are left and that it needs for what it saves. */
  private void take(int number) {
    if (!saves(number, prices, NONE)) {
      return;
    }
    for (int place = touches.from(number); place < touches.to(number); place++) {
      if (savings.needs(number, place)) {
        takenBy[touches.line(place)] = id(number);
        anyTaken = true;
      }
    }
    win(number);
  }

  /**
   * Whether the rule {@code number}, behind {@code first} of its group if there is one, takes
   * anything off {@code left} where no exclusive rule is; else it is lost.
   */
  private boolean saves(int number, long[] left, int first) {
    boolean excluded = anyTaken && excludeFromTaken(number);
    if (savings.find(number, left) > 0) {
      return true;
    }
    if (first != NONE && savings.find(number, prices) > 0) {
      lostTo(first, number, BETTER_DEAL);
    } else if (!excluded) { // else it is known on which lines it was
      lost(number, NOTHING_TO_SAVE);
    }
    return false;
  }

  /**
   * Drops the lines of the rule {@code number} that exclusive rules took; says if there are any.
   */
  private boolean excludeFromTaken(int number) {
    boolean any = false;
    for (int place = touches.from(number); place < touches.to(number); place++) {
      int line = touches.line(place);
      RuleId winner = takenBy[line];
      if (winner != null) {
        lostOnLine.get(line).add(LostRule.to(winner, id(number), EXCLUDED));
        any = true;
      }
    }
    if (any) {
      touches.keep(number, line -> takenBy[line] == null);
    }
    return any;
  }

  private void apply(int number, int place) {
    int line = touches.line(place);
    ReadyRule rule = touches.rule(number);
    adjustments.get(line).add(new Adjustment(rule.id(), rule.campaign(), savings.at(place)));
    prices[line] -= savings.at(place);
  }

  /** Makes the rules still in question the steps, a group in the place of its first rule. */
  private void gather(boolean onOrder) {
    size = 0;
    Map<String, List<Integer>> groups = new HashMap<>();
    for (int number = 0; number < out.length; number++) {
      String group = touches.rule(number).group();
      if (group != null && isIn(number, onOrder)) {
        groups.computeIfAbsent(group, key -> new ArrayList<>()).add(number);
      }
    }
    for (int number = 0; number < out.length; number++) {
      if (!isIn(number, onOrder)) {
        continue;
      }
      String group = touches.rule(number).group();
      if (group != null) {
        List<Integer> members = groups.remove(group); // with its first rule all of it
        if (members != null) {
          gather(members);
        }
      } else if (saves(number, prices, NONE)) {
        leader[number] = number;
        steps[size++] = number;
      }
    }
  }

  private void gather(List<Integer> group) {
    long[] left = prices.clone();
    int first = NONE;
    for (int number : group) {
      if (saves(number, left, first)) {
        first = first == NONE ? number : first;
        leader[number] = first;
        steps[size++] = number;
        for (int place = touches.from(number); place < touches.to(number); place++) {
          left[touches.line(place)] -= savings.at(place);
        }
      }
    }
  }

  /** For each line the first of those that together take most off it, of equals the first ones. */
  private int[] best() {
    int[] best = new int[prices.length];
    long[] most = new long[prices.length];
    long[] together = new long[prices.length];
    for (int begin = 0, end; begin < size; begin = end) {
      end = endOf(begin);
      for (int s = begin; s < end; s++) {
        for (int place = touches.from(steps[s]); place < touches.to(steps[s]); place++) {
          together[touches.line(place)] += savings.at(place);
        }
      }
      for (int s = begin; s < end; s++) {
        for (int place = touches.from(steps[s]); place < touches.to(steps[s]); place++) {
          if (savings.at(place) > 0) {
            int line = touches.line(place);
            if (together[line] > most[line]) {
              most[line] = together[line];
              best[line] = steps[s];
            }
            together[line] = 0;
          }
        }
      }
    }
    return best;
  }

  /** Where the steps end that the one at {@code begin} leads. */
  private int endOf(int begin) {
    int end = begin + 1;
    while (end < size && leader[steps[end]] == steps[begin]) {
      end++;
    }
    return end;
  }

  /** Applies the rule {@code number} to the lines that it won with its leader; others it loses. */
  private void settle(int number, int[] best) {
    for (int place = touches.from(number); place < touches.to(number); place++) {
      if (savings.at(place) > 0) {
        int line = touches.line(place);
        if (leader[best[line]] == leader[number]) {
          apply(number, place);
        } else {
          lostOnLine.get(line).add(LostRule.to(id(best[line]), id(number), BETTER_DEAL));
        }
      }
    }
  }

  void applyToOrder() {
    long order = Savings.sum(prices);
    for (int number = 0; number < out.length; number++) {
      if (isIn(number, true)) {
        reaches(number, order);
      }
    }
    for (int number = 0; number < out.length; number++) {
      if (isIn(number, true) && touches.rule(number).isExclusive()) {
        out[number] = true;
        if (saves(number, prices, NONE)) {
          win(number);
          excludeOthersFromOrder(number);
          return;
        }
      }
    }
    gather(true);
    int winner = NONE;
    long most = 0;
    for (int begin = 0, end; begin < size; begin = end) {
      end = endOf(begin);
      long total = 0;
      for (int s = begin; s < end; s++) {
        total += savings.total(steps[s]);
      }
      if (total > most) {
        most = total;
        winner = steps[begin];
      }
    }
    for (int s = 0; s < size; s++) {
      if (leader[steps[s]] == winner) {
        win(steps[s]);
      } else {
        lostTo(winner, steps[s], BETTER_DEAL);
      }
    }
  }

  private void excludeOthersFromOrder(int winner) {
    for (int number = 0; number < out.length; number++) {
      if (isIn(number, true)) {
        lostTo(winner, number, EXCLUDED);
      }
    }
  }

  private void lostTo(int winner, int number, LostRule.Reason reason) {
    lost.add(LostRule.to(id(winner), id(number), reason));
  }

  private void win(int number) {
    for (int place = touches.from(number); place < touches.to(number); place++) {
      if (savings.at(place) > 0) {
        apply(number, place);
      }
    }
  }

  PricedOrder priced() {
    List<PricedLine> priced = new ArrayList<>(lines.size());
    for (int i = 0; i < prices.length; i++) {
      priced.add(new PricedLine(lines.get(i), adjustments.get(i), lostOnLine.get(i)));
    }
    return new PricedOrder(priced, lost);
  }
}
