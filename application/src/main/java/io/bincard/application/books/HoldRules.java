package io.bincard.application.books;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a hold comes out of its events, and how its opening balance is written. */
final class HoldRules implements StreamFold.Rules<Hold> {

  /** Stored: another shape of it needs another {@link Hold#FOLD_REVISION}. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Balance(
      Hold.Status status,
      @Nullable OrderId orderId,
      @Nullable CustomerId customer,
      @Nullable CurrencyCode currency,
      List<Line> lines,
      Instant placedAt,
      Instant expiresAt) {}

  private record Line(
      int line,
      Sku sku,
      LocationId location,
      long quantity,
      long confirmed,
      long finalPrice,
      List<Paid> paid) {}

  private record Paid(CampaignId campaign, long amount) {}

  @Override
  public String revision() {
    return "hold/" + Hold.FOLD_REVISION;
  }

  @Override
  public Hold unborn() {
    return Hold.UNKNOWN;
  }

  @Override
  public Hold evolve(Hold hold, Object event) {
    return hold.evolve((HoldEvent) event);
  }

  @Override
  public long sequence(Hold hold) {
    return hold.version();
  }

  @Override
  public String write(Hold hold) {
    return LedgerJson.write(
        new Balance(
            hold.status(),
            hold.orderId(),
            hold.customer(),
            hold.currency(),
            hold.lines().stream()
                .map(
                    line ->
                        new Line(
                            line.line(),
                            line.item().sku(),
                            line.item().location(),
                            line.quantity(),
                            line.confirmed(),
                            line.finalPrice(),
                            line.paid().entrySet().stream()
                                .map(paid -> new Paid(paid.getKey(), paid.getValue()))
                                .toList()))
                .toList(),
            hold.placedAt(),
            hold.expiresAt()));
  }

  @Override
  public Hold read(long sequence, String json) {
    Balance balance = LedgerJson.read(json, Balance.class);
    return new Hold(
        sequence,
        balance.status(),
        balance.orderId(),
        balance.customer(),
        balance.currency(),
        balance.lines().stream()
            .map(
                line ->
                    new Hold.Line(
                        line.line(),
                        new StockItemId(line.sku(), line.location()),
                        line.quantity(),
                        line.confirmed(),
                        line.finalPrice(),
                        paid(line)))
            .toList(),
        balance.placedAt(),
        balance.expiresAt());
  }

  private static Map<CampaignId, Long> paid(Line line) {
    Map<CampaignId, Long> paid = new LinkedHashMap<>();
    line.paid().forEach(part -> paid.put(part.campaign(), part.amount()));
    return paid;
  }
}
