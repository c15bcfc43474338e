package io.bincard.domain.hold;

import static io.bincard.domain.Decision.reject;

import io.bincard.domain.Decision;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReservationExtended;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.Promise;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.Discounting.Offer;
import io.bincard.domain.discount.Discounting.Price;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.hold.HoldRejection.ExceedsHold;
import io.bincard.domain.hold.HoldRejection.HeldItemsFrozen;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyConfirmed;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyReleased;
import io.bincard.domain.hold.HoldRejection.HoldExpired;
import io.bincard.domain.hold.HoldRejection.HoldLifetimeExceeded;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.PriceRefused;
import io.bincard.domain.hold.HoldRejection.StaleHoldVersion;
import io.bincard.domain.hold.HoldRejection.UnknownHold;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides on holds, and on orders that are taken at once; pure. All events of a decision belong
 * into one transaction.
 *
 * @param items the stock items
 * @param discounting prices orders, and knows what campaigns have left
 * @param sources where units come from that an order does not say it of
 */
public record Holding(
    Function<StockItemId, StockItem> items, Discounting discounting, Sources sources) {

  /** Decides whether the hold {@code id}, which never was, is placed at {@code now}. */
  public Decision<LedgerEvent, HoldRejection> place(
      HoldId id, PlaceHold command, ExpectedVersion expected, Instant now) {
    if (expected instanceof ExpectedVersion.Exactly(long version)) {
      return reject(new StaleHoldVersion(id, version, Hold.NO_VERSION));
    }
    Instant placedAt = now.truncatedTo(ChronoUnit.MILLIS);
    Instant expiresAt = placedAt.plusSeconds(command.ttlSeconds());
    OrderId order = command.orderId();
    Cart cart = command.cart();
    Offer offer = null;
    if (cart != null) {
      switch (discounting.price(order, cart, command.onExhausted(), now)) {
        case Price.Refused(var rejection) -> {
          return reject(new PriceRefused(rejection));
        }
        case Price.Offered(Offer offered) -> offer = offered;
      }
    }
    Demand demand = new Demand(items, sources, command.lines(), command.locations(), now);
    OrderRefused obstacles = demand.obstacles(order, offer);
    if (!obstacles.isEmpty()) {
      return reject(obstacles);
    }
    DiscountApplied price =
        cart == null || offer == null
            ? null
            : discounting.applied(order, cart, offer, command.releaseStage(), now);
    List<LedgerEvent> events = new ArrayList<>();
    events.add(
        new HoldPlaced(id, order, priced(demand.parts(), price), price, placedAt, expiresAt));
    demand
        .units()
        .forEach(
            (item, units) ->
                events.add(
                    new StockReserved(
                        item.sku(), item.location(), new Quantity(units), id, order, expiresAt)));
    if (price != null) {
      Promise promise = new Promise(id, expiresAt, 1);
      for (BudgetSpent paid : Discounting.payments(order, price.cart(), price.priced())) {
        events.add(
            new BudgetReserved(paid.campaign(), paid.customer(), order, paid.amount(), promise));
      }
    }
    return new Decision.Accepted<>(events);
  }

  /** {@code parts} with what is to be paid for them. */
  private static List<Part> priced(List<Part> parts, @Nullable DiscountApplied price) {
    if (price == null) {
      return parts;
    }
    List<Part> priced = new ArrayList<>(parts.size());
    int line = -1;
    long before = 0;
    for (Part part : parts) {
      before = part.line() == line ? before : 0;
      line = part.line();
      PricedLine of = price.priced().lines().get(line);
      long after = before + part.quantity().units();
      priced.add(
          new Part(
              line,
              part.sku(),
              part.location(),
              part.quantity(),
              new Money(Hold.finalPrice(of, before, after), of.line().unitPrice().currency())));
      before = after;
    }
    return priced;
  }

  /** Decides whether an order is taken at once at {@code now}. */
  public Decision<LedgerEvent, HoldRejection> deduct(DeductOrder command, Instant now) {
    OrderId order = command.orderId();
    Demand demand = new Demand(items, sources, command.lines(), command.locations(), now);
    OrderRefused obstacles = demand.obstacles(order, null);
    if (!obstacles.isEmpty()) {
      return reject(obstacles);
    }
    List<LedgerEvent> events = new ArrayList<>();
    demand
        .units()
        .forEach(
            (item, units) ->
                events.add(
                    new StockDeducted(item.sku(), item.location(), new Quantity(units), order)));
    return new Decision.Accepted<>(events);
  }

  /**
   * Decides on a second step of {@code hold} at {@code now}. Who asks for what is the case already
   * is told so, and nothing happens.
   */
  public Decision<LedgerEvent, HoldRejection> decide(
      SecondStep command, Hold hold, ExpectedVersion expected, Instant now) {
    HoldId id = command.hold();
    OrderId order = hold.orderId();
    if (hold.status() == Hold.Status.UNKNOWN || order == null) {
      return reject(new UnknownHold(id));
    }
    if (expected instanceof ExpectedVersion.Exactly(long version) && version != hold.version()) {
      return reject(new StaleHoldVersion(id, version, hold.version()));
    }
    if (!hold.isOpen(now)) {
      return isSo(command, hold) ? new Decision.Accepted<>(List.of()) : reject(over(id, hold));
    }
    return switch (command) {
      case ConfirmHold c -> confirm(c, order, hold);
      case ExtendHold c -> extend(c, order, hold, now);
      case ReleaseHold c -> {
        List<LedgerEvent> events = new ArrayList<>();
        events.add(new HoldReleased(id, order));
        giveBack(id, order, hold, false, events);
        yield new Decision.Accepted<>(events);
      }
    };
  }

  /** Whether {@code hold}, which is over, is what {@code command} wants it to be. */
  private static boolean isSo(SecondStep command, Hold hold) {
    return switch (command) {
      case ConfirmHold c -> c.lines().isEmpty() && hold.isConfirmedWhole();
      case ExtendHold c -> false;
      case ReleaseHold c -> hold.status() != Hold.Status.CONFIRMED;
    };
  }

  /** Why nothing can be done with {@code hold} any more. */
  private static HoldRejection over(HoldId id, Hold hold) {
    return switch (hold.status()) {
      case CONFIRMED -> new HoldAlreadyConfirmed(id);
      case RELEASED -> new HoldAlreadyReleased(id);
      case EXPIRED, PLACED -> new HoldExpired(id, hold.expiresAt());
      case UNKNOWN -> new UnknownHold(id);
    };
  }

  private Decision<LedgerEvent, HoldRejection> extend(
      ExtendHold command, OrderId order, Hold hold, Instant now) {
    HoldId id = command.hold();
    Instant until = now.truncatedTo(ChronoUnit.MILLIS).plusSeconds(command.ttlSeconds());
    if (until.isBefore(hold.expiresAt().plus(HoldCommand.LEAST_EXTENSION))) {
      return new Decision.Accepted<>(List.of());
    }
    Instant latest = hold.placedAt().plus(HoldCommand.MAX_LIFETIME);
    if (until.isAfter(latest)) {
      return reject(new HoldLifetimeExceeded(id, until, latest));
    }
    List<StockItemId> frozen = frozen(hold.left().keySet());
    if (!frozen.isEmpty()) {
      return reject(new HeldItemsFrozen(id, frozen));
    }
    List<LedgerEvent> events = new ArrayList<>();
    events.add(new HoldExtended(id, order, hold.expiresAt(), until));
    hold.left()
        .forEach(
            (item, units) ->
                events.add(
                    new ReservationExtended(
                        item.sku(),
                        item.location(),
                        new Quantity(units),
                        id,
                        order,
                        hold.expiresAt(),
                        until)));
    forEachPayment(
        hold,
        hold.leftToPay(),
        (campaign, customer, amount, uses) ->
            events.add(
                new BudgetReservationExtended(
                    campaign,
                    customer,
                    order,
                    amount,
                    new Promise(id, until, uses),
                    hold.expiresAt())));
    return new Decision.Accepted<>(events);
  }

  private Decision<LedgerEvent, HoldRejection> confirm(
      ConfirmHold command, OrderId order, Hold hold) {
    HoldId id = command.hold();
    Picking picking = new Picking(hold.lines(), command.lines());
    if (!picking.excesses().isEmpty()) {
      return reject(new ExceedsHold(id, picking.excesses()));
    }
    List<Long> units = picking.units();
    List<Part> parts = hold.parts(units);
    Map<StockItemId, Long> sold = picking.unitsByItem();
    List<StockItemId> frozen = frozen(sold.keySet());
    if (!frozen.isEmpty()) {
      return reject(new HeldItemsFrozen(id, frozen));
    }
    HoldConfirmed confirmed =
        new HoldConfirmed(id, order, parts, picking.isWhole() ? null : command.rest());
    List<LedgerEvent> events = new ArrayList<>();
    events.add(confirmed);
    sold.forEach(
        (item, quantity) ->
            events.add(
                new ReservationConfirmed(
                    item.sku(),
                    item.location(),
                    new Quantity(quantity),
                    id,
                    order,
                    hold.expiresAt())));
    forEachPayment(
        hold,
        hold.toPay(units),
        (campaign, customer, amount, uses) ->
            events.add(
                new BudgetSpent(
                    campaign, customer, order, amount, new Promise(id, hold.expiresAt(), uses))));
    if (confirmed.rest() == Rest.RELEASE) {
      giveBack(id, order, hold.evolve(confirmed), false, events);
    }
    return new Decision.Accepted<>(events);
  }

  private List<StockItemId> frozen(Set<StockItemId> held) {
    return held.stream().filter(item -> items.apply(item).frozen()).toList();
  }

  /**
   * What writes down that the time of {@code hold} is over; nothing if it is not, at {@code now},
   * or that is written down.
   */
  public static List<LedgerEvent> expire(HoldId id, Hold hold, Instant now) {
    OrderId order = hold.orderId();
    if (order == null || !hold.isOverdue(now)) {
      return List.of();
    }
    List<LedgerEvent> events = new ArrayList<>();
    events.add(new HoldEvent.HoldExpired(id, order, hold.expiresAt()));
    giveBack(id, order, hold, true, events);
    return events;
  }

  /** What is left of {@code hold} goes back to its items and accounts. */
  private static void giveBack(
      HoldId id, OrderId order, Hold hold, boolean expired, List<LedgerEvent> events) {
    Instant until = hold.expiresAt();
    hold.left()
        .forEach(
            (item, units) -> {
              Quantity quantity = new Quantity(units);
              events.add(
                  expired
                      ? new ReservationExpired(
                          item.sku(), item.location(), quantity, id, order, until)
                      : new ReservationReleased(
                          item.sku(), item.location(), quantity, id, order, until));
            });
    forEachPayment(
        hold,
        hold.leftToPay(),
        (campaign, customer, amount, uses) ->
            events.add(
                new BudgetReleased(
                    campaign, customer, order, amount, new Promise(id, until, uses))));
  }

  private interface Payment {
    void of(CampaignId campaign, @Nullable CustomerId customer, Money amount, long uses);
  }

  /** What moves on each account when {@code amounts} of {@code hold} do. */
  private static void forEachPayment(Hold hold, Map<CampaignId, Long> amounts, Payment payment) {
    amounts.forEach(
        (campaign, amount) -> {
          long uses = hold.hasUsed(campaign) ? 0 : 1;
          if (amount > 0 || uses > 0) {
            Money money = new Money(amount, Objects.requireNonNull(hold.currency()));
            payment.of(campaign, null, money, uses);
            if (hold.customer() != null) {
              payment.of(campaign, hold.customer(), money, uses);
            }
          }
        });
  }

  /**
   * The holds whose end has to be written down before {@code events}, which were decided on at
   * {@code now}, may follow.
   */
  public Set<HoldId> overdue(List<LedgerEvent> events, Instant now) {
    Set<HoldId> overdue = new LinkedHashSet<>();
    for (LedgerEvent event : events) {
      switch (event) {
        case StockReserved e -> overdue.addAll(items.apply(e.item()).overdue(e, now));
        case StockDeducted e -> overdue.addAll(items.apply(e.item()).overdue(e, now));
        case BudgetReserved e -> overdue.addAll(discounting.overdue(e, now));
        default -> {} // what is left takes nothing that was not promised to it
      }
    }
    return overdue;
  }
}
