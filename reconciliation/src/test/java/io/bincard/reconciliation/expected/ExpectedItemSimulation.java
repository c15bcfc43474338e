package io.bincard.reconciliation.expected;

import static io.bincard.reconciliation.expected.Events.NOON;
import static io.bincard.reconciliation.expected.Events.ORDER;
import static io.bincard.reconciliation.expected.Events.SKU;
import static io.bincard.reconciliation.expected.Events.at;
import static io.bincard.reconciliation.expected.Events.hold;
import static io.bincard.reconciliation.expected.Events.registered;
import static io.bincard.reconciliation.expected.Events.units;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockEvent.StockReturned;
import io.bincard.domain.stock.StockItem;
import io.bincard.reconciliation.expected.Promises.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Long random streams of an item, folded here and by the ledger itself: they must come to the same
 * figures. From time to time the item is put away and taken out of its tables again.
 */
class ExpectedItemSimulation {

  private static final int RUNS = 40;
  private static final int EVENTS = 400;
  private static final LocationId MAIN = LocationId.MAIN;
  private static final Reason REASON = new Reason("why not");

  private record Held(HoldId hold, Instant until, long units) {}

  @Test
  void comes_to_what_the_ledger_comes_to() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      stream(random, "seed " + seed + ", run " + run);
    }
  }

  private static void stream(Random random, String name) {
    List<Held> held = new ArrayList<>();
    Map<Promise, Long> stored = new HashMap<>();
    StockEvent first = registered(random.nextInt(50));
    StockItem truth = StockItem.UNREGISTERED.evolve(first);
    ExpectedItem item = (ExpectedItem) Expected.after(null, at(0, first));
    for (int sequence = 1; sequence < EVENTS; sequence++) {
      StockEvent event = next(random, truth, held);
      truth = truth.evolve(event);
      item = (ExpectedItem) Expected.after(item, at(sequence, event));
      if (random.nextInt(20) == 0) {
        item.promises().drain((promise, units) -> store(stored, promise, units));
        item = new ExpectedItem(item.figures());
        stored.forEach(item.promises()::recall);
      }
      assertThat(item.figures())
          .as("%s after %s", name, event)
          .isEqualTo(
              new ItemRow(
                  "availability:A@MAIN",
                  truth.version(),
                  sequence + 10L,
                  truth.onHand(),
                  truth.reservations().total(),
                  lapses(truth),
                  truth.safetyStock(),
                  truth.backorderLimit(),
                  truth.frozen()));
    }
  }

  private static void store(Map<Promise, Long> stored, Promise promise, long units) {
    if (units == 0) {
      assertThat(stored.remove(promise)).isNotNull();
    } else {
      stored.put(promise, units);
    }
  }

  /** As many times as a row has, of which each has but a few promises here. */
  private static String lapses(StockItem item) {
    TreeMap<Long, Long> times = new TreeMap<>();
    item.reservations()
        .forEach(one -> times.merge(one.until().toEpochMilli(), one.amount(), Long::sum));
    return times.entrySet().stream()
        .limit(32)
        .map(time -> time.getKey() + ":" + time.getValue())
        .collect(joining(" "));
  }

  private static StockEvent next(Random random, StockItem item, List<Held> held) {
    long some = 1 + random.nextLong(9);
    Instant until = NOON.plusMillis(random.nextInt(60));
    int kind = random.nextInt(held.isEmpty() ? 12 : 24);
    return switch (kind) {
      case 0 -> new StockReceived(SKU, MAIN, units(some), null);
      case 1 -> new StockDeducted(SKU, MAIN, units(some), ORDER);
      case 2 -> new StockReturned(SKU, MAIN, units(some), ORDER);
      case 3 -> new StockAdjusted(SKU, MAIN, new Delta(-some), REASON);
      case 4 -> new StockCounted(SKU, MAIN, units(some), new Delta(some - item.onHand()));
      case 5 -> new StockPolicySet(SKU, MAIN, units(some), units(2 * some));
      case 6 -> new StockItemFrozen(SKU, MAIN, REASON);
      case 7 -> new StockItemUnfrozen(SKU, MAIN, REASON);
      case 8, 9, 10, 11 -> {
        Held made = new Held(hold(random.nextInt(200)), until, some);
        held.add(made);
        yield new StockReserved(SKU, MAIN, units(some), made.hold(), ORDER, until);
      }
      default -> {
        Held one = held.remove(random.nextInt(held.size()));
        long part = random.nextBoolean() ? one.units() : 1 + random.nextLong(one.units());
        if (part < one.units()) {
          held.add(new Held(one.hold(), one.until(), one.units() - part));
        }
        yield switch (kind % 4) {
          case 0 ->
              new ReservationConfirmed(SKU, MAIN, units(part), one.hold(), ORDER, one.until());
          case 1 -> {
            held.add(new Held(one.hold(), until, part));
            yield new ReservationExtended(
                SKU, MAIN, units(part), one.hold(), ORDER, one.until(), until);
          }
          case 2 -> new ReservationReleased(SKU, MAIN, units(part), one.hold(), ORDER, one.until());
          default -> new ReservationExpired(SKU, MAIN, units(part), one.hold(), ORDER, one.until());
        };
      }
    };
  }
}
