package io.bincard.domain.hold;

import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.Discounting.Shortage;
import io.bincard.domain.discount.Discounting.UnusableCoupon;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a command on holds is refused: the broken rule with its numbers.
 *
 * <p>Where several rules are broken the first of this list is named, so the order of the records
 * below is a promise; what {@link OrderRefused} lists is named all at once.
 */
public sealed interface HoldRejection {

  /** There never was such a hold. */
  record UnknownHold(HoldId hold) implements HoldRejection {}

  /** The hold moved on since the sender looked. */
  record StaleHoldVersion(HoldId hold, long expectedVersion, long actualVersion)
      implements HoldRejection {}

  /** The hold was confirmed; nothing of it is left to decide on. */
  record HoldAlreadyConfirmed(HoldId hold) implements HoldRejection {}

  /** The hold was released. */
  record HoldAlreadyReleased(HoldId hold) implements HoldRejection {}

  /** The time of the hold was over at {@code expiredAt}. */
  record HoldExpired(HoldId hold, Instant expiredAt) implements HoldRejection {}

  /** The hold would last for longer than any may, until {@code latest}. */
  record HoldLifetimeExceeded(HoldId hold, Instant requested, Instant latest)
      implements HoldRejection {}

  /** More was to be confirmed than is still held. */
  record ExceedsHold(HoldId hold, List<Excess> excesses) implements HoldRejection {
    public ExceedsHold {
      excesses = List.copyOf(excesses);
    }
  }

  /** Items of the hold are frozen; only its end is taken. */
  record HeldItemsFrozen(HoldId hold, List<StockItemId> items) implements HoldRejection {
    public HeldItemsFrozen {
      items = List.copyOf(items);
    }
  }

  /** The order has no price. */
  record PriceRefused(DiscountRejection rejection) implements HoldRejection {}

  /** The order cannot be taken as a whole: everything that stands in its way, at once. */
  record OrderRefused(
      OrderId orderId,
      List<Place> unknown,
      List<Place> frozen,
      List<Shortfall> insufficient,
      List<UnusableCoupon> coupons,
      List<Shortage> budgets)
      implements HoldRejection {
    public OrderRefused {
      unknown = List.copyOf(unknown);
      frozen = List.copyOf(frozen);
      insufficient = List.copyOf(insufficient);
      coupons = List.copyOf(coupons);
      budgets = List.copyOf(budgets);
    }

    /** Whether nothing stands in its way. */
    boolean isEmpty() {
      return unknown.isEmpty()
          && frozen.isEmpty()
          && insufficient.isEmpty()
          && coupons.isEmpty()
          && budgets.isEmpty();
    }
  }

  /**
   * More of a SKU was to be confirmed than is held.
   *
   * @param location {@code null} for all locations together
   */
  record Excess(Sku sku, @Nullable LocationId location, long requested, long held) {}

  /**
   * An item, or a SKU wherever it lies.
   *
   * @param location {@code null} for all locations that the ledger would take it from
   */
  record Place(Sku sku, @Nullable LocationId location) {}

  /**
   * Less can be sold than all lines of the order together ask for; backorders that the policy
   * allows are counted in {@code available}.
   *
   * @param location {@code null} if the ledger was to choose; then {@code available} is what it
   *     could have taken at most
   */
  record Shortfall(Sku sku, @Nullable LocationId location, long requested, long available) {}
}
