package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.domain.register.Canaries;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockFreezes;
import io.bincard.domain.stock.StockItemId;
import io.bincard.reconciliation.repair.Fuse;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of reconciliation over HTTP, in the whole application. */
class ReconciliationRoutesIT {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RUNS = "/v1/reconciliation/runs";

  private static RunningBincard bincard;

  @BeforeAll
  static void start() throws Exception {
    bincard =
        RunningBincard.withOwnLedger(
            "bincard.reconciliation.enabled=true",
            "bincard.reconciliation.watch.every=0", // no run but those asked for
            "bincard.reconciliation.nightly=-");
    assertThat(
            bincard
                .post("/v1/stock-items", "routes-1", "{\"sku\":\"CHECKED\",\"openingQuantity\":5}")
                .statusCode())
        .isEqualTo(201);
    await()
        .atMost(PATIENCE)
        .until(() -> bincard.get("/v1/stock/CHECKED").body().contains("\"source\":\"view\""));
  }

  @AfterAll
  static void stop() {
    bincard.close();
  }

  private static HttpResponse<String> begin(String body) throws Exception {
    return bincard.post(RUNS, "unused", body);
  }

  /** The path of a run that has come to its end. */
  private static String ended(String body) throws Exception {
    HttpResponse<String> begun = begin(body);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String path = begun.headers().firstValue("Location").orElseThrow();
    await().atMost(PATIENCE).until(() -> told(path).has("endedAt"));
    return path;
  }

  private static JsonNode told(String path) throws Exception {
    return JSON.readTree(bincard.get(path).body());
  }

  private static HttpResponse<String> page(String path, String accept) throws Exception {
    return bincard
        .http()
        .send(
            HttpRequest.newBuilder(bincard.uri(path)).header("Accept", accept).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_run_is_begun_and_told_of_as_json_and_as_a_page() throws Exception {
    String path = ended("{\"apply\":true}");

    JsonNode run = told(path);
    assertThat(run.get("phase").asString()).as(run.toString()).isEqualTo("done");
    assertThat(run.get("apply").asBoolean()).isTrue();
    assertThat(run.get("different").asLong()).isZero();
    assertThat(told(RUNS + "?limit=1").at("/runs/0/id")).isEqualTo(run.get("id"));
    HttpResponse<String> page = page(path, "text/html,application/xhtml+xml,*/*;q=0.8");
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(page.body()).contains("<!DOCTYPE html>", run.get("id").asString());
    assertThat(page(path, "*/*").headers().firstValue("Content-Type")).hasValue("application/json");
    String id = run.get("id").asString();
    assertThat(told("/v1/reconciliation/discrepancies?run=" + id).get("entries").isEmpty())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /v1/reconciliation/runs/nonsense                     |        | 404 | unknown-run",
        "GET  | /v1/reconciliation/runs?limit=0                      |        | 400 | invalid-value",
        "GET  | /v1/reconciliation/runs?sort=up                      |        | 400 | unknown-parameter",
        "GET  | /v1/reconciliation/discrepancies?before=x            |        | 400 | invalid-value",
        "GET  | /v1/reconciliation/discrepancies?run=x               |        | 404 | unknown-run",
        "POST | /v1/reconciliation/runs                              | {}}    | 400 | malformed-json",
        "POST | /v1/reconciliation/runs                              | {\"a\":1} | 400 | malformed-json",
        "POST | /v1/reconciliation/runs                              | {\"parts\":[]} | 400 | malformed-json",
        "POST | /v1/reconciliation/runs?apply=true                   | {}     | 400 | unknown-parameter",
      })
  void what_makes_no_sense_is_refused(
      String method, String path, String body, int status, String problem) throws Exception {
    HttpResponse<String> answer = bincard.send(method, path, "unused", body == null ? "" : body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("/problems/" + problem);
  }

  @Test
  void a_blown_fuse_refuses_repairs_until_it_is_reset() throws Exception {
    UUID run = UUID.fromString(told(ended("{}")).get("id").asString());
    bincard.bean(Fuse.class).blow(run, 100, 50);

    assertThat(told("/v1/reconciliation/fuse").at("/state/differed").asLong()).isEqualTo(50);
    HttpResponse<String> refused = begin("{\"apply\":true}");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("/problems/fuse-blown", run.toString());
    assertThat(told(ended("{}")).get("phase").asString()).isEqualTo("done");

    assertThat(bincard.send("DELETE", "/v1/reconciliation/fuse", "unused", "").statusCode())
        .isEqualTo(204);
    assertThat(told("/v1/reconciliation/fuse").get("blown").asBoolean()).isFalse();
    assertThat(told(ended("{\"apply\":true}")).get("phase").asString()).isEqualTo("done");
  }

  @Test
  void the_ledger_freezes_an_item_once_and_knows_of_no_other() throws Exception {
    StockFreezes freezes = bincard.bean(StockFreezes.class);
    bincard.post("/v1/stock-items", "routes-2", "{\"sku\":\"DOUBTED\",\"openingQuantity\":5}");
    StockItemId item = new StockItemId(new Sku("DOUBTED"), LocationId.MAIN);
    Reason reason = new Reason("two folds");

    assertThat(freezes.freeze(item, reason, "freeze-1")).isTrue();
    assertThat(freezes.freeze(item, reason, "freeze-1")).isTrue();
    assertThat(freezes.freeze(item, reason, "freeze-2")).isTrue();
    assertThat(
            freezes.freeze(new StockItemId(new Sku("NEVER"), LocationId.MAIN), reason, "freeze-3"))
        .isFalse();
    assertThat(
            bincard
                .sql()
                .sql("select count(*) from event_journal where stream = 'stock:DOUBTED@MAIN'")
                .query(Long.class)
                .single())
        .isEqualTo(2);
    assertThat(bincard.bean(Canaries.class).stop("stop-1")).isFalse();
  }
}
