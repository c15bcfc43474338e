package io.bincard.application.repricing;

import io.bincard.application.repricing.RecordedPrices.Recorded;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What another policy would have made of orders of the past, with budgets of its own that begin
 * untouched. Nothing is written anywhere.
 */
final class WhatIf implements Consumer<Recorded> {

  private final PolicyVersion candidate;
  private final Discounting discounting;
  private final Map<AccountId, CampaignAccount> accounts = new HashMap<>();

  /** What has to be given back if the order is revoked. */
  private final Map<OrderId, List<BudgetSpent>> paid = new HashMap<>();

  private final Map<RuleId, Total> rules = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
  private Sums sums = new Sums(0, 0, 0, 0, 0, 0);
  private long otherCurrency;

  /**
   * What a rule took off, in minor units, and off how many orders: as recorded, and as it would
   * have.
   */
  record Total(long recordedOrders, long recorded, long candidateOrders, long candidate) {
    static final Total NONE = new Total(0, 0, 0, 0);

    Total recorded(long amount) {
      return new Total(recordedOrders + 1, recorded + amount, candidateOrders, candidate);
    }

    Total candidate(long amount) {
      return new Total(recordedOrders, recorded, candidateOrders + 1, candidate + amount);
    }
  }

  /** Of all orders, in minor units. */
  record Sums(
      long orders, long listPrice, long recorded, long candidate, long cheaper, long dearer) {

    Sums and(PricedOrder was, PricedOrder is) {
      int way = Long.compare(is.finalPrice(), was.finalPrice());
      return new Sums(
          orders + 1,
          Math.addExact(listPrice, was.listPrice()),
          Math.addExact(recorded, was.discount()),
          Math.addExact(candidate, is.discount()),
          way < 0 ? cheaper + 1 : cheaper,
          way > 0 ? dearer + 1 : dearer);
    }
  }

  /** Has seen nothing yet. */
  WhatIf(PolicyVersion candidate) {
    this.candidate = candidate;
    this.discounting =
        new Discounting(candidate, id -> accounts.getOrDefault(id, CampaignAccount.UNTOUCHED));
  }

  @Override
  public void accept(Recorded recorded) {
    switch (recorded.event()) {
      case DiscountApplied applied -> price(applied);
      case DiscountRevoked(OrderId order) -> {
        for (BudgetSpent spent : paid.getOrDefault(order, List.of())) {
          book(new BudgetReleased(spent.campaign(), spent.customer(), order, spent.amount()));
        }
        paid.remove(order);
      }
    }
  }

  private void price(DiscountApplied applied) {
    Cart cart = applied.cart();
    if (!cart.currency().equals(candidate.pricing().currency())) {
      otherCurrency++;
      return;
    }
    PricedOrder is =
        discounting.quote(candidate, cart, candidate.at(applied.pricedAt().toInstant())).priced();
    List<BudgetSpent> spent = Discounting.payments(applied.orderId(), cart, is);
    spent.forEach(this::book);
    if (!spent.isEmpty()) {
      paid.put(applied.orderId(), spent);
    }
    applied
        .priced()
        .discountByRule()
        .forEach((rule, amount) -> rules.merge(rule, Total.NONE.recorded(amount), WhatIf::sum));
    is.discountByRule()
        .forEach((rule, amount) -> rules.merge(rule, Total.NONE.candidate(amount), WhatIf::sum));
    sums = sums.and(applied.priced(), is);
  }

  private static Total sum(Total one, Total other) {
    return new Total(
        one.recordedOrders() + other.recordedOrders(),
        Math.addExact(one.recorded(), other.recorded()),
        one.candidateOrders() + other.candidateOrders(),
        Math.addExact(one.candidate(), other.candidate()));
  }

  private void book(DiscountEvent.OfAccount event) {
    accounts.put(
        event.account(),
        accounts.getOrDefault(event.account(), CampaignAccount.UNTOUCHED).evolve(event));
  }

  Sums sums() {
    return sums;
  }

  /** Orders in a currency that the policy has no prices in. */
  long otherCurrency() {
    return otherCurrency;
  }

  /** By rule, in order. */
  Map<RuleId, Total> rules() {
    return Collections.unmodifiableMap(rules);
  }
}
