package io.bincard.application.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.timers.Timers;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds from the route to the tables and back, by a clock that the test sets. */
class HoldIT {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

  private final AtomicInteger keys = new AtomicInteger();

  private HttpResponse<String> post(RunningBincard bincard, String path, String json)
      throws Exception {
    return bincard.post(path, "hold-it-" + keys.incrementAndGet(), json);
  }

  private void register(RunningBincard bincard, String sku, long units) throws Exception {
    HttpResponse<String> answer =
        post(
            bincard,
            "/v1/stock-items",
            "{\"sku\":\"%s\",\"openingQuantity\":%d}".formatted(sku, units));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private HttpResponse<String> place(RunningBincard bincard, int ttlSeconds, String... lines)
      throws Exception {
    return post(
        bincard,
        "/v1/holds",
        "{\"orderId\":\"o-1\",\"ttlSeconds\":%d,\"lines\":[%s]}"
            .formatted(ttlSeconds, String.join(",", lines)));
  }

  private static String line(String sku, long units) {
    return "{\"sku\":\"%s\",\"quantity\":%d}".formatted(sku, units);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  private static List<@Nullable String> eventsOf(RunningBincard bincard, String stream) {
    return bincard
        .sql()
        .sql("select type from event_journal where stream = ? order by sequence")
        .param(stream)
        .query(String.class)
        .list();
  }

  /** What the ledger itself says, whatever its views say. */
  private static long available(RunningBincard bincard, String sku, Instant now) {
    return bincard
        .bean(StockItems.class)
        .find(new StockItemId(new Sku(sku), LocationId.MAIN))
        .orElseThrow()
        .available(now);
  }

  @Test
  void a_hold_takes_everything_until_it_is_confirmed_in_part_and_the_rest_is_given_back()
      throws Exception {
    try (LedgerClock clock = new LedgerClock(NOON);
        RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 10);
      register(bincard, "TEA", 5);

      HttpResponse<String> placed =
          place(bincard, 900, line("CUP", 2), line("TEA", 5), line("CUP", 1));

      assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
      JsonNode hold = json(placed).path("hold");
      assertThat(hold.path("status").asString()).isEqualTo("placed");
      assertThat(hold.path("expiresAt").asString()).isEqualTo("2026-12-01T12:15:00Z");
      assertThat(available(bincard, "CUP", clock.now())).isEqualTo(7);
      assertThat(available(bincard, "TEA", clock.now())).isZero();
      String id = hold.path("id").asString();
      assertThat(json(bincard.get("/v1/holds/" + id)).path("hold")).isEqualTo(hold);

      HttpResponse<String> confirmed =
          post(
              bincard,
              "/v1/holds/" + id + "/confirmation",
              "{\"lines\":[%s]}".formatted(line("CUP", 1)));

      assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(200);
      assertThat(json(confirmed).at("/hold/status").asString()).isEqualTo("confirmed");
      assertThat(available(bincard, "CUP", clock.now())).isEqualTo(9);
      assertThat(available(bincard, "TEA", clock.now())).isEqualTo(5);
      assertThat(eventsOf(bincard, "hold:" + id)).containsExactly("hold-placed", "hold-confirmed");
      assertThat(eventsOf(bincard, "stock:CUP@MAIN"))
          .containsExactly(
              "stock-item-registered",
              "stock-reserved",
              "reservation-confirmed",
              "reservation-released");
      assertThat(post(bincard, "/v1/holds/" + id + "/confirmation", "{}").body())
          .contains("/problems/hold-already-confirmed");
    }
  }

  @Test
  void a_refusal_names_everything_and_takes_nothing() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 3);
      register(bincard, "POT", 3);
      bincard.send("PUT", "/v1/stock/POT/freeze", "freeze", "{\"reason\":\"wet\"}");

