package io.bincard.application.discount;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prices, budgets and policies over HTTP, on a ledger of their own. */
class DiscountIT {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String TEN_PERCENT =
      """
      currency = "GBP"
      zone = "Europe/London"

      [[campaign]]
      id = "launch"
      uses = 1000

      [[rule]]
      id = "ten"
      percent-off = 10
      campaign = "launch"

      [[rule]]
      id = "mugs"
      percent-off = 5
      [rule.on]
      skus = ["MUG"]
      """;

  private static String activation(String toml) {
    PolicyReading reading = PolicyReader.read(List.of(new PolicyFile("base.toml", 0, toml)));
    CanonicalPolicy policy = CanonicalPolicy.of(((PolicyReading.Read) reading).policy());
    return JSON.writeValueAsString(
        Map.of("fingerprint", policy.fingerprint().value(), "content", policy.json()));
  }

  private static HttpResponse<String> canary(
      RunningBincard bincard, String path, String key, String json) throws Exception {
    return bincard
        .http()
        .send(
            HttpRequest.newBuilder(bincard.uri(path))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .header("X-Release-Stage", "canary")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String cart(String order) {
    return "{\"orderId\":\"%s\",\"lines\":[{\"sku\":\"MUG\",\"quantity\":2,\"unitPrice\":{\"amount\":1999,\"currency\":\"GBP\"}}]}"
        .formatted(order);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  @Test
  void an_order_has_a_price_with_its_reasons_until_it_is_taken_back() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      assertThat(bincard.post("/v1/discounts", "before", cart("o-1")).body())
          .contains("/problems/no-policy-in-force");
      HttpResponse<String> activated =
          bincard.send("PUT", "/v1/policies/in-force", "activate", activation(TEN_PERCENT));
      assertThat(activated.statusCode()).as(activated.body()).isEqualTo(200);

      HttpResponse<String> applied = bincard.post("/v1/discounts", "apply", cart("o-1"));

      assertThat(applied.statusCode()).as(applied.body()).isEqualTo(201);
      JsonNode order = json(applied).path("order");
      assertThat(order.at("/finalPrice/amount").asLong()).isEqualTo(3_598);
      assertThat(order.at("/lines/0/adjustments").toString())
          .isEqualTo(
              "[{\"rule\":\"ten\",\"campaign\":\"launch\",\"amount\":{\"amount\":400,\"currency\":\"GBP\"}}]");
      assertThat(order.at("/lines/0/lost").toString())
          .isEqualTo("[{\"rule\":\"mugs\",\"reason\":\"better-deal\",\"winner\":\"ten\"}]");
      assertThat(json(bincard.get("/v1/discounts/o-1")).path("order")).isEqualTo(order);
      assertThat(bincard.post("/v1/discounts", "again", cart("o-1")).body())
          .contains("/problems/discount-already-applied");
      HttpResponse<String> quote =
          bincard.post("/v1/quotes", "none", cart("o-1").replace("\"orderId\":\"o-1\",", ""));
      assertThat(json(quote).at("/finalPrice/amount").asLong()).as(quote.body()).isEqualTo(3_598);

      assertThat(bincard.send("DELETE", "/v1/discounts/o-1", "revoke", "").statusCode())
          .isEqualTo(200);
      assertThat(bincard.get("/v1/discounts/o-1").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void ten_thousand_orders_use_a_campaign_for_a_thousand_a_thousand_times() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      bincard.send("PUT", "/v1/policies/in-force", "activate", activation(TEN_PERCENT));
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      try (ExecutorService clients = Executors.newFixedThreadPool(64)) {
        for (int i = 0; i < 10_000; i++) {
          int order = i;
          answers.add(
              clients.submit(
                  () -> bincard.post("/v1/discounts", "apply-" + order, cart("o-" + order))));
        }
      }
      List<HttpResponse<String>> told = new ArrayList<>();
      for (Future<HttpResponse<String>> answer : answers) {
        told.add(answer.get());
      }

      assertThat(told.stream().collect(groupingBy(HttpResponse::statusCode, counting())))
          .isEqualTo(Map.of(201, 1_000L, 409, 9_000L));
      assertThat(told)
          .filteredOn(answer -> answer.statusCode() == 409)
          .allMatch(answer -> answer.body().contains("/problems/budget-exhausted"));
      assertThat(
              bincard
                  .sql()
                  .sql("select count(*) from event_journal where stream = 'campaign:launch'")
                  .query(Long.class)
                  .single())
          .isEqualTo(1_000);
    }
  }

  @Test
  void canary_orders_are_priced_by_the_staged_version_and_counted_where_it_differs()
      throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      bincard.send("PUT", "/v1/policies/in-force", "activate", activation(TEN_PERCENT));
      String twenty = TEN_PERCENT.replace("percent-off = 10", "percent-off = 20");
      String quote = cart("o").replace("\"orderId\":\"o\",", "");
      assertThat(price(canary(bincard, "/v1/quotes", "none", quote))).isEqualTo(3_598);

      bincard.send("PUT", "/v1/policies/staged", "stage", activation(twenty));

      assertThat(price(canary(bincard, "/v1/quotes", "none", quote))).isEqualTo(3_198);
      assertThat(price(bincard.post("/v1/quotes", "none", quote))).isEqualTo(3_598);
      HttpResponse<String> applied = canary(bincard, "/v1/discounts", "c-1", cart("c-1"));
      assertThat(json(applied).at("/order/finalPrice/amount").asLong()).isEqualTo(3_198);
      assertThat(
              json(bincard.post("/v1/discounts", "s-1", cart("s-1")))
                  .at("/order/finalPrice/amount")
                  .asLong())
          .isEqualTo(3_598);
      assertThat(
              bincard
                  .batch(
                      "continue",
                      "{\"key\":\"c-2\",\"type\":\"apply-discount\",\"releaseStage\":\"canary\","
                          + cart("c-2").substring(1))
                  .body())
          .contains("\"finalPrice\":{\"amount\":3198");
      assertThat(
              canary(
                      bincard,
                      "/v1/discounts",
                      "c-3",
                      "{\"releaseStage\":\"stable\"," + cart("c-3").substring(1))
                  .body())
          .contains("/releaseStage", "X-Release-Stage");
      assertThat(
              bincard
                  .sql()
                  .sql(
                      "select stream from event_journal where payload->>'releaseStage' = 'canary'"
                          + " order by position")
                  .query(String.class)
                  .list())
          .containsExactly("discount:c-1", "discount:c-2");
      assertThat(bincard.get("/actuator/prometheus").body())
          .contains("bincard_discounts_canary_total{difference=\"cheaper\",of=\"order\"} 2.0")
          .contains("bincard_discounts_canary_total{difference=\"cheaper\",of=\"quote\"} 1.0");
    }
  }

