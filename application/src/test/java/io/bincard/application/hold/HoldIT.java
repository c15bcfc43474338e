package io.bincard.application.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.timers.Timers;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
  void a_read_has_its_version_as_tag_until_only_the_time_says_that_it_is_over() throws Exception {
    try (LedgerClock clock = new LedgerClock(NOON);
        RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 10);
      String id = json(place(bincard, 60, line("CUP", 1))).at("/hold/id").asString();
      bincard.bean(Timers.class).stop();
      HttpRequest again =
          HttpRequest.newBuilder(bincard.uri("/v1/holds/" + id))
              .header("If-None-Match", "\"0\"")
              .build();

      HttpResponse<String> first = bincard.get("/v1/holds/" + id);
      assertThat(first.headers().firstValue("ETag")).hasValue("\"0\"");
      assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
      assertThat(bincard.http().send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);

      clock.move(Duration.ofSeconds(60));
      HttpResponse<String> over = bincard.http().send(again, BodyHandlers.ofString());
      assertThat(over.statusCode()).isEqualTo(200);
      assertThat(over.headers().firstValue("ETag")).isEmpty();
      assertThat(json(over).propertyNames()).containsExactly("stream", "version", "hold");
      assertThat(json(over).at("/hold/status").asString()).isEqualTo("expired");
    }
  }

  @Test
  void a_hold_that_cannot_be_read_is_unavailable_and_not_unknown() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 10);
      String id = json(place(bincard, 60, line("CUP", 1))).at("/hold/id").asString();
      RunningBincard.ownersSqlOf(bincard.property("bincard.ledger"))
          .sql("update event_journal set type = 'of-tomorrow' where stream = ?")
          .param("hold:" + id)
          .update();

      HttpResponse<String> answer = bincard.get("/v1/holds/" + id);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body()).contains("/problems/ledger-unavailable");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
  }

  private static String placing(String key, long units) {
    return "{\"key\":\"%s\",\"type\":\"place-hold\",\"orderId\":\"o\",\"ttlSeconds\":60,\"lines\":[%s]}%n"
        .formatted(key, line("CUP", units));
  }

  private static List<String> statuses(HttpResponse<String> answer) {
    return answer
        .body()
        .lines()
        .map(each -> JSON.readTree(each).path("status").asString())
        .toList();
  }

  @Test
  void holds_in_a_batch_stand_alone_or_stop_or_are_all_there_or_none() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", 10);

      HttpResponse<String> none =
          bincard.batch("atomic", placing("a", 4) + placing("b", 7) + placing("c", 1));
      assertThat(statuses(none)).containsExactly("skipped", "rejected", "skipped");
      assertThat(available(bincard, "CUP", Instant.now())).isEqualTo(10);
      assertThat(bincard.get("/v1/commands/a").statusCode()).isEqualTo(404);
      assertThat(eventsOf(bincard, "stock:CUP@MAIN")).containsExactly("stock-item-registered");

      assertThat(statuses(bincard.batch("atomic", placing("a", 1) + placing("c", 1))))
          .containsExactly("done", "done");
      assertThat(
              statuses(bincard.batch("stop", placing("d", 1) + placing("e", 9) + placing("f", 1))))
          .containsExactly("done", "rejected", "skipped");
      assertThat(
              statuses(
                  bincard.batch("continue", placing("g", 9) + placing("h", 3) + placing("i", 5))))
          .containsExactly("rejected", "done", "rejected");
      assertThat(available(bincard, "CUP", Instant.now())).isEqualTo(10 - 1 - 1 - 1 - 3);
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
  void who_needs_the_ends_of_too_many_holds_first_is_to_come_again_and_takes_nothing()
      throws Exception {
    int ends = 1_000;
    try (LedgerClock clock = new LedgerClock(NOON);
        RunningBincard bincard = RunningBincard.withOwnLedger()) {
      register(bincard, "CUP", ends + 1L);
      bincard.bean(Timers.class).stop();
      StringBuilder holds = new StringBuilder();
      for (int i = 0; i <= ends; i++) {
        holds.append(
            "{\"key\":\"many-%d\",\"type\":\"place-hold\",\"orderId\":\"o-%d\",\"ttlSeconds\":60,\"lines\":[%s]}\n"
                .formatted(i, i, line("CUP", 1)));
      }
      assertThat(bincard.batch("continue", holds.toString()).body().lines())
          .hasSize(ends + 1)
          .allMatch(answer -> answer.contains("\"status\":\"done\""));
      clock.move(Duration.ofSeconds(60));

      HttpResponse<String> tooMany =
          post(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":1001,\"orderId\":\"o\"}");

      assertThat(tooMany.statusCode()).as(tooMany.body()).isEqualTo(503);
      assertThat(tooMany.headers().firstValue("Retry-After")).isPresent();
      assertThat(eventsOf(bincard, "stock:CUP@MAIN")).doesNotContain("reservation-expired");
      HttpResponse<String> many =
          post(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":1000,\"orderId\":\"o\"}");
      assertThat(many.statusCode()).as(many.body()).isEqualTo(201);
      assertThat(eventsOf(bincard, "stock:CUP@MAIN"))
          .filteredOn("reservation-expired"::equals)
          .hasSize(ends);
    }
  }

  @Test
  void the_leader_writes_the_end_of_holds_down_also_those_of_the_leader_before() throws Exception {
    String ledger = "holdsagain";
    String before;
    try (LedgerClock clock = new LedgerClock(NOON)) {
      try (RunningBincard bincard = RunningBincard.onLedger(ledger)) {
        register(bincard, "CUP", 10);
        before = json(place(bincard, 120, line("CUP", 3))).at("/hold/id").asString();
        String first = json(place(bincard, 60, line("CUP", 1))).at("/hold/id").asString();
        clock.move(Duration.ofSeconds(61));
        awaitEnd(bincard, first);
        assertThat(eventsOf(bincard, "hold:" + before)).containsExactly("hold-placed");
      }
      try (RunningBincard bincard = RunningBincard.onLedger(ledger)) {
        clock.move(Duration.ofSeconds(60));
        awaitEnd(bincard, before);
        assertThat(available(bincard, "CUP", NOON)).isEqualTo(10);
      }
    }
  }

  private static void awaitEnd(RunningBincard bincard, String hold) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(eventsOf(bincard, "hold:" + hold))
                    .containsExactly("hold-placed", "hold-expired"));
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
