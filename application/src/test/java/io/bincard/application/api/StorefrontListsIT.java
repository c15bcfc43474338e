package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a shop shows, from the commands that say it to the lists that tell it. */
class StorefrontListsIT {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final RunningBincard bincard = RunningBincard.shared();
  private static final AtomicInteger KEYS = new AtomicInteger();

  private HttpResponse<String> send(String method, String path, String json) throws Exception {
    return bincard.send(method, path, "lists-it-" + KEYS.incrementAndGet(), json);
  }

  private long done(String method, String path, String json) throws Exception {
    HttpResponse<String> answer = send(method, path, json);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    return JSON.readTree(answer.body()).path("position").asLong();
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = bincard.get(path);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Waits until the views have everything up to {@code position}. */
  private void awaitViews(long position) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> json("/v1/skus?limit=1").path("asOfPosition").asLong() >= position);
  }

  @Test
  void a_shop_describes_stocks_sells_and_shows_a_sku() throws Exception {
    done(
        "PUT",
        "/v1/skus/LIST-MUG",
        "{\"name\":\"Listed mug\",\"category\":\"listed\",\"unitPrice\":{\"amount\":1999,\"currency\":\"GBP\"}}");
    done("POST", "/v1/stock-items", "{\"sku\":\"LIST-MUG\",\"openingQuantity\":5}");
    done(
        "POST",
        "/v1/stock-items",
        "{\"sku\":\"LIST-MUG\",\"location\":\"EAST\",\"openingQuantity\":2}");
    long last =
        done(
            "POST",
            "/v1/holds",
            "{\"orderId\":\"list-o-1\",\"ttlSeconds\":900,\"lines\":[{\"sku\":\"LIST-MUG\",\"quantity\":3,\"location\":\"MAIN\"}]}");

    JsonNode stock = json("/v1/stock/LIST-MUG/locations?minPosition=" + last);
    assertThat(stock.at("/total/onHand").asLong()).isEqualTo(7);
    assertThat(stock.at("/total/available").asLong()).isEqualTo(4);
    assertThat(stock.at("/locations/1/available").asLong()).isEqualTo(2);
    assertThat(stock.path("name").asString()).isEqualTo("Listed mug");
    assertThat(stock.path("stale").asBoolean()).isFalse();

    awaitViews(last);
    assertThat(json("/v1/holds?orderId=list-o-1").at("/holds/0/lines/0/quantity").asLong())
        .isEqualTo(3);
    assertThat(json("/v1/low-stock?threshold=2&location=EAST").toString()).contains("LIST-MUG");
    JsonNode found = json("/v1/skus?category=listed&namePrefix=LISTED&status=in-stock");
    assertThat(found.at("/skus/0/sku").asString()).isEqualTo("LIST-MUG");
    assertThat(found.path("source").asString()).isEqualTo("view");
    JsonNode prices = json("/v1/prices/LIST-MUG?currency=GBP");
    assertThat(prices.at("/listPrice/amount").asLong()).isEqualTo(1_999);
    assertThat(prices.at("/steps/0/from").asLong()).isEqualTo(1);
  }

  @Test
  void a_description_is_told_with_its_version_and_said_again_for_nothing() throws Exception {
    String mug = "{\"name\":\"Said mug\"}";
    done("PUT", "/v1/skus/SAID-MUG", mug);
    HttpResponse<String> again = send("PUT", "/v1/skus/SAID-MUG", mug);
    assertThat(JSON.readTree(again.body()).path("version").asLong()).isZero();
    assertThat(
            bincard
                .sql()
                .sql("select count(*) from event_journal where stream = 'sku:SAID-MUG'")
                .query(Long.class)
                .single())
        .isEqualTo(1);

    long last = done("PUT", "/v1/skus/SAID-MUG", "{\"name\":\"Said mug\",\"discontinued\":true}");
    awaitViews(last);
    HttpResponse<String> told = bincard.get("/v1/skus/SAID-MUG");
    assertThat(JSON.readTree(told.body()).path("discontinued").asBoolean()).isTrue();
    String tag = told.headers().firstValue("ETag").orElseThrow();
    assertThat(tag).isEqualTo("\"1\"");
    assertThat(
            bincard
                .http()
                .send(
                    HttpRequest.newBuilder(bincard.uri("/v1/skus/SAID-MUG"))
                        .header("If-None-Match", tag)
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(304);
  }

  @Test
  void a_batch_describes_too_and_what_is_wrong_is_named() throws Exception {
    String answers =
        bincard
            .batch(
                "continue",
                """
                {"key":"lists-b-1","type":"describe-sku","sku":"BATCH-MUG","name":"Batch mug"}
                {"key":"lists-b-2","type":"describe-sku","sku":"BATCH-MUG"}
                {"key":"lists-b-3","type":"describe-sku","sku":"BATCH-MUG","name":"a\\nb","discontinued":"yes"}
                """)
            .body();

    assertThat(answers.lines().map(line -> JSON.readTree(line).path("status").asString()))
        .containsExactly("done", "invalid", "invalid");
    assertThat(answers).contains("/name", "is required", "/discontinued", "must be true or false");
    HttpResponse<String> stale =
        bincard
            .http()
            .send(
                HttpRequest.newBuilder(bincard.uri("/v1/skus/BATCH-MUG"))
                    .header("Idempotency-Key", "lists-stale")
                    .header("Content-Type", "application/json")
                    .header("If-Match", "\"7\"")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"name\":\"Other\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(Objects.requireNonNull(stale.body())).contains("/problems/stale-sku-version");
  }

  @Test
  void what_nobody_described_or_stocked_is_not_known() throws Exception {
    assertThat(bincard.get("/v1/skus/NO-SUCH").statusCode()).isEqualTo(404);
    assertThat(bincard.get("/v1/stock/NO-SUCH/locations").body()).contains("unknown-sku");
    assertThat(bincard.get("/v1/prices/NO-SUCH").body()).contains("unknown-sku");
    assertThat(bincard.get("/v1/low-stock").body()).contains("missing-parameter");
  }
}
