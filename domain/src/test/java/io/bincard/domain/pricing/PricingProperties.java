package io.bincard.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PricingProperties {

  private static final OffsetDateTime NOON = OffsetDateTime.parse("2010-12-01T12:00:00Z");

  @Provide
  static Arbitrary<List<Rule>> rules() {
    return PricingArbitraries.rules();
  }

  @Provide
  static Arbitrary<Cart> carts() {
    return PricingArbitraries.carts();
  }

  private static PricedOrder price(List<Rule> rules, Cart cart) {
    return new Pricing(PricingArbitraries.policy(rules)).price(cart, NOON, Set.of());
  }

  @Property
  void not_a_cent_is_lost_and_nobody_is_paid_to_buy(
      @ForAll("rules") List<Rule> rules, @ForAll("carts") Cart cart) {
    PricedOrder order = price(rules, cart);

    assertThat(order.lines().stream().map(PricedLine::line)).isEqualTo(cart.lines());
    for (PricedLine line : order.lines()) {
      assertThat(line.adjustments()).allSatisfy(taken -> assertThat(taken.amount()).isPositive());
      assertThat(line.finalPrice()).isBetween(0L, line.line().listPrice());
    }
    assertThat(order.finalPrice())
        .isEqualTo(order.lines().stream().mapToLong(PricedLine::finalPrice).sum());
    assertThat(order.listPrice())
        .isEqualTo(cart.lines().stream().mapToLong(CartLine::listPrice).sum());
    assertThat(order.discountByRule().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(order.listPrice() - order.finalPrice());
  }

  @Property
  void no_rule_gives_more_than_its_limit(
      @ForAll("rules") List<Rule> rules, @ForAll("carts") Cart cart) {
    PricedOrder order = price(rules, cart);

    for (Rule rule : rules) {
      if (rule.maxPerOrder() != null) {
        assertThat(order.discountByRule().getOrDefault(rule.id(), 0L))
            .isLessThanOrEqualTo(rule.maxPerOrder().amount());
      }
    }
  }

  @Property
  void the_order_in_which_rules_are_written_makes_no_difference(
      @ForAll("rules") List<Rule> rules, @ForAll("carts") Cart cart, @ForAll long seed) {
    List<Rule> shuffled = new ArrayList<>(rules);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(price(shuffled, cart)).isEqualTo(price(rules, cart));
  }

  @Property
  void the_index_finds_what_looking_at_every_rule_finds(
      @ForAll("rules") List<Rule> rules, @ForAll("carts") Cart cart) {
    RuleIndex index = new RuleIndex(PricingArbitraries.policy(rules));

    assertThat(told(index.touches(cart)))
        .isEqualTo(
            rules.stream()
                .sorted(Rule.BY_PRIORITY)
                .filter(rule -> about(rule, cart).length > 0)
                .map(rule -> rule.id() + " on " + Arrays.toString(about(rule, cart)))
                .toList());
  }

  private static List<String> told(Touches touches) {
    return IntStream.range(0, touches.size())
        .mapToObj(
            number ->
                touches.rule(number).id()
                    + " on "
                    + Arrays.toString(
                        IntStream.range(touches.from(number), touches.to(number))
                            .map(touches::line)
                            .toArray()))
        .toList();
  }

  private static int[] about(Rule rule, Cart cart) {
    Set<?> coupons = rule.conditions().coupons();
    if (!coupons.isEmpty() && Collections.disjoint(coupons, cart.coupons())) {
      return new int[0];
    }
    Scope rewards = new ReadyRule(rule).rewards();
    return IntStream.range(0, cart.lines().size())
        .filter(
            i -> {
              CartLine line = cart.lines().get(i);
              CategoryId category = line.category();
              if (category == null && line.sku().equals(new Sku("A"))) {
                category = new CategoryId("x");
              }
              return rule.scope().covers(line, category)
                  || (rewards != null && rewards.covers(line, category));
            })
        .toArray();
  }

  @Property
  void a_rule_about_something_else_changes_nothing(
      @ForAll("rules") List<Rule> rules,
      @ForAll("carts") Cart cart,
      @ForAll("rules") List<Rule> more) {
    List<Rule> all = new ArrayList<>(rules);
    for (Rule rule : more) {
      all.add(
          new Rule(
              new RuleId("other-" + rule.id()),
              rule.priority(),
              rule.stacking(),
              Scope.ofSkus(Set.of(new Sku("NOWHERE"))),
              rule.conditions(),
              new Benefit.PercentOff(new BasisPoints(5_000)),
              rule.maxPerOrder(),
              null));
    }

    assertThat(price(all, cart)).isEqualTo(price(rules, cart));
  }

  @Property
  void among_best_deals_each_line_has_the_best_one(
      @ForAll("rules") List<Rule> rules, @ForAll("carts") Cart cart) {
    List<Rule> rivals =
        rules.stream()
            .filter(rule -> !(rule.benefit() instanceof Benefit.OnOrder))
            .map(
                rule ->
                    new Rule(
                        rule.id(),
                        rule.priority(),
                        new Stacking.BestDeal(),
                        rule.scope(),
                        Conditions.NONE,
                        rule.benefit(),
                        rule.maxPerOrder(),
                        null))
            .toList();

    PricedOrder together = price(rivals, cart);

    for (int i = 0; i < cart.lines().size(); i++) {
      int line = i;
      long best =
          rivals.stream()
              .mapToLong(rule -> price(List.of(rule), cart).lines().get(line).discount())
              .max()
              .orElse(0);
      assertThat(together.lines().get(line).discount()).isEqualTo(best);
    }
  }

  @Property
  void every_rule_about_the_cart_is_accounted_for(
      @ForAll("rules") List<Rule> rules, @ForAll("carts") Cart cart) {
    PricedOrder order = price(rules, cart);

    Set<RuleId> told = new HashSet<>(order.discountByRule().keySet());
    order.lost().forEach(lost -> told.add(lost.rule()));
    order.lines().forEach(line -> line.lost().forEach(lost -> told.add(lost.rule())));
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            ids(new RuleIndex(PricingArbitraries.policy(rules)).touches(cart)));
    assertThat(order.lost().stream().map(LostRule::rule)).doesNotHaveDuplicates();
  }

  private static List<RuleId> ids(Touches touches) {
    return IntStream.range(0, touches.size()).mapToObj(n -> touches.rule(n).id()).toList();
  }
}