  private static long price(HttpResponse<String> quote) {
    return json(quote).at("/finalPrice/amount").asLong(-1);
  }

  @Test
  void a_policy_is_told_compared_taken_back_and_never_taken_for_what_it_is_not() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      String twenty = TEN_PERCENT.replace("percent-off = 10", "percent-off = 20");
      JsonNode first = JSON.readTree(activation(TEN_PERCENT));
      JsonNode second = JSON.readTree(activation(twenty));
      String ten = first.path("fingerprint").asString();
      bincard.send("PUT", "/v1/policies/in-force", "one", activation(TEN_PERCENT));
      bincard.send("PUT", "/v1/policies/in-force", "two", activation(twenty));

      assertThat(bincard.get("/v1/policies/" + ten).body())
          .isEqualTo(first.path("content").asString());
      JsonNode changes =
          json(bincard.get(
                  "/v1/policies/" + ten + "/diff/" + second.path("fingerprint").asString()))
              .path("changes");
      assertThat(changes).hasSize(1);
      assertThat(changes.at("/0/key").asString()).isEqualTo("rule[ten]");
      assertThat(changes.at("/0/before/percent-off").asInt()).isEqualTo(10);
      assertThat(changes.at("/0/after/percent-off").asInt()).isEqualTo(20);

      HttpResponse<String> back =
          bincard.send("PUT", "/v1/policies/in-force", "back", "{\"fingerprint\":\"" + ten + "\"}");
      assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
      JsonNode policies = json(bincard.get("/v1/policies"));
      assertThat(policies.path("inForce").asString()).isEqualTo(ten);
      assertThat(policies.at("/history/0/what").asString()).isEqualTo("activated");
      assertThat(policies.path("version").asLong()).isEqualTo(2);

