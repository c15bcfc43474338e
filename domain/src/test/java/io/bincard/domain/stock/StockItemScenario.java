package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockCommand.ReturnStock;
import io.bincard.domain.stock.StockCommand.SetStockPolicy;
import io.bincard.domain.stock.StockCommand.UnfreezeStockItem;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Given events or a state, when a command, then events or a rejection; all of one item. */
final class StockItemScenario {

  static final Sku SKU = new Sku("85123A");
  static final LocationId LOCATION = LocationId.MAIN;
  static final OrderId ORDER = new OrderId("536365");
  static final DocumentId DELIVERY_NOTE = new DocumentId("DN-7");
  static final Reason REASON = new Reason("water damage");

  private final StockItem before;
  private final Decision<StockEvent, StockRejection> decision;

  private StockItemScenario(StockItem before, Decision<StockEvent, StockRejection> decision) {
    this.before = before;
    this.decision = decision;
  }

  /** What lies before the command. */
  record Given(StockItem item) {

    StockItemScenario when(StockCommand command) {
      return when(command, ExpectedVersion.ANY);
    }

    StockItemScenario when(StockCommand command, ExpectedVersion expected) {
      return new StockItemScenario(item, item.decide(command, expected, NOW));
    }

    StockItemScenario when(StockCommand command, Instant now) {
      return new StockItemScenario(item, item.decide(command, ExpectedVersion.ANY, now));
    }
  }

  static Given given(StockEvent... events) {
    StockItem item = StockItem.UNREGISTERED;
    for (StockEvent event : events) {
      item = item.evolve(event);
    }
    return new Given(item);
  }

  /** For states that no command on the item alone leads to, as one with reserved units. */
  static Given given(StockItem item) {
    return new Given(item);
  }

  /** The command was taken for exactly this event; returns the state after it. */
  StockItem then(StockEvent event) {
    assertThat(decision)
        .isEqualTo(new Decision.Accepted<StockEvent, StockRejection>(List.of(event)));
    return before.evolve(event);
  }

  void thenRefused(StockRejection rejection) {
    assertThat(decision).isEqualTo(new Decision.Rejected<StockEvent, StockRejection>(rejection));
  }

  static StockEvent registered(long opening, long safetyStock, long backorderLimit) {
    return new StockItemRegistered(
        SKU,
        LOCATION,
        new Quantity(opening),
        new Quantity(safetyStock),
        new Quantity(backorderLimit));
  }

  static StockCommand register(long opening, long safetyStock, long backorderLimit) {
    return new RegisterStockItem(
        SKU,
        LOCATION,
        new Quantity(opening),
        new Quantity(safetyStock),
        new Quantity(backorderLimit));
  }

  static StockCommand receive(long units) {
    return new ReceiveStock(SKU, LOCATION, new Quantity(units), DELIVERY_NOTE);
  }

  static StockCommand deduct(long units) {
    return new DeductStock(SKU, LOCATION, new Quantity(units), ORDER);
  }

  static StockCommand giveBack(long units) {
    return new ReturnStock(SKU, LOCATION, new Quantity(units), ORDER);
  }

  static StockCommand adjust(long delta) {
    return new AdjustStock(SKU, LOCATION, new Delta(delta), REASON);
  }

  static StockCommand count(long counted) {
    return new CountStock(SKU, LOCATION, new Quantity(counted));
  }

  static StockCommand setPolicy(@Nullable Long safetyStock, @Nullable Long backorderLimit) {
    return new SetStockPolicy(
        SKU,
        LOCATION,
        safetyStock == null ? null : new Quantity(safetyStock),
        backorderLimit == null ? null : new Quantity(backorderLimit));
  }

  static StockCommand freeze() {
    return new FreezeStockItem(SKU, LOCATION, REASON);
  }

  static StockCommand unfreeze() {
    return new UnfreezeStockItem(SKU, LOCATION, REASON);
  }
}
