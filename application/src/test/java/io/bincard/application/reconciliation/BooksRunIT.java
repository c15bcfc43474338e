package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.reconciliation.books.Rule;
import io.bincard.reconciliation.expected.Expectations;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The journal of a real ledger held against itself, in the whole application. */
class BooksRunIT {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RUNS = "/v1/reconciliation/runs";
  private static final String FROZEN =
      "select count(*) from event_journal where type = 'stock-item-frozen' and stream = ";

  /** Statements that wait for the table of opening balances. */
  private static final String WAITING =
      "select count(*) from pg_locks where not granted and relation = 'stream_snapshot'::regclass";

  /** Receipts of what is traded. */
  private static final int TRADED = 4;

  private static RunningBincard untouched;
  private static int keys;

  private RunningBincard bincard;
  private JdbcClient owner;

  @BeforeAll
  static void startUntouched() throws Exception {
    untouched = traded();
  }

  private static RunningBincard traded() throws Exception {
    RunningBincard bincard =
        RunningBincard.withOwnLedger(
            "bincard.reconciliation.enabled=true",
            "bincard.reconciliation.watch.every=0", // no run but those asked for
            "bincard.reconciliation.nightly=-",
            "bincard.reconciliation.look-every=20ms");
    done(bincard, "/v1/stock-items", "{\"sku\":\"CUP\",\"openingQuantity\":20}");
    done(bincard, "/v1/stock-items", "{\"sku\":\"POT\",\"openingQuantity\":9}");
    done(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":3,\"orderId\":\"o-1\"}");
    done(
        bincard,
        "/v1/holds",
        "{\"orderId\":\"o-2\",\"ttlSeconds\":900,\"lines\":[{\"sku\":\"POT\",\"quantity\":2}]}");
    return bincard;
  }

  @BeforeEach
  void useUntouched() {
    use(untouched);
  }

  private void use(RunningBincard running) {
    bincard = running;
    owner = RunningBincard.ownersSqlOf(bincard.property("bincard.ledger"));
    awaitFolded();
  }

  private void awaitFolded() {
    await().atMost(PATIENCE).until(() -> bincard.bean(Expectations.class).position() == head());
  }

  @AfterEach
  void stop() {
    if (bincard != untouched) {
      bincard.close();
    }
  }

  @AfterAll
  static void stopUntouched() {
    untouched.close();
  }

  private static void done(RunningBincard bincard, String path, String json) throws Exception {
    HttpResponse<String> answer = bincard.post(path, "run-" + ++keys, json);
    assertThat(answer.statusCode()).as(path + ' ' + answer.body()).isBetween(200, 299);
  }

  private long head() {
    return number("select position from ledger_head");
  }

  private long number(String query) {
    return owner.sql(query).query(Long.class).single();
  }

  /** The path of a run that is begun. */
  private String begun(String body) throws Exception {
    HttpResponse<String> begun = bincard.post(RUNS, "unused", body);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    return begun.headers().firstValue("Location").orElseThrow();
  }

  private JsonNode ended(String path) throws Exception {
    await().atMost(PATIENCE).until(() -> told(path).has("endedAt"));
    return told(path);
  }

  private JsonNode told(String path) throws Exception {
    return JSON.readTree(bincard.get(path).body());
  }

  /** What {@code table} has of the run at {@code path}. */
  private long written(String table, String path) {
    return owner
        .sql("select count(*) from " + table + " where run = ?::uuid")
        .param(path.substring(RUNS.length() + 1))
        .query(Long.class)
        .single();
  }