      assertThat(
              bincard
                  .send(
                      "PUT",
                      "/v1/policies/in-force",
                      "wrong",
                      activation(twenty)
                          .replace("\\\"percent-off\\\":20", "\\\"percent-off\\\":30"))
                  .body())
          .contains("/problems/invalid-command", "/fingerprint");
      assertThat(
              bincard
                  .send(
                      "PUT",
                      "/v1/policies/in-force",
                      "none",
                      "{\"fingerprint\":\"" + ten + "\",\"content\":\"{\\\"currency\\\":7}\"}")
                  .body())
          .contains("/problems/invalid-command", "/content", "is no policy");
    }
  }

  @Test
  void a_quote_names_the_coupons_that_are_shown_for_nothing() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      bincard.send(
          "PUT",
          "/v1/policies/in-force",
          "activate",
          activation(
              TEN_PERCENT
                  + """

                  [[rule]]
                  id = "old"
                  percent-off = 50
                  when = { coupons = ["OLD"], until = 2011-01-01 }
                  """));

      JsonNode quote =
          json(
              bincard.post(
                  "/v1/quotes",
                  "none",
                  cart("o").replace("\"orderId\":\"o\"", "\"coupons\":[\"OLD\",\"NONE\"]")));

      assertThat(quote.path("unusableCoupons").toString())
          .isEqualTo("[{\"coupon\":\"NONE\"},{\"coupon\":\"OLD\",\"reason\":\"expired\"}]");
    }
  }

  @Test
  void a_cart_of_two_thousand_lines_is_priced() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      bincard.send("PUT", "/v1/policies/in-force", "activate", activation(TEN_PERCENT));
      String line =
          "{\"sku\":\"SKU-%04d\",\"quantity\":1,\"unitPrice\":{\"amount\":100,\"currency\":\"GBP\"},"
              + "\"category\":\"everything-there-is\"}";
      String lines =
          IntStream.range(0, 2_000).mapToObj(line::formatted).collect(joining(",", "[", "]"));

      HttpResponse<String> applied =
          bincard.post("/v1/discounts", "large", "{\"orderId\":\"large\",\"lines\":" + lines + "}");

      assertThat(json(applied).at("/order/finalPrice/amount").asLong())
          .as(applied.body())
          .isEqualTo(180_000);
    }
  }

  @Test
  void an_order_of_the_batch_that_brings_the_policy_is_priced_by_it() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      String lines =
          "{\"key\":\"p\",\"type\":\"activate-policy\","
              + activation(TEN_PERCENT).substring(1)
              + "\n{\"key\":\"o\",\"type\":\"apply-discount\","
              + cart("o").substring(1)
              + "\n";

      assertThat(bincard.batch("atomic", lines).body().lines())
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).contains("\"status\":\"done\""))
          .last()
          .asString()
          .contains("\"finalPrice\":{\"amount\":3598");
    }
  }

  @Test
  void a_journal_that_cannot_be_read_is_told_and_never_taken_for_nothing() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      String ten = activation(TEN_PERCENT);
      bincard.send("PUT", "/v1/policies/in-force", "activate", ten);
      String fingerprint = JSON.readTree(ten).path("fingerprint").asString();
      bincard.post("/v1/discounts", "apply", cart("o-1"));
      String quote = cart("o").replace("\"orderId\":\"o\",", "");
      JdbcClient owner = RunningBincard.ownersSqlOf(bincard.property("bincard.ledger"));

      owner.sql("alter table event_journal rename to away").update();
      try {
        await().untilAsserted(() -> assertUnavailable(bincard.post("/v1/quotes", "none", quote)));
        for (String path :
            List.of("/v1/discounts/o-1", "/v1/policies", "/v1/policies/" + fingerprint)) {
          assertUnavailable(bincard.get(path));
        }
      } finally {
        owner.sql("alter table away rename to event_journal").update();
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(bincard.post("/v1/quotes", "none", quote).statusCode())
                      .isEqualTo(200));
      assertThat(bincard.get("/v1/discounts/o-1").statusCode()).isEqualTo(200);
    }
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("/problems/ledger-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }
}
