package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.history.ViewRows;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * A shop at random over HTTP: what reconciliation expects, by its own fold out of PostgreSQL, is
 * what the projection wrote into Redis, row by row and field by field.
 */
class ExpectedRowsIT {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int STEPS = 600;
  private static final int SKUS = 12;
  private static final List<String> PLACES = List.of("MAIN", "EAST");
  private static final List<String> EVENTS =
      List.of(
          "hold-confirmed",
          "hold-expired",
          "hold-extended",
          "hold-placed",
          "hold-released",
          "reservation-confirmed",
          "reservation-expired",
          "reservation-extended",
          "reservation-released",
          "sku-described",
          "stock-adjusted",
          "stock-counted",
          "stock-deducted",
          "stock-item-frozen",
          "stock-item-registered",
          "stock-item-unfrozen",
          "stock-policy-set",
          "stock-received",
          "stock-reserved",
          "stock-returned");

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final List<Open> open = new ArrayList<>();
  private int keys;

  /** A hold, and one of the SKUs in it. */
  private record Open(String hold, String sku) {}

  private HttpResponse<String> send(RunningBincard bincard, String method, String path, String json)
      throws Exception {
    HttpResponse<String> answer = bincard.send(method, path, "fold-" + keys++, json);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 404, 409);
    return answer;
  }

  private int some(int most) {
    return 1 + random.nextInt(most);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void step(RunningBincard bincard) throws Exception {
    String sku = "S-" + random.nextInt(SKUS);
    String place = one(PLACES);
    String stock = "/v1/stock/" + sku;
    String at = ",\"location\":\"" + place + "\"}";
    switch (random.nextInt(16)) {
      case 0 -> describe(bincard, sku);
      case 1, 2 ->
          send(
              bincard,
              "POST",
              "/v1/stock-items",
              "{\"sku\":\"%s\",\"openingQuantity\":%d%s".formatted(sku, some(30), at));
      case 3 ->
          send(
              bincard,
              "POST",
              stock + "/receipts",
              "{\"quantity\":" + (random.nextInt(9) == 0 ? 1_500 : some(9)) + at);
      case 4 ->
          send(
              bincard,
              "POST",
              stock + "/deductions",
              "{\"orderId\":\"o\",\"quantity\":" + some(5) + at);
      case 5 ->
          send(
              bincard,
              "POST",
              stock + "/returns",
              "{\"orderId\":\"o\",\"quantity\":" + some(3) + at);
      case 6 ->
          send(
              bincard,
              "POST",
              stock + "/adjustments",
              "{\"reason\":\"r\",\"delta\":-" + some(3) + at);
      case 7 -> send(bincard, "POST", stock + "/counts", "{\"counted\":" + some(40) + at);
      case 8 ->
          send(
              bincard,
              "PUT",
              stock + "/policy",
              "{\"safetyStock\":%d,\"backorderLimit\":%d%s"
                  .formatted(random.nextInt(3), random.nextInt(5), at));
      case 9 -> {
        send(bincard, "PUT", stock + "/freeze", "{\"reason\":\"look\"" + at);
        if (random.nextInt(4) > 0) {
          send(bincard, "DELETE", stock + "/freeze?reason=seen&location=" + place, "");
        }
      }
      case 10, 11, 12 -> place(bincard, sku);
      default -> {
        if (!open.isEmpty()) {
          secondStep(bincard, open.remove(random.nextInt(open.size())));
        }
      }
    }
  }

  private void describe(RunningBincard bincard, String sku) throws Exception {
    String name = one(List.of("Mug", "mug, red", "MUG", "Tea cosy", "Ärmel \\\"lang\\\"", "杯"));
    send(
        bincard,
        "PUT",
        "/v1/skus/" + sku,
        "{\"name\":\""
            + name
            + "\",\"discontinued\":"
            + random.nextBoolean()
            + (random.nextBoolean() ? ",\"category\":\"mugs\"" : "")
            + (random.nextBoolean()
                ? ",\"unitPrice\":{\"amount\":" + some(999) + ",\"currency\":\"EUR\"}"
                : "")
            + "}");
  }

  private void place(RunningBincard bincard, String sku) throws Exception {
    String lines =
        "{\"sku\":\"%s\",\"quantity\":%d,\"location\":\"%s\"},{\"sku\":\"S-%d\",\"quantity\":2,\"location\":\"MAIN\"}"
            .formatted(sku, some(2), one(PLACES), random.nextInt(SKUS));
    HttpResponse<String> answer =
        send(
            bincard,
            "POST",
            "/v1/holds",
            "{\"orderId\":\"order-%d\",\"ttlSeconds\":%d,\"lines\":[%s]}"
                .formatted(random.nextInt(5), random.nextInt(4) == 0 ? 1 : 3_600, lines));
    if (answer.statusCode() == 201) {
      open.add(new Open(JSON.readTree(answer.body()).at("/hold/id").asString(), sku));
    }
  }

  private void secondStep(RunningBincard bincard, Open hold) throws Exception {
    String path = "/v1/holds/" + hold.hold();
    switch (random.nextInt(4)) {
      case 0 -> send(bincard, "POST", path + "/confirmation", "{}");
      case 1 -> {
        send(
            bincard,
            "POST",
            path + "/confirmation",
            "{\"lines\":[{\"sku\":\"%s\",\"quantity\":1}],\"rest\":\"%s\"}"
                .formatted(hold.sku(), random.nextBoolean() ? "keep" : "release"));
        open.add(hold);
      }
      case 2 -> {
        send(bincard, "POST", path + "/extension", "{\"ttlSeconds\":7200}");
        open.add(hold);
      }
      default -> send(bincard, "DELETE", path, "");
    }
  }

  /** What must be in Redis, by key, told as it is stored. */
  private static Map<String, Map<String, String>> told(Iterable<ExpectedRow> expected) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (ExpectedRow row : expected) {
      Map<String, String> fields = new HashMap<>(row.fields());
      fields.put("version", Long.toString(row.version()));
      fields.put("in", lines(row.sets()));
      rows.put(row.key(), fields);
    }
    return rows;
  }

  private static String lines(Iterable<String> sets) {
    List<String> sorted = new ArrayList<>();
    sets.forEach(sorted::add);
    sorted.sort(null);
    return String.join("\n", sorted) + "\n";
  }

  private static long head(RunningBincard bincard) {
    return bincard.sql().sql("select position from ledger_head").query(Long.class).single();
  }

  private static List<ExpectedRow> all(Expectations expectations, long position) {
    List<ExpectedRow> rows = new ArrayList<>();
    try (Expectations.Cut cut = expectations.cut()) {
      assertThat(cut.position()).isEqualTo(position);
      cut.each(0, 100, rows::add);
      cut.each(100, Expectations.BUCKETS, rows::add);
    }
    return rows;
  }

  /** Of those at random it may be that none is left alone for a second. */
  private void letAHoldExpire(RunningBincard bincard) throws Exception {
    send(bincard, "POST", "/v1/stock-items", "{\"sku\":\"LAST\",\"openingQuantity\":5}");
    send(
        bincard,
        "POST",
        "/v1/holds",
        "{\"orderId\":\"order-last\",\"ttlSeconds\":1,\"lines\":[{\"sku\":\"LAST\",\"quantity\":2}]}");
  }

  @Test
  void expects_every_row_as_the_projection_wrote_it() throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withOwnLedger(
            "bincard.reconciliation.enabled=true", "bincard.reconciliation.fold.page-size=37")) {
      URI redis = URI.create(bincard.property("spring.data.redis.url"));
      for (int i = 0; i < STEPS; i++) {
        step(bincard);
      }
      letAHoldExpire(bincard);
      Expectations expectations = bincard.bean(Expectations.class);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(
                        bincard
                            .sql()
                            .sql("select distinct type from event_journal order by type")
                            .query(String.class)
                            .list())
                    .as("seed %s", seed)
                    .containsExactlyElementsOf(EVENTS);
                long head = head(bincard);
                assertThat(expectations.position()).isEqualTo(head);
                assertThat(ViewRows.reached(redis)).isEqualTo(head);
                Map<String, Map<String, String>> stored = StoredRows.read(redis);
                assertThat(told(all(expectations, head))).as("seed %s", seed).isEqualTo(stored);
                assertThat(told(expectations.find(stored.keySet()).values())).isEqualTo(stored);
                assertThat(stored.size()).isGreaterThan(60);
                assertThat(head(bincard)).as("what the ledger stood at").isEqualTo(head);
              });
      assertThat(
              expectations.find(
                  Set.of("availability:GHOST@MAIN", "hold:ghost", "sku:ghost", "ghost")))
          .isEmpty();
    }
  }
}