  private static List<String> texts(JsonNode array, String member) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.path(member).asString("")));
    return texts;
  }

  private String metric(Rule rule) throws Exception {
    return bincard
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith("bincard_reconciliation_contradictions_total"))
        .filter(line -> line.contains('"' + rule.word() + '"'))
        .findFirst()
        .orElse("no such metric");
  }

  @Test
  void a_ledger_that_nobody_touched_is_told_to_hold() throws Exception {
    JsonNode run = ended(begun("{}"));

    assertThat(run.path("phase").asString()).as(run.toString()).isEqualTo("done");
    assertThat(run.path("parts").toString()).isEqualTo("[\"books\",\"rows\"]");
    assertThat(run.path("contradictions").asLong(-1)).isZero();
    JsonNode books = run.path("books");
    assertThat(books.path("state").asString()).as(books.toString()).isEqualTo("held");
    assertThat(texts(books.path("rules"), "rule"))
        .hasSameSizeAs(Rule.values())
        .contains("items-add-up", "lines-of-orders-match");
    assertThat(texts(books.path("rules"), "state")).containsOnly("held");
    assertThat(books.path("headPosition").asLong()).isEqualTo(head());
    long events = 0;
    for (JsonNode day : books.path("days")) {
      events += day.path("events").asLong();
    }
    assertThat(events).isEqualTo(head());
    assertThat(books.path("receipts").asLong()).isEqualTo(TRADED);
    assertThat(run.path("took").propertyNames())
        .containsExactly("books", "comparing", "scanning", "repairing");
    assertThat(run.path("compared").asLong()).isPositive();
    JsonNode listed = told(RUNS + "?limit=1").at("/runs/0");
    assertThat(listed.path("contradictions").asLong(-1)).isZero();
    assertThat(listed.has("books")).isFalse();
  }

  @Test
  void a_contradiction_is_told_by_a_dry_run_and_its_item_frozen_by_one_that_applies()
      throws Exception {
    use(traded());
    assertThat(
            owner
                .sql(
                    "update event_journal set payload = replace(payload::text, '\"quantity\":3',"
                        + " '\"quantity\":4')::json where type = 'stock-deducted'")
                .update())
        .isEqualTo(1);
    assertThat(
            owner
                .sql(
                    "update event_journal set payload = replace(payload::text, '\"quantity\":2',"
                        + " '\"quantity\":1')::json where type = 'stock-reserved'")
                .update())
        .isEqualTo(1);

    JsonNode dry = ended(begun("{\"parts\":[\"books\"]}"));

    assertThat(dry.path("contradictions").asLong()).as(dry.toString()).isEqualTo(2);
    JsonNode books = dry.path("books");
    assertThat(books.path("state").asString()).isEqualTo("broken");
    assertThat(texts(books.path("contradictions"), "rule"))
        .containsExactly("items-add-up", "lines-of-orders-match");
    assertThat(texts(books.path("contradictions"), "item")).containsExactly("CUP@MAIN", "POT@MAIN");
    assertThat(texts(books.path("contradictions"), "outcome")).containsOnly("");
    assertThat(books.at("/orders/0/orderId").asString()).isEqualTo("o-2");
    assertThat(books.at("/orders/0/lines/0").asString())
        .isEqualTo("POT@MAIN: says 2 reserved, and the item 1");
    assertThat(metric(Rule.ITEMS_ADD_UP)).endsWith(" 1.0");
    assertThat(metric(Rule.POSITIONS_ARE_DENSE)).endsWith(" 0.0");
    assertThat(number(FROZEN + "'stock:CUP@MAIN'")).isZero();
    assertThat(bincard.get("/v1/stock/CUP").body()).contains("\"frozen\":false");

    JsonNode run = ended(begun("{\"apply\":true}"));

    assertThat(run.path("phase").asString()).as(run.toString()).isEqualTo("done");
    assertThat(texts(run.at("/books/contradictions"), "outcome")).containsOnly("frozen");
    assertThat(number(FROZEN + "'stock:CUP@MAIN'")).isEqualTo(1);
    assertThat(number(FROZEN + "'stock:POT@MAIN'")).isEqualTo(1);
    HttpResponse<String> refused =
        bincard.post("/v1/stock/CUP/deductions", "refused", "{\"quantity\":1,\"orderId\":\"o-3\"}");
    assertThat(refused.body()).contains("/problems/");
    assertThat(refused.statusCode()).isEqualTo(409);

    // Whoever has looked is not overruled: what is wrong in the journal stays there, whatever is
    // sold after that.
    assertThat(
            bincard.send("DELETE", "/v1/stock/CUP/freeze?reason=seen", "looked", "").statusCode())
        .isEqualTo(200);
    done(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":1,\"orderId\":\"o-4\"}");
    awaitFolded();
    ended(begun("{\"apply\":true,\"parts\":[\"books\"]}"));
    assertThat(number(FROZEN + "'stock:CUP@MAIN'")).isEqualTo(1);
  }

  @Test
  void a_run_that_is_killed_in_the_middle_of_the_books_does_them_again() throws Exception {
    DataSource tables = RunningBincard.ownersDataSourceOf(bincard.property("bincard.ledger"));
    String path;
    try (Connection locking = tables.getConnection();
        Statement lock = locking.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("lock table stream_snapshot in access exclusive mode");
      path = begun("{}");
      await()
          .atMost(PATIENCE)
          .until(() -> told(path).path("step").asString("").equals("opening-balances-add-up"));
      assertThat(told(path).path("phase").asString()).isEqualTo("books");
      assertThat(told(path).has("contradictions")).isFalse();
      // As after a kill: its node is heard of no more. The real one lets go when it sees that.
      owner
          .sql(
              "update reconciliation_run set node = 'killed', step = null, beat_at = '-infinity'"
                  + " where ended_at is null")
          .update();
      await()
          .atMost(PATIENCE)
          .until(() -> told(path).path("step").asString("").equals("opening-balances-add-up"));
      assertThat(told(path).path("attempts").asInt()).isEqualTo(2);
      await("one statement waits: that of the first try was cancelled")
          .atMost(PATIENCE)
          .until(() -> number(WAITING) == 1);
      assertThat(written("books_check", path)).isZero();
      locking.rollback();
    }

    JsonNode run = ended(path);

    assertThat(run.path("phase").asString()).as(run.toString()).isEqualTo("done");
    assertThat(run.at("/books/state").asString()).isEqualTo("held");
    assertThat(written("books_check", path)).isEqualTo(1);
    assertThat(written("books_rule", path)).isEqualTo(Rule.values().length);
    assertThat(run.path("compared").asLong()).isPositive();
  }
}
