package io.bincard.application.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An operator's rebuild of all views, over HTTP, beside commands. */
class ViewsMadeAnewIT {

  private static final RunningBincard BINCARD = RunningBincard.shared();
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static JsonNode views() throws Exception {
    return JSON.readTree(BINCARD.get("/actuator/views").body());
  }

  private static int act(String action) throws Exception {
    return BINCARD
        .post("/actuator/views", UUID.randomUUID().toString(), "{\"action\":\"" + action + "\"}")
        .statusCode();
  }

  private static void awaitSwitched(String kind) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode run = views().get("run");
              assertThat(run.get("phase").asString()).as("%s", run).isNotEqualTo("FAILED");
              return run.get("kind").asString().equals(kind)
                  && run.get("phase").asString().equals("SWITCHED");
            });
  }

  @Test
  void commands_and_reads_go_on_while_views_are_made_anew_and_taken_back() throws Exception {
    await().atMost(PATIENCE).until(() -> views().has("live"));
    long before = views().get("live").get("generation").asLong();
    register("anew-1", 10);

    assertThat(act("rebuild")).isEqualTo(202);
    long position = deduct("anew-1", 3);
    awaitSwitched("REBUILD");
    assertRead("anew-1", position, 7);
    assertThat(views().get("live").get("generation").asLong()).isGreaterThan(before);
    assertThat(views().get("previous").get("generation").asLong()).isEqualTo(before);
    position = deduct("anew-1", 2);
    assertRead("anew-1", position, 5);

    assertThat(act("rollback")).isEqualTo(202);
    awaitSwitched("ROLLBACK");
    assertRead("anew-1", position, 5);
    assertThat(views().get("live").get("generation").asLong()).isEqualTo(before);
    assertRead("anew-1", deduct("anew-1", 1), 4);
  }

  @Test
  void what_cannot_be_done_is_refused() throws Exception {
    await().atMost(PATIENCE).until(() -> views().has("live"));

    assertThat(act("cancel")).isEqualTo(409);
    assertThat(act("burn")).isEqualTo(400);
    assertThat(BINCARD.post("/actuator/views", UUID.randomUUID().toString(), "{}").statusCode())
        .isEqualTo(400);
  }

  private static void register(String sku, int units) throws Exception {
    assertThat(
            BINCARD
                .post(
                    "/v1/stock-items",
                    UUID.randomUUID().toString(),
                    "{\"sku\":\"" + sku + "\",\"openingQuantity\":" + units + "}")
                .statusCode())
        .isEqualTo(201);
  }

  /** Returns the position. */
  private static long deduct(String sku, int units) throws Exception {
    return JSON.readTree(
            BINCARD
                .post(
                    "/v1/stock/" + sku + "/deductions",
                    UUID.randomUUID().toString(),
                    "{\"quantity\":" + units + ",\"orderId\":\"o-1\"}")
                .body())
        .get("position")
        .asLong();
  }

  private static void assertRead(String sku, long position, int onHand) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode read =
                  JSON.readTree(
                      BINCARD.get("/v1/stock/" + sku + "?minPosition=" + position).body());
              assertThat(read.get("onHand").asInt()).isEqualTo(onHand);
              assertThat(read.get("source").asString()).isEqualTo("view");
            });
  }
}
