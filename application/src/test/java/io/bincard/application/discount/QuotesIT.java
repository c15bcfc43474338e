package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prices at another time, and what must not become one; on a ledger of their own. */
class QuotesIT {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** In force one after the other; what they make of {@link #CART}. */
  private static final long TENTH = 9_000;

  private static final long FIFTH = 8_000;

  private static final String CART =
      "\"lines\":[{\"sku\":\"MUG\",\"quantity\":1,\"unitPrice\":{\"amount\":10000,\"currency\":\"GBP\"}}]";

  private static RunningBincard bincard;

  @BeforeAll
  static void two_versions_of_a_policy_one_after_the_other() throws Exception {
    bincard = RunningBincard.withOwnLedger();
    activate("tenth", policy(10));
    activate("fifth", policy(20));
  }

  @AfterAll
  static void stop() {
    bincard.close();
  }

  /** The members of a command that brings a policy of {@code percent} off, twice a ledger. */
  private static String policy(int percent) {
    String toml =
        """
        currency = "GBP"
        zone = "Europe/London"

        [[campaign]]
        id = "twice"
        uses = 2

        [[rule]]
        id = "all"
        percent-off = %d
        campaign = "twice"
        """
            .formatted(percent);
    PolicyReading reading = PolicyReader.read(List.of(new PolicyFile("base.toml", 0, toml)));
    CanonicalPolicy policy = CanonicalPolicy.of(((PolicyReading.Read) reading).policy());
    String json =
        JSON.writeValueAsString(
            Map.of("fingerprint", policy.fingerprint().value(), "content", policy.json()));
    return json.substring(1, json.length() - 1);
  }

  private static void activate(String key, String policy) throws Exception {
    HttpResponse<String> answer =
        bincard.send("PUT", "/v1/policies/in-force", key, "{" + policy + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static HttpResponse<String> quote(String at) throws Exception {
    return bincard.post("/v1/quotes", "none", "{\"at\":\"" + at + "\"," + CART + "}");
  }

  private static long price(Instant at) throws Exception {
    HttpResponse<String> answer = quote(at.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode priced = JSON.readTree(answer.body());
    assertThat(Instant.parse(priced.path("pricedAt").asString())).isEqualTo(at);
    return priced.at("/finalPrice/amount").asLong();
  }

  /** When the version at {@code index} of the register's history was put in force. */
  private static Instant activatedAt(int index) {
    return bincard
        .sql()
        .sql(
            "select created_at from event_journal where stream = 'discount-policy' and sequence = ?")
        .param(index)
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .single();
  }

  @Test
  void a_quote_at_another_time_is_by_the_version_in_force_then() throws Exception {
    Instant second = activatedAt(1);

    assertThat(price(activatedAt(0))).isEqualTo(TENTH);
    assertThat(price(second.minusNanos(1))).isEqualTo(TENTH);
    assertThat(price(second)).isEqualTo(FIFTH);
    assertThat(price(Instant.parse("2999-12-31T23:59:59.123456789Z"))).isEqualTo(FIFTH);
  }

  @Test
  void before_the_first_version_there_is_no_price() throws Exception {
    for (String before : List.of(activatedAt(0).minusNanos(1).toString(), "1970-01-01T00:00:00Z")) {
      HttpResponse<String> answer = quote(before);

      assertThat(answer.statusCode()).as(before).isEqualTo(409);
      assertThat(answer.body())
          .contains("/problems/no-policy-in-force")
          .doesNotContain("finalPrice");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "999999999-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59-18:00",
        "+999999999-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "-999999999-01-01T00:00:00+18:00",
        "-999999999-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-01-01T00:00:00",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00+19:00",
        "2026-01-01",
        "now",
        ""
      })
  void a_time_that_is_none_is_refused(String at) throws Exception {
    HttpResponse<String> answer = quote(at);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("/problems/invalid-command", "/at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "Stable", "CANARY", "", "stable, canary"})
  void a_stage_that_is_none_is_refused(String stage) throws Exception {
    for (String path : List.of("/v1/quotes", "/v1/discounts")) {
      HttpResponse<String> answer =
          bincard
              .http()
              .send(
                  HttpRequest.newBuilder(bincard.uri(path))
                      .header("Content-Type", "application/json")
                      .header("Idempotency-Key", "stage")
                      .header("X-Release-Stage", stage)
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              path.endsWith("quotes")
                                  ? "{" + CART + "}"
                                  : "{\"orderId\":\"stage\"," + CART + "}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("/problems/unknown-release-stage");
    }
    assertThat(bincard.get("/v1/commands/stage").statusCode()).isEqualTo(404);
  }

  private static String apply(String key) {
    return "{\"key\":\"%s\",\"type\":\"apply-discount\",\"orderId\":\"%s\",%s}\n"
        .formatted(key, key, CART);
  }

  private static final String FAILS =
      "{\"key\":\"fails\",\"type\":\"revoke-discount\",\"orderId\":\"none\"}\n";

  @Test
  void an_atomic_batch_that_fails_leaves_budgets_and_the_policy_as_they_were() throws Exception {
    try (RunningBincard other = RunningBincard.withOwnLedger()) {
      String activation = "{\"key\":\"p\",\"type\":\"activate-policy\"," + policy(10) + "}\n";
      String all = activation + apply("a") + apply("b") + apply("c");

      assertThat(other.batch("atomic", all).body().lines())
          .last()
          .asString()
          .contains("/problems/budget-exhausted");
      assertThat(JSON.readTree(other.get("/v1/policies").body()).path("history")).isEmpty();
      assertThat(other.post("/v1/quotes", "none", "{" + CART + "}").statusCode()).isEqualTo(409);
      assertThat(other.batch("atomic", activation + FAILS).body()).contains("discount-not-applied");
      assertThat(other.batch("atomic", activation + apply("a")).body().lines())
          .hasSize(2)
          .allMatch(line -> line.contains("\"status\":\"done\""));

      // One use is left: taken and given back with the batch, and then there for good.
      assertThat(other.batch("atomic", apply("d") + FAILS.replace("fails", "too")).body())
          .contains("discount-not-applied");
      assertThat(other.get("/v1/discounts/d").statusCode()).isEqualTo(404);
      assertThat(other.batch("atomic", apply("d")).body()).contains("\"status\":\"done\"");
      assertThat(other.batch("atomic", apply("e")).body()).contains("/problems/budget-exhausted");
      assertThat(
              other
                  .sql()
                  .sql("select string_agg(type, ' ' order by position) from event_journal")
                  .query(String.class)
                  .single())
          .isEqualTo(
              "policy-activated discount-applied budget-spent discount-applied budget-spent");
    }
  }
}
