package io.bincard.application.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RedisClient;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.history.ViewRows;
import io.bincard.reconciliation.expected.Expectations;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The page of a run that found something, as a person sees it. Its pictures are in {@code
 * target/pictures}.
 */
class ReconciliationPageBrowserIT {

  private static final Path PICTURES = Path.of("target", "pictures");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path folder;

  private int keys;

  private HttpResponse<String> done(RunningBincard bincard, String path, String json)
      throws Exception {
    HttpResponse<String> answer = bincard.post(path, "reconciled-" + ++keys, json);
    assertThat(answer.statusCode()).as(path + ' ' + answer.body()).isBetween(200, 299);
    return answer;
  }

  /** Sells, and waits until all of it is in the views and folded. */
  private void trade(RunningBincard bincard) throws Exception {
    done(bincard, "/v1/stock-items", "{\"sku\":\"TEAPOT-4\",\"openingQuantity\":24}");
    done(bincard, "/v1/stock-items", "{\"sku\":\"CUP 0.3 #2\",\"openingQuantity\":40}");
    done(bincard, "/v1/stock-items", "{\"sku\":\"SAUCER+6\",\"openingQuantity\":1200}");
    done(bincard, "/v1/stock/TEAPOT-4/deductions", "{\"quantity\":3,\"orderId\":\"order-1001\"}");
    done(
        bincard,
        "/v1/holds",
        """
        {"orderId":"order-1002","ttlSeconds":900,"lines":[\
        {"sku":"CUP 0.3 #2","quantity":2},{"sku":"TEAPOT-4","quantity":1}]}""");
    long head = bincard.sql().sql("select position from ledger_head").query(Long.class).single();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                bincard.bean(Expectations.class).position() == head
                    && bincard
                        .get("/v1/stock/SAUCER%2B6?minPosition=" + head)
                        .body()
                        .contains("\"source\":\"view\""));
  }

  /** Two rows of the views, and one event of the journal, changed behind everybody's back. */
  private static void corrupt(String ledger) throws Exception {
    URI url = RunningBincard.redisOf(ledger);
    try (RedisClient redis = RedisClient.open(url)) {
      String generation = ViewRows.generation(redis);
      redis.ask(
          "HSET", generation + "availability:TEAPOT-4@MAIN", "onHand", "999", "available", "998");
      redis.ask("DEL", generation + "availability:SAUCER+6@MAIN");
    }
    JdbcClient owner = RunningBincard.ownersSqlOf(ledger);
    assertThat(
            owner
                .sql(
                    "update event_journal set payload = replace(payload::text, '\"quantity\":2',"
                        + " '\"quantity\":3')::json where type = 'stock-reserved' and stream ="
                        + " 'stock:CUP 0.3 #2@MAIN'")
                .update())
        .isEqualTo(1);
  }

  private String run(RunningBincard bincard, String body) throws Exception {
    HttpResponse<String> begun = done(bincard, "/v1/reconciliation/runs", body);
    String path = begun.headers().firstValue("Location").orElseThrow();
    await().atMost(PATIENCE).until(() -> bincard.get(path).body().contains("\"endedAt\""));
    return path;
  }

  private static void show(Tab tab, URI address) {
    tab.show(address);
    await().atMost(PATIENCE).until(() -> tab.text("h1").equals("Reconciliation"));
    await().atMost(PATIENCE).until(() -> tab.eval("document.readyState").equals("complete"));
  }

  private static String tableRow(Tab tab, String table, String words) {
    return tab.eval(
        "[...document.querySelectorAll('#%s > tbody > tr')].map((row) => row.innerText).find((text) => text.includes('%s')) ?? ''"
            .formatted(table, words));
  }

  @Test
  void says_what_was_compared_what_differed_what_was_done_and_how_the_books_stand()
      throws Exception {
    try (RunningBincard bincard =
            RunningBincard.withOwnLedger(
                "bincard.reconciliation.enabled=true",
                "bincard.reconciliation.watch.every=0", // no run but those asked for
                "bincard.reconciliation.nightly=-",
                "bincard.reconciliation.look-every=50ms");
        Chromium chromium = new Chromium(folder);
        Tab tab = chromium.open()) {
      trade(bincard);
      corrupt(bincard.property("bincard.ledger"));
      String dry = run(bincard, "{}");
      String path = run(bincard, "{\"apply\":true}");

      tab.screen(1100, 2100, false);
      show(tab, bincard.uri(path));
      tab.picture(PICTURES.resolve("reconciliation.png"));

      assertThat(
              tab.eval(
                  "[...document.querySelectorAll('.verdict')].map((each) => each.innerText).join('|')"))
          .isEqualTo(
              "2 of 4 rows differed. 2 repaired.|The journal contradicts itself in 1 place. 1 item"
                  + " was frozen.");
      assertThat(tab.text("#facts"))
          .contains("a person, to put right what differs", "positions 1 to 7", "generation 1")
          .containsPattern("Compared as of position\\s+[78]")
          .containsPattern("books \\d+ ms");
      assertThat(tableRow(tab, "differences", "TEAPOT-4"))
          .contains("edited", "999", "21", "repaired");
      assertThat(tableRow(tab, "differences", "SAUCER"))
          .contains("availability", "lost", "there is no row", "1200", "repaired");
      assertThat(tableRow(tab, "differences", "CUP 0.3 #2"))
          .contains("the journal contradicts itself", "the item is frozen");
      assertThat(tableRow(tab, "contradictions", "order-1002"))
          .contains("says 2 reserved, and the item 3", "CUP 0.3 #2@MAIN is frozen");
      assertThat(tableRow(tab, "orders", "order-1002")).contains("CUP 0.3 #2@MAIN");
      assertThat(tableRow(tab, "rules", "lines of orders match")).contains("broken, 1 time");
      assertThat(tableRow(tab, "rules", "positions are dense")).contains("holds");
      assertThat(tab.text("#days")).containsPattern("20\\d\\d-\\d\\d-\\d\\d\\s+7");
      tab.screen(1100, 2100, true);
      tab.picture(PICTURES.resolve("reconciliation-dark.png"));
      tab.screen(360, 2100, false);
      tab.picture(PICTURES.resolve("reconciliation-narrow.png"));
      assertThat(tab.eval("String(document.documentElement.scrollWidth <= window.innerWidth)"))
          .as("nothing but tables is wider than a small screen")
          .isEqualTo("true");

      tab.screen(1100, 1900, false);
      show(tab, bincard.uri(dry));
      await().atMost(PATIENCE).until(() -> tab.text("#facts").contains("a person, as a dry run"));
      assertThat(tableRow(tab, "contradictions", "order-1002"))
          .contains("is not frozen: a dry run");
      assertThat(tableRow(tab, "differences", "TEAPOT-4")).contains("nothing");
      assertThat(tab.complaints()).isEmpty();
    }
  }
}
