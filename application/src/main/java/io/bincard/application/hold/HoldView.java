package io.bincard.application.hold;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.discount.PricedOrderView;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hold as callers are told it.
 *
 * @param status {@code placed}, {@code confirmed}, {@code released} or {@code expired}; expired
 *     from the moment on that its time is over
 * @param finalPrice what is to be paid for everything that was promised, absent without prices
 * @param lines the order's lines; one that is taken from several locations stands several times
 * @param price how the price came about; told when the hold is placed and when it is asked for
 */
@JsonPropertyOrder({
  "id",
  "orderId",
  "status",
  "placedAt",
  "expiresAt",
  "finalPrice",
  "lines",
  "price"
})
public record HoldView(
    HoldId id,
    OrderId orderId,
    Hold.Status status,
    Instant placedAt,
    Instant expiresAt,
    @Nullable Money finalPrice,
    List<Line> lines,
    @Nullable PricedOrderView price) {

  /**
   * Units of one item.
   *
   * @param line of the order, from 0
   * @param quantity what was promised
   * @param confirmed what of it was sold
   * @param finalPrice what is to be paid for {@code quantity}, absent without prices
   */
  @JsonPropertyOrder({"line", "sku", "location", "quantity", "confirmed", "finalPrice"})
  public record Line(
      int line,
      Sku sku,
      LocationId location,
      long quantity,
      long confirmed,
      @Nullable Money finalPrice) {}

  /**
   * What there is to tell at {@code now}.
   *
   * @param price as it was made when the hold was placed; {@code null} leaves it out
   */
  public static HoldView of(HoldId id, Hold hold, @Nullable DiscountApplied price, Instant now) {
    CurrencyCode currency = hold.currency();
    return new HoldView(
        id,
        Objects.requireNonNull(hold.orderId()),
        hold.isOverdue(now) ? Hold.Status.EXPIRED : hold.status(),
        hold.placedAt(),
        hold.expiresAt(),
        money(hold.lines().stream().mapToLong(Hold.Line::finalPrice).sum(), currency),
        hold.lines().stream()
            .map(
                line ->
                    new Line(
                        line.line(),
                        line.item().sku(),
                        line.item().location(),
                        line.quantity(),
                        line.confirmed(),
                        money(line.finalPrice(), currency)))
            .toList(),
        price == null ? null : PricedOrderView.of(price));
  }

  private static @Nullable Money money(long amount, @Nullable CurrencyCode currency) {
    return currency == null ? null : new Money(amount, currency);
  }
}
