package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static io.bincard.domain.stock.Held.expirations;
import static io.bincard.domain.stock.StockItemScenario.LOCATION;
import static io.bincard.domain.stock.StockItemScenario.ORDER;
import static io.bincard.domain.stock.StockItemScenario.SKU;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations.Reservation;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockReserved;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Opening balances are states that {@link StockItem#evolve} once came to. What it makes of one
 * history is promised here for each {@link StockItem#FOLD_REVISION}.
 */
class StockItemFoldContractTest {

  private static final int EVENTS = 20_000;
  private static final int ITEMS = 20;

  /** Only added to: if the fold means something new, it has a new number here. */
  private static final Map<Integer, String> PROMISED =
      Map.of(
          1,
          "115c24817e71bf88b2c4c08c9d307adf0662ba114b9dae530be82b073f12e2ce",
          2,
          "06a6d51f49f348b841b114888a0ee2e212e367897c15521f2deb28c577eda7c3");

  private final Set<Class<?>> seen = new HashSet<>();

  @Test
  void the_fold_comes_to_the_states_that_its_revision_stands_for() throws Exception {
    String states = statesOfAFixedHistory();

    assertThat(PROMISED.getOrDefault(StockItem.FOLD_REVISION, "no promise yet"))
        .as("a fold with another meaning needs another StockItem.FOLD_REVISION and a line here")
        .isEqualTo(states);
    assertThat(seen).containsExactlyInAnyOrder(StockEvent.class.getPermittedSubclasses());
  }

  /** A hash of every state on the way; java.util.Random is the same on every machine. */
  private String statesOfAFixedHistory() throws NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    Random random = new Random(20_261_121);
    StockItem[] items = new StockItem[ITEMS];
    Arrays.fill(items, StockItem.UNREGISTERED);
    for (int taken = 0; taken < EVENTS; ) {
      int number = random.nextInt(ITEMS);
      StockCommand command = command(random);
      List<StockEvent> events = new ArrayList<>();
      if (random.nextInt(3) == 0 && items[number].isRegistered()) {
        events.add(ofHold(items[number], random));
      } else if (items[number].decide(command, ExpectedVersion.ANY, NOW)
          instanceof Decision.Accepted<StockEvent, StockRejection>(var accepted)) {
        events.addAll(expirations(items[number], accepted.getFirst()));
        events.addAll(accepted);
      }
      for (StockEvent event : events) {
        items[number] = items[number].evolve(event);
        seen.add(event.getClass());
        hash.update(text(items[number]).getBytes(StandardCharsets.UTF_8));
        taken++;
      }
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static String text(StockItem item) {
    StringBuilder text = new StringBuilder(item.toString());
    item.reservations().forEach(text::append);
    return text.toString();
  }

  /** A promise, or what becomes of one. */
  private static StockEvent ofHold(StockItem item, Random random) {
    Quantity some = new Quantity(1 + random.nextInt(5));
    Instant until = NOW.plusSeconds(random.nextInt(5) - 2);
    List<Reservation> open = item.reservations().first(8);
    if (random.nextInt(2) == 0 || open.isEmpty()) {
      HoldId hold = new HoldId(new UUID(random.nextLong(), random.nextLong()));
      return new StockReserved(SKU, LOCATION, some, hold, ORDER, until);
    }
    Reservation of = open.get(random.nextInt(open.size()));
    HoldId hold = of.hold();
    Quantity part = new Quantity(1 + random.nextInt((int) of.amount()));
    return switch (random.nextInt(4)) {
      case 0 -> new ReservationConfirmed(SKU, LOCATION, part, hold, ORDER, of.until());
      case 1 -> new ReservationExtended(SKU, LOCATION, part, hold, ORDER, of.until(), until);
      case 2 -> new ReservationReleased(SKU, LOCATION, part, hold, ORDER, of.until());
      default -> new ReservationExpired(SKU, LOCATION, part, hold, ORDER, of.until());
    };
  }

  private static StockCommand command(Random random) {
    Reason reason = new Reason("why");
    Quantity some = new Quantity(1 + random.nextInt(20));
    Quantity any = new Quantity(random.nextInt(40));
    return switch (random.nextInt(12)) {
      case 0 -> new StockCommand.RegisterStockItem(SKU, LOCATION, any, any, some);
      case 1, 2, 3 -> new StockCommand.DeductStock(SKU, LOCATION, some, ORDER);
      case 4 -> new StockCommand.ReturnStock(SKU, LOCATION, some, ORDER);
      case 5 -> new StockCommand.AdjustStock(SKU, LOCATION, new Delta(some.units() - 30), reason);
      case 6 -> new StockCommand.CountStock(SKU, LOCATION, any);
      case 7 -> new StockCommand.SetStockPolicy(SKU, LOCATION, any, some);
      case 8 -> new StockCommand.FreezeStockItem(SKU, LOCATION, reason);
      case 9, 10 -> new StockCommand.UnfreezeStockItem(SKU, LOCATION, reason);
      default -> new StockCommand.ReceiveStock(SKU, LOCATION, some, null);
    };
  }
}
