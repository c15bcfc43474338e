package io.bincard.domain.hold;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.Ordered;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an order service, or time, asks of holds. */
public sealed interface HoldCommand extends LedgerCommand {

  /** Lines of one order at most. */
  int MAX_LINES = 100;

  /** Locations that an order may name as near to it, at most. */
  int MAX_LOCATIONS = 16;

  /** Seconds that a hold may be asked to last from now. */
  long MAX_TTL_SECONDS = Duration.ofDays(1).toSeconds();

  /** From being placed to its last possible end, however often it is extended. */
  Duration MAX_LIFETIME = Duration.ofDays(7);

  /** Less than that is not worth an event for every item. */
  Duration LEAST_EXTENSION = Duration.ofSeconds(1);

  /** Holds whose end is written down by one command, at most. */
  int MAX_EXPIRED = 500;

  /**
   * Take everything that an order needs, for a time, or nothing.
   *
   * @param lines 1 to {@value #MAX_LINES}; either all have a price or none
   * @param locations those near to the order, the nearest first; empty for the ledger's own order
   * @param coupons only with prices
   * @param ttlSeconds 1 to {@link #MAX_TTL_SECONDS}
   */
  record PlaceHold(
      OrderId orderId,
      List<OrderLine> lines,
      List<LocationId> locations,
      Set<CouponCode> coupons,
      @Nullable CustomerId customer,
      OnExhausted onExhausted,
      ReleaseStage releaseStage,
      long ttlSeconds)
      implements HoldCommand {
    /**
     * @throws InvalidValueException if there are no lines or too many, some have a price and others
     *     not, there are coupons and no prices, what has a price is no {@link Cart}, or the time is
     *     out of its range
     */
    public PlaceHold {
      lines = checkedLines(lines);
      locations = checkedLocations(locations);
      coupons = Ordered.copyOf(coupons, CouponCode::value);
      checkTtl(ttlSeconds);
      long priced = lines.stream().filter(line -> line.unitPrice() != null).count();
      if (priced == 0 && !coupons.isEmpty()) {
        throw new InvalidValueException("coupons need lines with prices");
      }
      if (priced != 0 && priced != lines.size()) {
        throw new InvalidValueException("either every line must have a unitPrice or none");
      }
      Cart unused = priced == 0 ? null : cart(lines, coupons, customer);
    }

    /** What is to be priced; {@code null} if nothing is. */
    public @Nullable Cart cart() {
      return lines.getFirst().unitPrice() == null ? null : cart(lines, coupons, customer);
    }

    private static Cart cart(
        List<OrderLine> lines, Set<CouponCode> coupons, @Nullable CustomerId customer) {
      return new Cart(lines.stream().map(OrderLine::toCartLine).toList(), coupons, customer);
    }
  }

  /** A second step: what becomes of a hold. */
  sealed interface SecondStep extends HoldCommand {
    HoldId hold();
  }

  /**
   * Sell what is held, or a part of it.
   *
   * @param lines the part; empty for all that is still held. A line without a location is taken
   *     from wherever the SKU is held
   * @param rest what becomes of what is not confirmed
   */
  record ConfirmHold(HoldId hold, List<OrderLine> lines, Rest rest) implements SecondStep {
    /**
     * @throws InvalidValueException if there are too many lines, or one has a price
     */
    public ConfirmHold {
      if (!lines.isEmpty()) {
        lines = checkedLines(lines);
      }
      if (lines.stream().anyMatch(line -> line.unitPrice() != null)) {
        throw new InvalidValueException("a held price is confirmed as it is");
      }
    }
  }

  /** What becomes of what a confirmation leaves. */
  enum Rest {
    /** Nobody wants it. */
    RELEASE,
    /** It stays held until the hold's time. */
    KEEP
  }

  /**
   * Let a hold last for {@code ttlSeconds} from now; never makes it end earlier, and changes
   * nothing if that is less than {@link #LEAST_EXTENSION} more than it lasts.
   *
   * @param ttlSeconds 1 to {@link #MAX_TTL_SECONDS}
   */
  record ExtendHold(HoldId hold, long ttlSeconds) implements SecondStep {
    /**
     * @throws InvalidValueException if the time is out of its range
     */
    public ExtendHold {
      checkTtl(ttlSeconds);
    }
  }

  /** Give back what is still held. */
  record ReleaseHold(HoldId hold) implements SecondStep {}

  /**
   * Write down the end of those of {@code holds} whose time is over: what the ledger's timer asks.
   *
   * @param holds 1 to {@value #MAX_EXPIRED}, all different
   */
  record ExpireHolds(List<HoldId> holds) implements HoldCommand {
    /**
     * @throws InvalidValueException if there are none, or too many, or one stands twice
     */
    public ExpireHolds {
      holds = List.copyOf(holds);
      if (holds.isEmpty()
          || holds.size() > MAX_EXPIRED
          || Set.copyOf(holds).size() < holds.size()) {
        throw new InvalidValueException("1 to " + MAX_EXPIRED + " different holds expire at once");
      }
    }
  }

  /**
   * Take everything that an order needs, for good and at once, or nothing: a sale of many lines
   * without a hold.
   *
   * @param lines 1 to {@value #MAX_LINES}, without prices
   * @param locations those near to the order, the nearest first; empty for the ledger's own order
   */
  record DeductOrder(OrderId orderId, List<OrderLine> lines, List<LocationId> locations)
      implements HoldCommand {
    /**
     * @throws InvalidValueException if there are no lines or too many, or one has a price
     */
    public DeductOrder {
      lines = checkedLines(lines);
      locations = checkedLocations(locations);
      if (lines.stream().anyMatch(line -> line.unitPrice() != null)) {
        throw new InvalidValueException("a deduction has no price");
      }
    }
  }

  private static List<OrderLine> checkedLines(List<OrderLine> lines) {
    if (lines.isEmpty() || lines.size() > MAX_LINES) {
      throw new InvalidValueException("an order must have 1 to " + MAX_LINES + " lines");
    }
    return List.copyOf(lines);
  }

  private static List<LocationId> checkedLocations(List<LocationId> locations) {
    if (locations.size() > MAX_LOCATIONS || Set.copyOf(locations).size() < locations.size()) {
      throw new InvalidValueException(
          "an order may name up to " + MAX_LOCATIONS + " different locations");
    }
    return List.copyOf(locations);
  }

  private static void checkTtl(long ttlSeconds) {
    if (ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS) {
      throw new InvalidValueException("a hold must last for 1 to " + MAX_TTL_SECONDS + " seconds");
    }
  }
}
