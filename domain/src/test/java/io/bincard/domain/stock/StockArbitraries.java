package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static io.bincard.domain.stock.Held.held;
import static io.bincard.domain.stock.StockItemScenario.DELIVERY_NOTE;
import static io.bincard.domain.stock.StockItemScenario.LOCATION;
import static io.bincard.domain.stock.StockItemScenario.ORDER;
import static io.bincard.domain.stock.StockItemScenario.REASON;
import static io.bincard.domain.stock.StockItemScenario.SKU;

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
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Commands, states and histories of one item, most of them small, some at the limits of a {@link
 * Quantity}.
 */
final class StockArbitraries {

  private StockArbitraries() {}

  /**
   * A command and what its sender believes of the version.
   *
   * @param versionsBehind how far the sender's version lies behind the item's; {@code null} if he
   *     does not care
   */
  record Request(StockCommand command, @Nullable Integer versionsBehind) {

    ExpectedVersion expectedOf(StockItem item) {
      return versionsBehind == null
          ? ExpectedVersion.ANY
          : new ExpectedVersion.Exactly(item.version() - versionsBehind);
    }
  }

  static Arbitrary<Long> units() {
    return Arbitraries.frequencyOf(
        Tuple.of(12, Arbitraries.longs().between(0, 20)),
        Tuple.of(1, Arbitraries.longs().between(Quantity.MAX - 20, Quantity.MAX)),
        Tuple.of(1, Arbitraries.longs().between(0, Quantity.MAX)));
  }

  static Arbitrary<Quantity> quantities() {
    return units().map(Quantity::new);
  }

  static Arbitrary<Quantity> movements() {
    return units().filter(units -> units > 0).map(Quantity::new);
  }

  private static Arbitrary<Delta> deltas() {
    return Combinators.combine(movements(), Arbitraries.of(-1, 1))
        .as((quantity, sign) -> new Delta(sign * quantity.units()));
  }

  static Arbitrary<StockCommand> registrations() {
    return Combinators.combine(quantities(), quantities(), quantities())
        .as(
            (opening, safetyStock, backorderLimit) ->
                new RegisterStockItem(SKU, LOCATION, opening, safetyStock, backorderLimit));
  }

  static Arbitrary<StockCommand> increases() {
    return Arbitraries.oneOf(
        movements().map(quantity -> new ReceiveStock(SKU, LOCATION, quantity, DELIVERY_NOTE)),
        movements().map(quantity -> new ReturnStock(SKU, LOCATION, quantity, ORDER)),
        movements()
            .map(quantity -> new AdjustStock(SKU, LOCATION, new Delta(quantity.units()), REASON)));
  }

  static Arbitrary<StockCommand> deductions() {
    return movements().map(quantity -> new DeductStock(SKU, LOCATION, quantity, ORDER));
  }

  /** Every command but one that sets the policy. */
  static Arbitrary<StockCommand> commandsUnderOnePolicy() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, registrations()),
        Tuple.of(8, increases()),
        Tuple.of(12, deductions()),
        Tuple.of(3, deltas().map(delta -> new AdjustStock(SKU, LOCATION, delta, REASON))),
        Tuple.of(3, quantities().map(counted -> new CountStock(SKU, LOCATION, counted))),
        Tuple.of(1, Arbitraries.just(new FreezeStockItem(SKU, LOCATION, REASON))),
        Tuple.of(3, Arbitraries.just(new UnfreezeStockItem(SKU, LOCATION, REASON))));
  }

  static Arbitrary<StockCommand> commands() {
    return Arbitraries.frequencyOf(
        Tuple.of(10, commandsUnderOnePolicy()),
        Tuple.of(
            1,
            Combinators.combine(quantities().injectNull(0.3), quantities().injectNull(0.3))
                .as(
                    (safetyStock, backorderLimit) ->
                        new SetStockPolicy(SKU, LOCATION, safetyStock, backorderLimit))));
  }

  static Arbitrary<Request> requests(Arbitrary<StockCommand> commands) {
    return Combinators.combine(
            commands,
            Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(0).injectNull(0.8)),
                Tuple.of(1, Arbitraries.integers().between(-2, 2))))
        .as(Request::new);
  }

  /**
   * Without jqwik's edge cases of lists, which are empty or of one element and would be most of
   * what is tried.
   */
  static Arbitrary<List<Request>> requestLists(Arbitrary<StockCommand> commands) {
    return requests(commands).list().ofMaxSize(60).withoutEdgeCases();
  }

  /** Requests from an item's registration on; now and then it is missing. */
  static Arbitrary<List<Request>> histories() {
    Arbitrary<List<Request>> requests = requestLists(commands());
    Arbitrary<Request> first =
        registrations().map(registration -> new Request(registration, null)).withoutEdgeCases();
    return Combinators.combine(
            first,
            requests,
            Arbitraries.frequency(Tuple.of(19, true), Tuple.of(1, false)).withoutEdgeCases())
        .as(
            (registration, others, registered) ->
                registered
                    ? Stream.concat(Stream.of(registration), others.stream()).toList()
                    : others);
  }

  /**
   * Registered items in any state that the type allows, also such that no command of today leads
   * to.
   */
  static Arbitrary<StockItem> items() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 5),
            units(),
            Arbitraries.of(1L, 1L, 1L, -1L),
            promises(),
            units(),
            units(),
            Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)))
        .as(
            (version, onHand, sign, reserved, safetyStock, backorderLimit, frozen) ->
                new StockItem(
                    version, sign * onHand, reserved, safetyStock, backorderLimit, frozen));
  }

  /** To several holds, some of which have lapsed. */
  private static Arbitrary<Reservations> promises() {
    return Combinators.combine(units(), units())
        .as((kept, lapsed) -> held(kept, Math.min(lapsed, Quantity.MAX - kept)));
  }

  /** Items without backorders that keep their promise: {@code 0 <= reserved <= onHand}. */
  static Arbitrary<StockItem> itemsWithoutBackorders() {
    return items()
        .map(
            item ->
                new StockItem(
                    item.version(),
                    Math.abs(item.onHand()),
                    heldWithin(Math.abs(item.onHand()), item.reservations()),
                    item.safetyStock(),
                    0,
                    item.frozen()));
  }

  private static Reservations heldWithin(long onHand, Reservations some) {
    long kept = Math.min(some.total() - some.lapsed(NOW), onHand);
    return held(kept, Math.min(some.lapsed(NOW), onHand - kept));
  }
}
