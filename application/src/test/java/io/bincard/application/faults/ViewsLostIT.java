package io.bincard.application.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RedisClient;
import io.bincard.application.fixture.RunningBincard;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** F8: Redis is flushed while the ledger serves; nobody is told a wrong number, and it heals. */
class ViewsLostIT {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int ITEMS = 50;
  private static final int OPENING = 100;

  @Test
  void reads_stay_right_and_the_views_come_back_without_a_restart() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      for (int i = 0; i < ITEMS; i++) {
        bincard.post(
            "/v1/stock-items",
            "r" + i,
            "{\"sku\":\"I%d\",\"openingQuantity\":%d}".formatted(i, OPENING));
      }
      awaitAllFromViews(bincard);
      AtomicBoolean enough = new AtomicBoolean();
      List<String> wrong = new ArrayList<>();
      Thread storefront = Thread.ofVirtual().start(() -> readUntil(enough, bincard, wrong));

      for (int round = 1; round <= 3; round++) {
        assertThat(flush(bincard)).isEqualTo("+OK");
        for (int i = 0; i < ITEMS; i++) { // commands go on, and their sender sees them at once
          bincard.post(
              "/v1/stock/I" + i + "/deductions",
              "d" + round + "-" + i,
              "{\"quantity\":1,\"orderId\":\"o\"}");
          JsonNode read =
              JSON.readTree(
                  bincard
                      .get("/v1/stock/I" + i + "?minPosition=" + (round * ITEMS + i + 1))
                      .body());
          assertThat(read.path("onHand").asLong()).isEqualTo(OPENING - round);
        }
        awaitAllFromViews(bincard);
      }
      enough.set(true);
      storefront.join();

      assertThat(wrong).isEmpty();
    }
  }

  /** Whatever is read, from wherever, is a number that the item had and never 0 or "unknown". */
  private static void readUntil(AtomicBoolean enough, RunningBincard bincard, List<String> wrong) {
    try {
      for (int n = 0; !enough.get(); n++) {
        var answer = bincard.get("/v1/stock/I" + n % ITEMS);
        long onHand = JSON.readTree(answer.body()).path("onHand").asLong(-1);
        if (answer.statusCode() != 200 || onHand > OPENING || onHand < OPENING - 3) {
          wrong.add(answer.statusCode() + " " + answer.body());
        }
      }
    } catch (Exception e) {
      wrong.add(e.toString());
    }
  }

  private static void awaitAllFromViews(RunningBincard bincard) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              for (int i = 0; i < ITEMS; i++) {
                assertThat(bincard.get("/v1/stock/I" + i).body()).contains("\"source\":\"view\"");
              }
            });
  }

  private static String flush(RunningBincard bincard) throws Exception {
    return RedisClient.ask(
        URI.create(bincard.property("spring.data.redis.url")).getPort(), "FLUSHALL");
  }
}
