package io.bincard.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.writer.SingleWriterCommandBus;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/**
 * A node that goes down lets another one lead first, and keys are never said to be unknown that are
 * not.
 */
class ResignationIT {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The pool that all share has one thread on a small machine, and the JDK's HTTP needs it. */
  private static final Executor THREADS = Thread::startVirtualThread;

  private static final String LINE =
      "{\"key\":\"%s\",\"type\":\"receive-stock\",\"sku\":\"R\",\"quantity\":1}\n";

  @Test
  void a_node_that_is_closed_hands_over_before_it_waits_for_the_requests_under_way()
      throws Exception {
    try (RunningBincard first = RunningBincard.onLedger("resigned");
        RunningBincard second = RunningBincard.onLedger("resigned");
        RawHttp batch = RawHttp.connect(first.uri(""))) {
      first.post("/v1/stock-items", "r", "{\"sku\":\"R\",\"openingQuantity\":0}");
      batch.sendChunkedHead("POST /v1/commands", "Content-Type: application/x-ndjson");
      batch.sendChunk(LINE.formatted("before").getBytes(StandardCharsets.UTF_8));
      assertThat(batch.replyHead().status()).isEqualTo(200);
      assertThat(batch.bodyLine()).contains("\"key\":\"before\"", "\"onHand\":1,");

      CompletableFuture<Void> closed = CompletableFuture.runAsync(first::close, THREADS);

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(second.bean(LedgerLease.class).isHeld()).isTrue());
      assertThat(closed).as("the batch keeps it").isNotDone();
      batch.sendChunk(LINE.formatted("after").getBytes(StandardCharsets.UTF_8));
      assertThat(batch.bodyLine()).contains("\"key\":\"after\"", "\"onHand\":2,");
      batch.sendChunk(LINE.formatted("before").getBytes(StandardCharsets.UTF_8));
      assertThat(batch.bodyLine()).contains("\"replayed\":true", "\"onHand\":1,");
      batch.sendChunk(new byte[0]);
      closed.join();
      assertThat(second.get("/v1/commands/after").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_node_that_resigned_alone_says_in_bounded_time_that_nobody_leads() throws Exception {
    try (RunningBincard alone = RunningBincard.withOwnLedger()) {
      alone.post("/v1/stock-items", "r", "{\"sku\":\"R\",\"openingQuantity\":0}");
      alone.bean(SingleWriterCommandBus.class).resign();
      await().atMost(PATIENCE).until(() -> alone.bean(SingleWriterCommandBus.class).isFollowing());

      isToComeAgain(alone.post("/v1/stock/R/receipts", "late", "{\"quantity\":1}"));
      isToComeAgain(alone.get("/v1/commands/late"));
      assertThat(alone.get("/v1/commands/r").statusCode()).isEqualTo(200);
      assertThat(alone.bean(LedgerLease.class).isHeld()).isFalse();
    }
  }

  private static void isToComeAgain(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("/problems/ledger-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void a_key_under_way_at_the_leader_is_under_way_at_every_node() throws Exception {
    try (RunningBincard leader = RunningBincard.onLedger("underway");
        RunningBincard follower = RunningBincard.onLedger("underway");
        RunningBincard third = RunningBincard.onLedger("underway")) {
      leader.post("/v1/stock-items", "r", "{\"sku\":\"R\",\"openingQuantity\":0}");
      assertThat(third.get("/v1/commands/line").statusCode()).isEqualTo(404);
      CompletableFuture<HttpResponse<String>> forwarded;
      CompletableFuture<HttpResponse<String>> lines;
      try (Connection stalls = superuser(leader);
          Statement statement = stalls.createStatement()) {
        stalls.setAutoCommit(false);
        statement.execute("select * from underway.ledger_head for update");
        forwarded =
            CompletableFuture.supplyAsync(
                () -> post(follower, "/v1/stock/R/receipts", "forwarded", "{\"quantity\":1}"),
                THREADS);
        lines =
            CompletableFuture.supplyAsync(
                () -> post(leader, "/v1/commands", "", LINE.formatted("line")), THREADS);
        for (RunningBincard node : new RunningBincard[] {leader, follower, third}) {
          for (String key : new String[] {"forwarded", "line"}) {
            await()
                .atMost(PATIENCE)
                .untilAsserted(
                    () ->
                        assertThat(node.get("/v1/commands/" + key))
                            .returns(202, HttpResponse::statusCode)
                            .returns(
                                "{\"key\":\"" + key + "\",\"status\":\"running\"}",
                                HttpResponse::body));
          }
        }
        stalls.rollback();
      }
      assertThat(forwarded.join().statusCode()).isEqualTo(201);
      assertThat(lines.join().body()).contains("\"done\"");
      for (String key : new String[] {"forwarded", "line"}) {
        assertThat(third.get("/v1/commands/" + key).statusCode()).isEqualTo(200);
      }
      assertThat(third.get("/v1/commands/never").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> post(
      RunningBincard node, String path, String key, String json) {
    try {
      return key.isEmpty() ? node.batch("continue", json) : node.post(path, key, json);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection superuser(RunningBincard node) throws Exception {
    return DriverManager.getConnection(
        node.property("spring.datasource.url"), node.property("spring.flyway.user"), "");
  }
}
