package io.bincard.domain.hold;

import io.bincard.domain.Decision;
import io.bincard.domain.Decision.Accepted;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountCommand;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockRejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items, accounts, orders and holds in memory, moved by commands as the ledger moves them: before
 * the events of a decision stand those that end the holds which are overdue for it.
 */
final class HoldBook {

  final Map<StockItemId, StockItem> items = new HashMap<>();
  final Map<AccountId, CampaignAccount> accounts = new HashMap<>();
  final Map<OrderId, OrderDiscount> orders = new HashMap<>();
  final Map<HoldId, Hold> holds = new HashMap<>();
  final List<LedgerEvent> journal = new ArrayList<>();
  @Nullable PolicyVersion policy;
  Sources sources = Sources.MAIN;
  Instant now;

  HoldBook(Instant now) {
    this.now = now;
  }

  Holding holding() {
    return new Holding(this::item, discounting(), sources);
  }

  Discounting discounting() {
    return new Discounting(policy, this::account);
  }

  StockItem item(StockItemId id) {
    return items.getOrDefault(id, StockItem.UNREGISTERED);
  }

  CampaignAccount account(AccountId id) {
    return accounts.getOrDefault(id, CampaignAccount.UNTOUCHED);
  }

  OrderDiscount order(OrderId id) {
    return orders.getOrDefault(id, OrderDiscount.UNKNOWN);
  }

  Hold hold(HoldId id) {
    return holds.getOrDefault(id, Hold.UNKNOWN);
  }

  Decision<LedgerEvent, HoldRejection> place(HoldId id, PlaceHold command) {
    return taken(holding().place(id, command, ExpectedVersion.ANY, now));
  }

  Decision<LedgerEvent, HoldRejection> deduct(DeductOrder command) {
    return taken(holding().deduct(command, now));
  }

  Decision<LedgerEvent, HoldRejection> step(SecondStep command) {
    return step(command, ExpectedVersion.ANY);
  }

  Decision<LedgerEvent, HoldRejection> step(SecondStep command, ExpectedVersion expected) {
    return taken(holding().decide(command, hold(command.hold()), expected, now));
  }

  /** What was written down. */
  List<LedgerEvent> expire(HoldId id) {
    List<LedgerEvent> events = Holding.expire(id, hold(id), now);
    events.forEach(this::append);
    return events;
  }

  Decision<StockEvent, StockRejection> stock(StockCommand command) {
    StockItem item = item(command.item());
    Decision<StockEvent, StockRejection> decision = item.decide(command, ExpectedVersion.ANY, now);
    if (decision instanceof Accepted<StockEvent, StockRejection>(List<StockEvent> events)) {
      append(events, item.overdue(events.getFirst(), now));
    }
    return decision;
  }

  Decision<DiscountEvent, DiscountRejection> discount(DiscountCommand command) {
    Decision<DiscountEvent, DiscountRejection> decision =
        discounting().decide(command, order(command.orderId()), ExpectedVersion.ANY, now);
    if (decision instanceof Accepted<DiscountEvent, DiscountRejection>(var events)) {
      Set<HoldId> overdue = new LinkedHashSet<>();
      events.forEach(event -> overdue.addAll(overdue(event)));
      append(events, overdue);
    }
    return decision;
  }

  private Set<HoldId> overdue(DiscountEvent event) {
    return event instanceof BudgetSpent spent ? discounting().overdue(spent, now) : Set.of();
  }

  private Decision<LedgerEvent, HoldRejection> taken(
      Decision<LedgerEvent, HoldRejection> decision) {
    if (decision instanceof Accepted<LedgerEvent, HoldRejection>(List<LedgerEvent> events)) {
      append(events, holding().overdue(events, now));
    }
    return decision;
  }

  private void append(List<? extends LedgerEvent> events, Collection<HoldId> overdue) {
    overdue.forEach(this::expire);
    events.forEach(this::append);
  }

  void append(LedgerEvent event) {
    journal.add(event);
    switch (event) {
      case StockEvent e -> items.put(e.item(), item(e.item()).evolve(e));
      case HoldEvent e -> holds.put(e.hold(), hold(e.hold()).evolve(e));
      case DiscountEvent.OfOrder e -> orders.put(e.orderId(), order(e.orderId()).evolve(e));
      case DiscountEvent.OfAccount e -> accounts.put(e.account(), account(e.account()).evolve(e));
      default -> throw new AssertionError(event);
    }
  }
}
