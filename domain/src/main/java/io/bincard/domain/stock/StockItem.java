package io.bincard.domain.stock;

import static io.bincard.domain.Decision.accept;
import static io.bincard.domain.Decision.reject;

import io.bincard.domain.Decision;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockCommand.ReturnStock;
import io.bincard.domain.stock.StockCommand.SetStockPolicy;
import io.bincard.domain.stock.StockCommand.UnfreezeStockItem;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockEvent.StockReturned;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import io.bincard.domain.stock.StockRejection.StaleVersion;
import io.bincard.domain.stock.StockRejection.StockItemAlreadyRegistered;
import io.bincard.domain.stock.StockRejection.StockItemNotFrozen;
import io.bincard.domain.stock.StockRejection.UnknownStockItem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one SKU at one location, in units.
 *
 * <p>Without backorders {@code onHand >= reserved >= 0} at every version. A policy with a backorder
 * limit lets sales run {@link #available} down to minus that limit, and {@code onHand} with it: a
 * negative figure is what the shop owes.
 *
 * <p>A promise to a hold counts until its time, written down or not: what lapsed is on offer again
 * at once. Before units are taken that a lapsed promise still has in the books, the end of that
 * hold is written down, {@link #overdue} says of which.
 *
 * @param version sequence of the last event of the item's stream, {@link #NO_VERSION} before the
 *     first
 * @param onHand units that lie there, -{@value Quantity#MAX} to {@value Quantity#MAX}; below 0 only
 *     by backorders
 * @param reservations units of {@code onHand} promised to holds, 0 to {@value Quantity#MAX} in all
 * @param safetyStock units that are never offered for sale, 0 to {@value Quantity#MAX}
 * @param backorderLimit units that may be sold beyond what can be offered, 0 to {@value
 *     Quantity#MAX}
 * @param frozen whether changes are stopped
 */
public record StockItem(
    long version,
    long onHand,
    Reservations reservations,
    long safetyStock,
    long backorderLimit,
    boolean frozen) {

  /** The version of an item that is not registered. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 2;

  /** An item of which nothing is known. */
  public static final StockItem UNREGISTERED =
      new StockItem(NO_VERSION, 0, Reservations.NONE, 0, 0, false);

  /**
   * @throws IllegalArgumentException if a figure is out of its range; no accepted command leads
   *     there, so the stored events or the snapshot are not what was once written
   */
  public StockItem {
    if (version < NO_VERSION
        || onHand < -Quantity.MAX
        || onHand > Quantity.MAX
        || !isQuantity(reservations.total())
        || !isQuantity(safetyStock)
        || !isQuantity(backorderLimit)) {
      throw new IllegalArgumentException(
          "no stock item can be at version "
              + version
              + " with "
              + onHand
              + " on hand, "
              + reservations
              + " reserved, "
              + safetyStock
              + " safety stock, a backorder limit of "
              + backorderLimit);
    }
  }

  private static boolean isQuantity(long units) {
    return units >= 0 && units <= Quantity.MAX;
  }

  public boolean isRegistered() {
    return version != NO_VERSION;
  }

  /** Units that are promised to holds at {@code now}. */
  public long reserved(Instant now) {
    return reservations.total() - reservations.lapsed(now);
  }

  /**
   * Units on offer at {@code now}: on hand, less reserved, less safety stock. Negative when more is
   * promised or kept back.
   */
  public long available(Instant now) {
    return onHand - reserved(now) - safetyStock;
  }

  /**
   * Units that may be taken at {@code now}: those on offer, and backorders as the policy allows.
   */
  public long sellable(Instant now) {
    return available(now) + backorderLimit;
  }

  /**
   * The holds whose end has to be written down before {@code event}, which was decided on at {@code
   * now}, may follow: without them the books would promise more than there is.
   */
  public List<HoldId> overdue(StockEvent event, Instant now) {
    if (reservations.isEmpty()) {
      return List.of();
    }
    long missing =
        switch (event) {
          case StockDeducted e -> e.quantity().units() - sellableInTheBooks();
          case StockReserved e ->
              Math.max(
                  e.quantity().units() - sellableInTheBooks(),
                  reservations.total() + e.quantity().units() - Quantity.MAX);
          case StockAdjusted e ->
              e.delta().units() < 0 ? reservations.total() - (onHand + e.delta().units()) : 0;
          case StockCounted e -> reservations.total() - e.counted().units();
          case StockItemRegistered e -> 0;
          case StockReceived e -> 0;
          case StockReturned e -> 0;
          case StockPolicySet e -> 0;
          case ReservationConfirmed e -> 0;
          case ReservationExtended e -> 0;
          case ReservationReleased e -> 0;
          case ReservationExpired e -> 0;
          case StockEvent.StockItemFrozen e -> 0;
          case StockItemUnfrozen e -> 0;
        };
    return missing <= 0 ? List.of() : reservations.lapsed(now, missing);
  }

  /** {@link #sellable} if nothing had lapsed. */
  private long sellableInTheBooks() {
    return onHand - reservations.total() - safetyStock + backorderLimit;
  }

  /** Decides on {@code command}; pure, and total over every command in every state. */
  public Decision<StockEvent, StockRejection> decide(
      StockCommand command, ExpectedVersion expected, Instant now) {
    StockRejection obstacle = obstacle(command, expected);
    if (obstacle != null) {
      return reject(obstacle);
    }
    return switch (command) {
      case RegisterStockItem c ->
          accept(
              new StockItemRegistered(
                  c.sku(), c.location(), c.openingQuantity(), c.safetyStock(), c.backorderLimit()));
      case ReceiveStock c ->
          increase(
              c,
              c.quantity().units(),
              new StockReceived(c.sku(), c.location(), c.quantity(), c.document()));
      case DeductStock c -> deduct(c, now);
      case ReturnStock c ->
          increase(
              c,
              c.quantity().units(),
              new StockReturned(c.sku(), c.location(), c.quantity(), c.orderId()));
      case AdjustStock c -> adjust(c, reserved(now));
      case CountStock c -> count(c, reserved(now));
      case SetStockPolicy c ->
          accept(
              new StockPolicySet(
                  c.sku(),
                  c.location(),
                  c.safetyStock() == null ? new Quantity(safetyStock) : c.safetyStock(),
                  c.backorderLimit() == null ? new Quantity(backorderLimit) : c.backorderLimit()));
      case FreezeStockItem c ->
          accept(new StockEvent.StockItemFrozen(c.sku(), c.location(), c.reason()));
      case UnfreezeStockItem c -> accept(new StockItemUnfrozen(c.sku(), c.location(), c.reason()));
    };
  }

  /** The rules that hold for every command alike, in their order of precedence. */
  private @Nullable StockRejection obstacle(StockCommand command, ExpectedVersion expected) {
    Sku sku = command.sku();
    LocationId location = command.location();
    boolean registers = command instanceof RegisterStockItem;
    if (!registers && !isRegistered()) {
      return new UnknownStockItem(sku, location);
    }
    if (registers && isRegistered()) {
      return new StockItemAlreadyRegistered(sku, location);
    }
    if (expected instanceof ExpectedVersion.Exactly(long expectedVersion)
        && expectedVersion != version) {
      return new StaleVersion(sku, location, expectedVersion, version);
    }
    boolean passesFreeze = command instanceof UnfreezeStockItem || command instanceof CountStock;
    if (frozen && !passesFreeze) {
      return new StockRejection.StockItemFrozen(sku, location);
    }
    if (!frozen && command instanceof UnfreezeStockItem) {
      return new StockItemNotFrozen(sku, location);
    }
    return null;
  }

  private Decision<StockEvent, StockRejection> increase(
      StockCommand command, long units, StockEvent event) {
    return onHand + units > Quantity.MAX
        ? reject(
            new QuantityLimitExceeded(
                command.sku(), command.location(), onHand, units, Quantity.MAX))
        : accept(event);
  }

  private Decision<StockEvent, StockRejection> deduct(DeductStock command, Instant now) {
    long units = command.quantity().units();
    long sellable = sellable(now);
    return units > sellable
        ? reject(new InsufficientStock(command.sku(), command.location(), units, sellable))
        : accept(
            new StockDeducted(
                command.sku(), command.location(), command.quantity(), command.orderId()));
  }

  private Decision<StockEvent, StockRejection> adjust(AdjustStock command, long reserved) {
    long delta = command.delta().units();
    StockAdjusted adjusted =
        new StockAdjusted(command.sku(), command.location(), command.delta(), command.reason());
    if (delta > 0) {
      return increase(command, delta, adjusted);
    }
    return onHand + delta < reserved
        ? reject(
            new AdjustmentExceedsStock(command.sku(), command.location(), delta, onHand, reserved))
        : accept(adjusted);
  }

  private Decision<StockEvent, StockRejection> count(CountStock command, long reserved) {
    long counted = command.counted().units();
    long delta = counted - onHand;
    if (delta > Quantity.MAX) {
      return reject(
          new QuantityLimitExceeded(
              command.sku(), command.location(), onHand, delta, Quantity.MAX));
    }
    return counted < reserved
        ? reject(new CountBelowReserved(command.sku(), command.location(), counted, reserved))
        : accept(
            new StockCounted(
                command.sku(), command.location(), command.counted(), new Delta(delta)));
  }

  /**
   * The state after {@code event}; pure, and the only way the state moves, live and in replay.
   *
   * @throws IllegalStateException if a stream does not begin with its one {@link
   *     StockItemRegistered}, or a promise ends that was not made
   * @throws IllegalArgumentException if {@code event} leads out of the range of a figure; like the
   *     above a sign of stored events that are not what was once written, for no accepted command
   *     leads there
   */
  public StockItem evolve(StockEvent event) {
    if (event instanceof StockItemRegistered == isRegistered()) {
      throw new IllegalStateException(
          "a stock item's stream begins with its registration and has no second one: "
              + event.getClass().getSimpleName()
              + " cannot follow version "
              + version);
    }
    return switch (event) {
      case StockItemRegistered e ->
          new StockItem(
              version + 1,
              e.openingQuantity().units(),
              Reservations.NONE,
              e.safetyStock().units(),
              e.backorderLimit().units(),
              false);
      case StockReceived e -> moved(e.quantity().units());
      case StockDeducted e -> moved(-e.quantity().units());
      case StockReturned e -> moved(e.quantity().units());
      case StockAdjusted e -> moved(e.delta().units());
      case StockCounted e -> moved(e.delta().units());
      case StockPolicySet e ->
          new StockItem(
              version + 1,
              onHand,
              reservations,
              e.safetyStock().units(),
              e.backorderLimit().units(),
              frozen);
      case StockReserved e ->
          promised(0, reservations.plus(e.hold(), e.until(), e.quantity().units()));
      case ReservationConfirmed e ->
          promised(
              -e.quantity().units(), reservations.minus(e.hold(), e.until(), e.quantity().units()));
      case ReservationExtended e ->
          promised(
              0,
              reservations
                  .minus(e.hold(), e.from(), e.quantity().units())
                  .plus(e.hold(), e.until(), e.quantity().units()));
      case ReservationReleased e ->
          promised(0, reservations.minus(e.hold(), e.until(), e.quantity().units()));
      case ReservationExpired e ->
          promised(0, reservations.minus(e.hold(), e.until(), e.quantity().units()));
      case StockEvent.StockItemFrozen e ->
          new StockItem(version + 1, onHand, reservations, safetyStock, backorderLimit, true);
      case StockItemUnfrozen e ->
          new StockItem(version + 1, onHand, reservations, safetyStock, backorderLimit, false);
    };
  }

  private StockItem moved(long units) {
    return promised(units, reservations);
  }

  private StockItem promised(long moved, Reservations after) {
    return new StockItem(version + 1, onHand + moved, after, safetyStock, backorderLimit, frozen);
  }
}
