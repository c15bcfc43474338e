package io.bincard.application.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.Gate;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.client.Gap;
import io.bincard.client.Patience;
import io.bincard.client.StockClient;
import io.bincard.client.StockLevel;
import io.bincard.client.StockListener;
import io.bincard.client.Subscription;
import io.bincard.client.Subscription.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client of live stock on two real nodes, which come, go, and are cut off. */
class StockClientIT {

  private static final Duration PATIENCE_OF_THE_TEST = Duration.ofSeconds(30);
  private static final Patience PATIENCE =
      Patience.DEFAULT.withDelays(Duration.ofMillis(20), Duration.ofMillis(200));

  /** What a storefront knows. */
  private static final class Shelf implements StockListener {

    private final Map<String, StockLevel> levels = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    @Override
    public void level(StockLevel level) {
      StockLevel before = levels.put(level.sku(), level);
      if (before != null && before.version() > level.version()) {
        faults.add(before + " and then " + level);
      }
    }

    @Override
    public void resynced(String reason) {
      levels.clear();
    }

    @Override
    public void gap(Gap gap, String detail) {
      faults.add(gap + " " + detail);
    }

    long available(String sku) {
      StockLevel level = levels.get(sku);
      return level == null ? Long.MIN_VALUE : level.available();
    }
  }

  private static void register(RunningBincard node, String sku) throws Exception {
    String json = "{\"sku\":\"" + sku + "\",\"openingQuantity\":1000}";
    assertThat(node.post("/v1/stock-items", "r-" + sku, json).statusCode()).isEqualTo(201);
  }

  private static void awaitAvailable(Shelf shelf, String sku, long units) {
    await()
        .atMost(PATIENCE_OF_THE_TEST)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(shelf.available(sku)).isEqualTo(units));
  }

  @Test
  void every_value_converges_to_the_ledger_however_often_nodes_are_cut_off_and_stopped()
      throws Exception {
    long seed = new Random().nextLong();
    System.out.println("StockClientIT: seed " + seed);
    Random random = new Random(seed);
    List<String> skus = IntStream.range(0, 8).mapToObj(i -> "SHELF-" + i).toList();
    RunningBincard stopped = RunningBincard.onLedger("shelf");
    try (RunningBincard stays = RunningBincard.onLedger("shelf");
        Gate one = new Gate(stopped.uri(""));
        Gate two = new Gate(stays.uri(""));
        StockClient client = StockClient.to(List.of(one.uri(""), two.uri("")), PATIENCE)) {
      List<Shelf> shelves = new ArrayList<>();
      List<Subscription> subscriptions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        shelves.add(new Shelf());
        subscriptions.add(client.follow(skus, shelves.getLast()));
      }
      register(stays, skus.getFirst());
      for (Shelf shelf : shelves) {
        awaitAvailable(shelf, skus.getFirst(), 1_000);
      }
      for (String sku : skus.subList(1, skus.size())) {
        register(stays, sku);
      }
      for (int command = 0; command < 400; command++) {
        String sku = skus.get(random.nextInt(skus.size()));
        boolean sells = random.nextInt(3) > 0;
        stays.post(
            "/v1/stock/" + sku + (sells ? "/deductions" : "/receipts"),
            "c-" + command,
            sells
                ? "{\"quantity\":%d,\"orderId\":\"o\"}".formatted(1 + random.nextInt(3))
                : "{\"quantity\":2}");
        if (random.nextInt(20) == 0) {
          (random.nextBoolean() ? one : two).cut();
        }
        if (command == 200) {
          stopped.close(); // which sends its clients to the other one
          one.leadTo(null);
        }
      }

      for (String sku : skus) {
        String told = stays.get("/v1/stock/" + sku + "?minPosition=409").body();
        long ledger = Long.parseLong(told.replaceAll(".*\"available\":(-?\\d+).*", "$1"));
        for (Shelf shelf : shelves) {
          awaitAvailable(shelf, sku, ledger);
        }
      }
      assertThat(shelves).allSatisfy(shelf -> assertThat(shelf.faults).isEmpty());
      await()
          .atMost(PATIENCE_OF_THE_TEST)
          .until(() -> subscriptions.stream().allMatch(each -> each.state() == State.CONNECTED));
      assertThat(subscriptions.stream().mapToLong(each -> each.statistics().connections()).sum())
          .isGreaterThan(6);
    }
  }
}
