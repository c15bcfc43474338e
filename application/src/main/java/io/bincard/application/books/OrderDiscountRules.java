package io.bincard.application.books;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the discounts of an order come out of their events, and how their opening balance is written.
 */
final class OrderDiscountRules implements StreamFold.Rules<OrderDiscount> {

  private record Paid(CampaignId campaign, Money amount) {}

  /** Stored: another shape of it needs another {@link OrderDiscount#FOLD_REVISION}. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Balance(boolean applied, @Nullable CustomerId customer, List<Paid> paid) {}

  @Override
  public String revision() {
    return "order-discount/" + OrderDiscount.FOLD_REVISION;
  }

  @Override
  public OrderDiscount unborn() {
    return OrderDiscount.UNKNOWN;
  }

  @Override
  public OrderDiscount evolve(OrderDiscount order, Object event) {
    return order.evolve((DiscountEvent.OfOrder) event);
  }

  @Override
  public long sequence(OrderDiscount order) {
    return order.version();
  }

  @Override
  public String write(OrderDiscount order) {
    return LedgerJson.write(
        new Balance(
            order.applied(),
            order.customer(),
            order.paid().entrySet().stream()
                .map(part -> new Paid(part.getKey(), part.getValue()))
                .toList()));
  }

  @Override
  public OrderDiscount read(long sequence, String json) {
    Balance balance = LedgerJson.read(json, Balance.class);
    Map<CampaignId, Money> paid = new LinkedHashMap<>();
    balance.paid().forEach(part -> paid.put(part.campaign(), part.amount()));
    return new OrderDiscount(sequence, balance.applied(), balance.customer(), paid);
  }
}
