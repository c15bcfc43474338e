package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockEvent.StockReturned;
import io.bincard.domain.stock.StockItemId;

/**
 * A stock item by reconciliation's own arithmetic. It changes in place: one with 100,000 promises
 * is not copied for each event. After an exception it is of no use.
 */
final class ExpectedItem implements Expected {

  private final String key;
  private final Promises promises = new Promises();
  private long version;
  private long position;
  private long onHand;
  private long safetyStock;
  private long backorderLimit;
  private boolean frozen;

  /** One that never was. */
  ExpectedItem(StockItemId item) {
    this.key = key(item);
    this.version = NO_VERSION;
  }

  /** One that was stored before; its promises are still to be recalled. */
  ExpectedItem(ItemRow row) {
    this.key = row.key();
    this.version = row.version();
    this.position = row.position();
    this.onHand = row.onHand();
    this.safetyStock = row.safetyStock();
    this.backorderLimit = row.backorderLimit();
    this.frozen = row.frozen();
  }

  static String key(StockItemId item) {
    return ItemRow.PREFIX + item;
  }

  void take(StockEvent event, CommittedEvent committed) {
    if (event instanceof StockItemRegistered != (version == NO_VERSION)) {
      throw new BrokenStreamException(
          committed, "a stream begins with the one registration of its item");
    }
    switch (event) {
      case StockItemRegistered e -> {
        onHand = e.openingQuantity().units();
        safetyStock = e.safetyStock().units();
        backorderLimit = e.backorderLimit().units();
      }
      case StockReceived e -> move(e.quantity().units());
      case StockDeducted e -> move(-e.quantity().units());
      case StockReturned e -> move(e.quantity().units());
      case StockAdjusted e -> move(e.delta().units());
      case StockCounted e -> {
        move(e.delta().units());
        require(
            onHand == e.counted().units(), committed, "what was counted is not what it comes to");
      }
      case StockPolicySet e -> {
        safetyStock = e.safetyStock().units();
        backorderLimit = e.backorderLimit().units();
      }
      case StockReserved e ->
          require(
              promises.add(e.hold().id(), e.until(), e.quantity().units()),
              committed,
              "nothing is promised by it");
      case ReservationConfirmed e -> {
        require(
            promises.take(e.hold().id(), e.until(), e.quantity().units()), committed, NOT_PROMISED);
        move(-e.quantity().units());
      }
      case ReservationExtended e ->
          require(
              promises.take(e.hold().id(), e.from(), e.quantity().units())
                  && promises.add(e.hold().id(), e.until(), e.quantity().units()),
              committed,
              NOT_PROMISED);
      case ReservationReleased e ->
          require(
              promises.take(e.hold().id(), e.until(), e.quantity().units()),
              committed,
              NOT_PROMISED);
      case ReservationExpired e ->
          require(
              promises.take(e.hold().id(), e.until(), e.quantity().units()),
              committed,
              NOT_PROMISED);
      case StockItemFrozen e -> frozen = true;
      case StockItemUnfrozen e -> frozen = false;
    }
    version = committed.sequence();
    position = committed.position();
  }

  private static final String NOT_PROMISED = "that many units were not promised to the hold";

  private static void require(boolean isTrue, CommittedEvent committed, String otherwise) {
    if (!isTrue) {
      throw new BrokenStreamException(committed, otherwise);
    }
  }

  private void move(long units) {
    onHand = Math.addExact(onHand, units);
  }

  Promises promises() {
    return promises;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public long position() {
    return position;
  }

  ItemRow figures() {
    return new ItemRow(
        key,
        version,
        position,
        onHand,
        promises.total(),
        promises.lapses(),
        safetyStock,
        backorderLimit,
        frozen);
  }

  @Override
  public ExpectedRow row() {
    return figures().expected();
  }
}
