package io.bincard.domain.pricing;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.stock.Sku;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that are about a cart without looking at the others. A rule is filed under what
 * its scope names, one that wants a coupon under its coupons alone, and one without either under
 * everything.
 */
final class RuleIndex {

  private static final int[] NONE = {};

  /** Rules that most lines touch at most. */
  private static final int FEW = 16;

  private final Map<Sku, CategoryId> categories;
  private final ReadyRule[] rules;

  private final Map<Sku, int[]> bySku;
  private final Map<CategoryId, int[]> byCategory;
  private final Map<Attribute, int[]> byAttribute;
  private final Map<CouponCode, int[]> byCoupon;
  private final int[] everywhere;

  RuleIndex(DiscountPolicy policy) {
    categories = policy.categories();
    rules =
        policy.rules().stream()
            .sorted(Rule.BY_PRIORITY)
            .map(ReadyRule::new)
            .toArray(ReadyRule[]::new);
    Map<Sku, List<Integer>> skus = new HashMap<>();
    Map<CategoryId, List<Integer>> ofCategories = new HashMap<>();
    Map<Attribute, List<Integer>> attributes = new HashMap<>();
    Map<CouponCode, List<Integer>> coupons = new HashMap<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < rules.length; i++) {
      ReadyRule rule = rules[i];
      if (!rule.conditions().coupons().isEmpty()) {
        file(rule.conditions().coupons(), coupons, i);
        continue;
      }
      Scope rewards = rule.rewards();
      if (rule.scope().isOpen() || (rewards != null && rewards.isOpen())) {
        all.add(i);
        continue;
      }
      for (Scope scope : rewards == null ? List.of(rule.scope()) : List.of(rule.scope(), rewards)) {
        file(scope.skus(), skus, i);
        file(scope.categories(), ofCategories, i);
        file(scope.attributes(), attributes, i);
      }
    }
    bySku = compact(skus);
    byCategory = compact(ofCategories);
    byAttribute = compact(attributes);
    byCoupon = compact(coupons);
    everywhere = toArray(all);
  }

  private static <K> void file(Iterable<K> keys, Map<K, List<Integer>> drawer, int rule) {
    keys.forEach(key -> drawer.computeIfAbsent(key, k -> new ArrayList<>()).add(rule));
  }

  private static <K> Map<K, int[]> compact(Map<K, List<Integer>> drawer) {
    Map<K, int[]> compact = HashMap.newHashMap(drawer.size());
    drawer.forEach((key, filed) -> compact.put(key, toArray(filed)));
    return compact;
  }

  private static int[] toArray(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What {@code line} is sold as; its own word goes before the policy's. */
  @Nullable CategoryId category(CartLine line) {
    return line.category() == null ? categories.get(line.sku()) : line.category();
  }

  /** The rules that ask for {@code coupon}, by priority. */
  List<RuleId> rulesOf(CouponCode coupon) {
    return IntStream.of(byCoupon.getOrDefault(coupon, NONE)).mapToObj(i -> rules[i].id()).toList();
  }

  /**
   * The rules about {@code cart} with their lines, by priority.
   *
   * @throws TooManyRulesException if there are more than {@value Pricing#MAX_TOUCHES} pairs of a
   *     rule and a line
   */
  Touches touches(Cart cart) {
    List<CartLine> lines = cart.lines();
    Found found = new Found(FEW * lines.size());
    for (int i = 0; i < lines.size(); i++) {
      CartLine line = lines.get(i);
      CategoryId category = category(line);
      found.add(bySku.getOrDefault(line.sku(), NONE), i);
      if (category != null) {
        found.add(byCategory.getOrDefault(category, NONE), i);
      }
      for (Attribute attribute : line.attributes()) {
        found.add(byAttribute.getOrDefault(attribute, NONE), i);
      }
      for (CouponCode coupon : cart.coupons()) {
        found.add(byCoupon.getOrDefault(coupon, NONE), i);
      }
      found.add(everywhere, i);
    }
    return found.touches(lines);
  }

  /** Pairs of a rule and a line while they are gathered: the rule's number above the line's. */
  private final class Found {
    private long[] pairs;
    private int size;

    Found(int expected) {
      pairs = new long[expected];
    }

    void add(int[] found, int line) {
      if (size + found.length > Pricing.MAX_TOUCHES) {
        throw new TooManyRulesException();
      }
      if (size + found.length > pairs.length) {
        pairs = Arrays.copyOf(pairs, Math.max(4 * pairs.length, size + found.length));
      }
      for (int rule : found) {
        pairs[size++] = (long) rule << Integer.SIZE | line;
      }
    }

    Touches touches(List<CartLine> lines) {
      Arrays.sort(pairs, 0, size);
      Touches touches = new Touches(size);
      for (int i = 0; i < size; ) {
        int number = (int) (pairs[i] >>> Integer.SIZE);
        ReadyRule rule = rules[number];
        touches.begin(rule);
        int last = -1;
        for (; i < size && (int) (pairs[i] >>> Integer.SIZE) == number; i++) {
          int line = (int) pairs[i];
          if (line != last && (rule.isSure() || isAbout(rule, lines.get(line)))) {
            touches.add(line);
          }
          last = line;
        }
        touches.end();
      }
      return touches;
    }

    private boolean isAbout(ReadyRule rule, CartLine line) {
      CategoryId category = category(line);
      Scope rewards = rule.rewards();
      return rule.scope().covers(line, category)
          || (rewards != null && rewards.covers(line, category));
    }
  }
}
