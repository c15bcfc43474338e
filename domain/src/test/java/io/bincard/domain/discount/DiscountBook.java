package io.bincard.domain.discount;

import io.bincard.domain.Decision;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Orders and accounts in memory, moved by commands as the ledger moves them. */
final class DiscountBook {

  static final Instant NOON = Instant.parse("2010-12-01T12:00:00Z");

  final Map<OrderId, OrderDiscount> orders = new HashMap<>();
  final Map<AccountId, CampaignAccount> accounts = new HashMap<>();
  final List<DiscountEvent> events = new ArrayList<>();
  @Nullable PolicyVersion policy;

  DiscountBook(@Nullable PolicyVersion policy) {
    this.policy = policy;
  }

  Discounting discounting() {
    return new Discounting(policy, id -> accounts.getOrDefault(id, CampaignAccount.UNTOUCHED));
  }

  Decision<DiscountEvent, DiscountRejection> handle(DiscountCommand command) {
    return handle(command, ExpectedVersion.ANY);
  }

  Decision<DiscountEvent, DiscountRejection> handle(
      DiscountCommand command, ExpectedVersion expected) {
    Decision<DiscountEvent, DiscountRejection> decision =
        discounting().decide(command, order(command.orderId()), expected, NOON);
    if (decision instanceof Decision.Accepted<DiscountEvent, DiscountRejection>(var accepted)) {
      accepted.forEach(this::evolve);
      events.addAll(accepted);
    }
    return decision;
  }

  OrderDiscount order(OrderId id) {
    return orders.getOrDefault(id, OrderDiscount.UNKNOWN);
  }

  CampaignAccount account(AccountId id) {
    return accounts.getOrDefault(id, CampaignAccount.UNTOUCHED);
  }

  void evolve(DiscountEvent event) {
    switch (event) {
      case DiscountEvent.OfOrder e -> orders.put(e.orderId(), order(e.orderId()).evolve(e));
      case DiscountEvent.OfAccount e -> accounts.put(e.account(), account(e.account()).evolve(e));
    }
  }
}
