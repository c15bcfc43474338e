package io.bincard.application.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.journal.EventIds;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.stock.JournalStockItems;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes on one ledger: the second does whatever the first does. */
class ClusterIT {

  private static final String LEDGER = "twonodes";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static RunningBincard leader;
  private static RunningBincard follower;

  @BeforeAll
  static void start() {
    leader = RunningBincard.onLedger(LEDGER);
    // So seldom that whatever the follower learns in time it was notified of.
    follower = RunningBincard.onLedger(LEDGER, "bincard.cluster.poll-interval=60s");
  }

  @AfterAll
  static void stop() {
    follower.close();
    leader.close();
  }

  @Test
  void both_are_ready_and_say_who_leads() throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(leader.get("/actuator/health/readiness").body())
                  .contains("\"status\":\"UP\"", "\"role\":\"leader\"");
              assertThat(follower.get("/actuator/health/readiness").body())
                  .contains("\"role\":\"follower\"", "\"leader\":\"" + leader.uri("") + "\"")
                  .startsWith("{\"components\"")
                  .doesNotContain("OUT_OF_SERVICE", "DOWN");
            });
  }

  @Test
  void metrics_tell_who_leads_and_what_was_sent_on() throws Exception {
    MeterRegistry ofTheFollower = follower.bean(MeterRegistry.class);
    double sentBefore = ofTheFollower.get("bincard.cluster.forwarded").counter().count();
    Timer answered =
        ofTheFollower.get("bincard.cluster.forwarding").tag("outcome", "answered").timer();
    long answeredBefore = answered.count();
    register("MEASURED", 1);

    assertThat(gauge(leader, "leading")).isEqualTo(1);
    assertThat(gauge(follower, "leading")).isZero();
    assertThat(ofTheFollower.get("bincard.cluster.forwarded").counter().count())
        .isEqualTo(sentBefore + 1);
    assertThat(answered.count()).isEqualTo(answeredBefore + 1);
    assertThat(leader.bean(MeterRegistry.class).get("bincard.cluster.forwarded").counter().count())
        .as("a leader sends nothing on")
        .isZero();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(List.of(gauge(leader, "epoch"), gauge(follower, "epoch")))
                    .containsOnly((double) leader.bean(LedgerLease.class).epoch()));
  }

  private static double gauge(RunningBincard node, String name) {
    return node.bean(MeterRegistry.class).get("bincard.cluster." + name).gauge().value();
  }

  /** What a request is answered, to the last byte; the trace alone is each node's own. */
  private record Told(int status, Map<String, List<String>> headers, String body) {

    private static final Set<String> OF_THE_CONNECTION =
        Set.of("traceparent", "date", "connection", "keep-alive");

    static Told of(HttpResponse<String> answer) {
      Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
      headers.keySet().removeAll(OF_THE_CONNECTION);
      return new Told(answer.statusCode(), headers, answer.body());
    }
  }

  private record Request(String method, String path, String key, String json, String ifMatch) {

    Told sendTo(RunningBincard node) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(node.uri(path))
              .method(method, HttpRequest.BodyPublishers.ofString(json));
      if (!json.isEmpty()) {
        request.header(
            "Content-Type",
            path.startsWith("/v1/commands") ? "application/x-ndjson" : "application/json");
      }
      if (!key.isEmpty()) {
        request.header("Idempotency-Key", key);
      }
      if (!ifMatch.isEmpty()) {
        request.header("If-Match", ifMatch);
      }
      return Told.of(node.http().send(request.build(), BodyHandlers.ofString()));
    }
  }

  private static Request post(String path, String key, String json) {
    return new Request("POST", path, key, json, "");
  }

  private static Request deduct(String key, String ifMatch) {
    return new Request("POST", DEDUCTIONS, key, THREE, ifMatch);
  }

  private static Request batch(String onError, String... lines) {
    return post("/v1/commands?onError=" + onError, "", String.join("\n", lines));
  }

  private static Request told(String key) {
    return new Request("GET", "/v1/commands/" + key, "", "", "");
  }

  private static final String DEDUCTIONS = "/v1/stock/E/deductions";
  private static final String THREE = "{\"quantity\":3,\"orderId\":\"o-1\"}";

  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

  /** What the hold of the key {@code h} is called at {@link #NOON}. */
  private static final HoldId HOLD =
      new HoldId(EventIds.derive(CommandKey.of("h"), "hold@" + NOON));

  private static final String HOLD_OF =
      "{\"orderId\":\"o-9\",\"ttlSeconds\":900,\"lines\":[{\"sku\":\"E\",\"quantity\":%d}]}";
  private static final String SOLD =
      "{\"lines\":[{\"sku\":\"E\",\"quantity\":%d}],\"rest\":\"keep\"}";
  private static final String TWO_LINES =
      "\"lines\":[{\"sku\":\"E\",\"quantity\":1},{\"sku\":\"E\",\"location\":\"MAIN\",\"quantity\":1}]";

  /** Everything a command can be told, in an order that makes it so. */
  private static final List<Request> REQUESTS =
      List.of(
          post("/v1/stock-items", "r", "{\"sku\":\"E\",\"openingQuantity\":100}"),
          post("/v1/stock-items", "r", "{\"sku\":\"E\",\"openingQuantity\":100}"),
          post("/v1/stock-items", "r2", "{\"sku\":\"E\",\"openingQuantity\":100}"),
          post(DEDUCTIONS, "d", THREE),
          post(DEDUCTIONS, "d", THREE),
          post(DEDUCTIONS, "d", "{\"quantity\":4,\"orderId\":\"o-1\"}"),
          post(DEDUCTIONS, "no", "{\"quantity\":999,\"orderId\":\"ö\\u2028\\\"\"}"),
          post(DEDUCTIONS, "no", "{\"quantity\":999,\"orderId\":\"ö\\u2028\\\"\"}"),
          post("/v1/stock/NOWHERE/deductions", "nowhere", THREE),
          deduct("v1", "\"1\""),
          deduct("v1", "\"1\""),
          post(DEDUCTIONS, "v1", THREE),
          deduct("v0", "\"0\""),
          deduct("any", "*"),
          post(DEDUCTIONS, "bad", "{\"quantity\":-1}"),
          post("/v1/stock/E/receipts", "in", "{\"quantity\":5,\"document\":\"DN 1\"}"),
          post("/v1/stock/E/returns", "back", THREE),
          post("/v1/stock/E/adjustments", "adj", "{\"delta\":-2,\"reason\":\"lid\"}"),
          post("/v1/stock/E/adjustments", "adj2", "{\"delta\":-2000,\"reason\":\"lid\"}"),
          post("/v1/stock/E/counts", "count", "{\"counted\":50}"),
          new Request("PUT", "/v1/stock/E/policy", "policy", "{\"backorderLimit\":5}", ""),
          new Request("PUT", "/v1/stock/E/freeze", "freeze", "{\"reason\":\"wet\"}", ""),
          post(DEDUCTIONS, "frozen", THREE),
          new Request("DELETE", "/v1/stock/E/freeze?reason=dry", "thaw", "", ""),
          batch("continue", line("b1", 1), line("b2", 999), "nonsense", line("b1", 1)),
          batch("stop", line("s1", 1), line("s2", 999), line("s3", 1)),
          batch("atomic", line("a1", 1), line("a2", 999), line("a3", 1)),
          batch("atomic", line("a4", 1), line("a5", 2)),
          batch("atomic", line("a4", 1), line("a5", 2)),
          batch("continue", line("d", 3), line("d", 4)),
          post("/v1/holds", "h", HOLD_OF.formatted(4)),
          post("/v1/holds", "h", HOLD_OF.formatted(4)),
          post("/v1/holds", "h2", HOLD_OF.formatted(999)),
          new Request("POST", "/v1/holds", "h3", HOLD_OF.formatted(1), "\"0\""),
          new Request("GET", "/v1/holds/" + HOLD, "", "", ""),
          post("/v1/holds/" + HOLD + "/extension", "h-e", "{\"ttlSeconds\":901}"),
          new Request(
              "POST", "/v1/holds/" + HOLD + "/confirmation", "h-v", SOLD.formatted(1), "\"0\""),
          new Request(
              "POST", "/v1/holds/" + HOLD + "/confirmation", "h-c", SOLD.formatted(1), "\"1\""),
          post("/v1/holds/" + HOLD + "/confirmation", "h-x", SOLD.formatted(9)),
          new Request("DELETE", "/v1/holds/" + HOLD, "h-r", "", ""),
          new Request("DELETE", "/v1/holds/" + HOLD, "h-r2", "", ""),
          post("/v1/deductions", "o", "{\"orderId\":\"o-9\"," + TWO_LINES + "}"),
          batch("atomic", hold("ah1", 1), hold("ah2", 999)),
          batch("continue", hold("h4", 1), hold("h4", 2), hold("h5", 999)),
          told("h"),
          told("h2"),
          told("d"),
          told("no"),
          told("never"));

  private static String hold(String key, long quantity) {
    return "{\"key\":\""
        + key
        + "\",\"type\":\"place-hold\","
        + HOLD_OF.formatted(quantity).substring(1);
  }

  private static String line(String key, long quantity) {
    return "{\"key\":\"%s\",\"type\":\"deduct-stock\",\"sku\":\"E\",\"quantity\":%d,\"orderId\":\"o\"}"
        .formatted(key, quantity);
  }

  @Test
  void a_node_that_follows_answers_byte_for_byte_as_one_that_leads() throws Exception {
    try (LedgerClock _ = new LedgerClock(NOON); // what a hold is called depends on it
        RunningBincard alone = RunningBincard.withOwnLedger();
        RunningBincard first = RunningBincard.onLedger("equals");
        RunningBincard second = RunningBincard.onLedger("equals")) {
      assertThat(first.get("/actuator/health/readiness").body()).contains("\"role\":\"leader\"");
      for (Request request : REQUESTS) {
        Told expected = request.sendTo(alone);
        assertThat(expected.status()).isBetween(200, 499);
        assertThat(request.sendTo(second)).as(request.toString()).isEqualTo(expected);
      }
      assertThat(journal(second)).isEqualTo(journal(alone)).hasSize(15 + 11);
    }
  }

  private static List<String> journal(RunningBincard node) {
    return node.sql()
        .sql(
            """
            select concat_ws(' ', position, event_id, stream, sequence, type, payload, metadata ->> 'key')
            from event_journal order by position
            """)
        .query((row, number) -> row.getString(1))
        .list();
  }

  @Test
  void the_trace_of_a_request_reaches_the_events_through_the_other_node() throws Exception {
    HttpResponse<String> answer =
        follower.post("/v1/stock-items", "trace", "{\"sku\":\"TRACE\",\"openingQuantity\":1}");

    assertThat(
            leader
                .sql()
                .sql("select metadata ->> 'traceparent' from event_journal where stream = ?")
                .param("stock:TRACE@MAIN")
                .query(String.class)
                .single())
        .isEqualTo(answer.headers().firstValue("traceparent").orElseThrow());
  }

  @Test
  void a_batch_streams_through_the_follower_while_it_is_sent() throws Exception {
    register("STREAM", 100_000);
    try (RawHttp http = RawHttp.connect(follower.uri(""))) {
      http.sendChunkedHead("POST /v1/commands", "Content-Type: application/x-ndjson");
      for (int i = 0; i < 3; i++) {
        http.sendChunk((streamed(i) + "\n").getBytes(StandardCharsets.UTF_8));
        if (i == 0) {
          assertThat(http.replyHead().status()).isEqualTo(200);
        }
        assertThat(http.bodyLine()).contains("\"key\":\"stream-" + i + "\"", "\"done\"");
      }
    }
    int lines = 5_000;
    String all = IntStream.range(10, 10 + lines).mapToObj(ClusterIT::streamed).collect(joined());

    List<String> answers = follower.batch("continue", all).body().lines().toList();

    assertThat(answers).hasSize(lines).allMatch(line -> line.contains("\"status\":\"done\""));
    for (int i = 0; i < lines; i++) {
      assertThat(answers.get(i))
          .as("answered and run in the order in which they were sent")
          .startsWith("{\"key\":\"stream-" + (i + 10) + "\"")
          .contains("\"version\":" + (i + 4) + ",");
    }
    assertThat(onHand(follower, "STREAM")).isEqualTo(100_000 - lines - 3);
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining("\n");
  }

  private static String streamed(int i) {
    return "{\"key\":\"stream-%d\",\"type\":\"deduct-stock\",\"sku\":\"STREAM\",\"quantity\":1,\"orderId\":\"o\"}"
        .formatted(i);
  }

  @Test
  void a_thousand_units_are_sold_a_thousand_times_by_two_nodes() throws Exception {
    register("RACE", 1_000);
    List<HttpResponse<String>> answers = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(64)) {
      List<Callable<HttpResponse<String>>> attempts =
          IntStream.range(0, 5_000)
              .<Callable<HttpResponse<String>>>mapToObj(
                  i ->
                      () ->
                          (i % 2 == 0 ? leader : follower)
                              .post(
                                  "/v1/stock/RACE/deductions",
                                  "race-" + i,
                                  "{\"quantity\":1,\"orderId\":\"o\"}"))
              .toList();
      for (Future<HttpResponse<String>> answer : clients.invokeAll(attempts)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers.stream().collect(groupingBy(HttpResponse::statusCode, counting())))
        .isEqualTo(Map.of(201, 1_000L, 409, 4_000L));
    assertThat(onHand(leader, "RACE")).isZero();
    assertThat(onHand(follower, "RACE")).isZero();
    assertThat(
            leader
                .sql()
                .sql("select max(position) = count(*) from event_journal")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void twins_at_two_nodes_have_one_effect() throws Exception {
    register("TWIN", 10);
    try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
      List<Callable<HttpResponse<String>>> twins =
          IntStream.range(0, 40)
              .<Callable<HttpResponse<String>>>mapToObj(
                  i ->
                      () ->
                          (i % 2 == 0 ? leader : follower)
                              .post(
                                  "/v1/stock/TWIN/deductions",
                                  "twin",
                                  "{\"quantity\":7,\"orderId\":\"o\"}"))
              .toList();
      for (Future<HttpResponse<String>> answer : clients.invokeAll(twins)) {
        assertThat(answer.get().body()).contains("\"status\":\"done\"", "\"onHand\":3,");
      }
    }
    assertThat(onHand(follower, "TWIN")).isEqualTo(3);
  }

  @Test
  void the_ledgers_own_answer_at_the_follower_is_never_old() throws Exception {
    register("FRESH", 1_000);
    for (int i = 1; i <= 50; i++) {
      assertThat(onHand(follower, "FRESH")).isEqualTo(1_000 - i + 1);
      HttpResponse<String> sold =
          leader.post(
              "/v1/stock/FRESH/deductions", "fresh-" + i, "{\"quantity\":1,\"orderId\":\"o\"}");
      long position = Long.parseLong(sold.body().replaceAll(".*\"position\":(\\d+).*", "$1"));

      assertThat(onHand(follower, "FRESH")).isEqualTo(1_000 - i);
      assertThat(follower.get("/v1/stock/FRESH?minPosition=" + position).body())
          .contains("\"onHand\":" + (1_000 - i) + ",", "\"stale\":false");
    }
  }

  @Test
  void a_commit_is_known_to_the_other_node_by_notification() throws Exception {
    register("BELL", 10_000);
    JournalTail heard = follower.bean(JournalTail.class);
    List<Long> micros = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      HttpResponse<String> sold =
          leader.post(
              "/v1/stock/BELL/deductions", "bell-" + i, "{\"quantity\":1,\"orderId\":\"o\"}");
      long told = System.nanoTime();
      long position = Long.parseLong(sold.body().replaceAll(".*\"position\":(\\d+).*", "$1"));
      long late = told + PATIENCE.toNanos();
      while (heard.position() < position && System.nanoTime() < late) {
        LockSupport.parkNanos(50_000);
      }
      assertThat(heard.position()).isGreaterThanOrEqualTo(position);
      micros.add((System.nanoTime() - told) / 1_000);
    }
    micros.sort(Long::compare);
    System.out.println(
        "commit told to commit known at the other node, µs: p50 %d, p99 %d, most %d"
            .formatted(micros.get(150), micros.get(296), micros.getLast()));
  }

  @Test
  void the_route_between_nodes_is_not_there_for_others() throws Exception {
    String nowhere = Told.of(leader.get("/internal/nothing")).body();
    for (String secret : List.of("", "guess")) {
      for (RunningBincard node : List.of(leader, follower)) {
        HttpResponse<String> answer =
            node.http()
                .send(
                    HttpRequest.newBuilder(node.uri(ForwardedLines.PATH))
                        .header(ForwardedLines.SECRET_HEADER, secret)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                    BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(nowhere);
      }
    }
  }

  @Test
  void four_nodes_come_up_at_once_on_a_database_without_a_ledger() throws Exception {
    List<RunningBincard> nodes = new ArrayList<>();
    try (ExecutorService starters = Executors.newFixedThreadPool(4)) {
      for (Future<RunningBincard> started :
          starters.invokeAll(
              Stream.generate(
                      () -> (Callable<RunningBincard>) () -> RunningBincard.onLedger("fournodes"))
                  .limit(4)
                  .toList())) {
        nodes.add(started.get());
      }
      for (int i = 0; i < 4; i++) {
        assertThat(
                nodes
                    .get(i)
                    .post(
                        "/v1/stock-items",
                        "four-" + i,
                        "{\"sku\":\"FOUR-" + i + "\",\"openingQuantity\":1}")
                    .body())
            .contains("\"position\":" + (i + 1) + ",");
      }
      assertThat(nodes)
          .filteredOn(node -> node.bean(LedgerLease.class).isHeld())
          .as("those that lead")
          .hasSize(1);
    } finally {
      nodes.forEach(RunningBincard::close);
    }
  }

  private static void register(String sku, long units) throws Exception {
    HttpResponse<String> registered =
        follower.post(
            "/v1/stock-items",
            "register-" + sku,
            "{\"sku\":\"" + sku + "\",\"openingQuantity\":" + units + "}");
    assertThat(registered.statusCode()).as(registered.body()).isEqualTo(201);
  }

  /** What the ledger itself says at {@code node}. */
  private static long onHand(RunningBincard node, String sku) {
    return node.bean(JournalStockItems.class)
        .find(new StockItemId(new Sku(sku), LocationId.MAIN))
        .orElseThrow()
        .onHand();
  }
}