      HttpResponse<String> refused =
          place(bincard, 900, line("CUP", 2), line("CUP", 2), line("POT", 1), line("NONE", 1));

      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(json(refused).path("insufficient").toString())
          .isEqualTo("[{\"sku\":\"CUP\",\"requested\":4,\"available\":3}]");
      assertThat(json(refused).path("frozen").toString()).isEqualTo("[{\"sku\":\"POT\"}]");
      assertThat(json(refused).path("unknown").toString()).isEqualTo("[{\"sku\":\"NONE\"}]");
      assertThat(available(bincard, "CUP", Instant.now())).isEqualTo(3);
    }
  }

  @Test
  void what_lapsed_is_sold_before_the_timer_comes_and_its_end_is_written_down_first()
      throws Exception {
    try (LedgerClock clock = new LedgerClock(NOON);
        RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 10);
      String id = json(place(bincard, 60, line("CUP", 10))).at("/hold/id").asString();
      assertThat(place(bincard, 60, line("CUP", 1)).statusCode()).isEqualTo(409);
      bincard.bean(Timers.class).stop();

      clock.move(Duration.ofSeconds(60));
      assertThat(json(bincard.get("/v1/holds/" + id)).at("/hold/status").asString())
          .isEqualTo("expired");
      assertThat(eventsOf(bincard, "hold:" + id)).containsExactly("hold-placed");
      HttpResponse<String> sold =
          post(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":4,\"orderId\":\"o-2\"}");

      assertThat(sold.statusCode()).as(sold.body()).isEqualTo(201);
      assertThat(json(sold).path("available").asLong()).isEqualTo(6);
      assertThat(eventsOf(bincard, "stock:CUP@MAIN"))
          .containsExactly(
              "stock-item-registered", "stock-reserved", "reservation-expired", "stock-deducted");
      assertThat(post(bincard, "/v1/holds/" + id + "/confirmation", "{}").body())
          .contains("/problems/hold-expired");
    }
  }

  @Test
  void the_leader_writes_the_end_of_holds_down_also_those_of_the_leader_before() throws Exception {
    String ledger = "holdsagain";
    String before;
    try (LedgerClock clock = new LedgerClock(NOON)) {
      try (RunningBincard bincard = RunningBincard.onLedger(ledger, 9)) {
        register(bincard, "CUP", 10);
        before = json(place(bincard, 120, line("CUP", 3))).at("/hold/id").asString();
        String first = json(place(bincard, 60, line("CUP", 1))).at("/hold/id").asString();
        clock.move(Duration.ofSeconds(61));
        awaitEnd(bincard, first);
        assertThat(eventsOf(bincard, "hold:" + before)).containsExactly("hold-placed");
      }
      try (RunningBincard bincard = RunningBincard.onLedger(ledger, 9)) {
        clock.move(Duration.ofSeconds(60));
        awaitEnd(bincard, before);
        assertThat(available(bincard, "CUP", NOON)).isEqualTo(10);
      }
    }
  }

  private static void awaitEnd(RunningBincard bincard, String hold) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              bincard.bean(Timers.class).runDue();
              assertThat(eventsOf(bincard, "hold:" + hold))
                  .containsExactly("hold-placed", "hold-expired");
            });
  }

  @Test
  void an_order_without_a_hold_is_taken_whole_or_not_at_all() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 3);
      register(bincard, "TEA", 3);

      assertThat(
              post(
                      bincard,
                      "/v1/deductions",
                      "{\"orderId\":\"o-1\",\"lines\":[%s,%s]}"
                          .formatted(line("CUP", 3), line("TEA", 4)))
                  .statusCode())
          .isEqualTo(409);
      HttpResponse<String> taken =
          post(
              bincard,
              "/v1/deductions",
              "{\"orderId\":\"o-1\",\"lines\":[%s,%s]}".formatted(line("CUP", 3), line("TEA", 2)));

      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
      assertThat(json(taken).path("items").size()).isEqualTo(2);
      assertThat(eventsOf(bincard, "stock:TEA@MAIN"))
          .containsExactly("stock-item-registered", "stock-deducted");
    }
  }
}
