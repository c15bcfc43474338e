package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
      Map.of(1, "115c24817e71bf88b2c4c08c9d307adf0662ba114b9dae530be82b073f12e2ce");

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
      if (items[number].decide(command, ExpectedVersion.ANY, NOW)
          instanceof Decision.Accepted<StockEvent, StockRejection>(var events)) {
        for (StockEvent event : events) {
          items[number] = items[number].evolve(event);
          seen.add(event.getClass());
          hash.update(items[number].toString().getBytes(StandardCharsets.UTF_8));
          taken++;
        }
      }
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static StockCommand command(Random random) {
    Sku sku = new Sku("A");
    LocationId main = LocationId.MAIN;
    OrderId order = new OrderId("o");
    Reason reason = new Reason("why");
    Quantity some = new Quantity(1 + random.nextInt(20));
    Quantity any = new Quantity(random.nextInt(40));
    return switch (random.nextInt(12)) {
      case 0 -> new StockCommand.RegisterStockItem(sku, main, any, any, some);
      case 1, 2, 3 -> new StockCommand.DeductStock(sku, main, some, order);
      case 4 -> new StockCommand.ReturnStock(sku, main, some, order);
      case 5 -> new StockCommand.AdjustStock(sku, main, new Delta(some.units() - 30), reason);
      case 6 -> new StockCommand.CountStock(sku, main, any);
      case 7 -> new StockCommand.SetStockPolicy(sku, main, any, some);
      case 8 -> new StockCommand.FreezeStockItem(sku, main, reason);
      case 9, 10 -> new StockCommand.UnfreezeStockItem(sku, main, reason);
      default -> new StockCommand.ReceiveStock(sku, main, some, null);
    };
  }
}
