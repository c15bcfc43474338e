package io.bincard.application.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.faults.History.Command;
import io.bincard.application.faults.History.Extent;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RunningBincard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * F1 and F9 with two nodes under load: the leader is killed, paused beyond its lease, and stopped.
 * Clients ask either node and retry with their keys.
 */
class FailoverIT {

  /** {@code -Dfailovers=30} for the long run; each is a kill, a pause and a stop. */
  private static final int ROUNDS = Integer.getInteger("failovers", 1);

  private static final long SEED = Long.getLong("seed", 20_261_121);
  private static final String LEDGER = "failedover";
  private static final int REDIS_DATABASE = 14;
  private static final int SHOPPERS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What is promised after a kill; the machine of a test is slow, and it is met all the same. */
  private static final long FAILOVER_MILLIS = 5_000;

  @TempDir private Path folder;

  private final List<ChildProcess> nodes = new CopyOnWriteArrayList<>();
  private final History history = new History();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final List<String> times = new ArrayList<>();
  private int probes;

  @AfterEach
  void end() throws IOException, InterruptedException {
    http.shutdownNow();
    for (ChildProcess node : nodes) {
      node.signal("KILL");
      node.close();
    }
  }

  @Test
  void what_was_told_holds_through_the_kill_the_pause_and_the_stop_of_the_leader()
      throws Exception {
    start();
    start();
    try (Shoppers shoppers = new Shoppers(SHOPPERS, SEED, this::anyNode, history)) {
      for (int round = 0; round < ROUNDS; round++) {
        awaitMore(shoppers);
        kill(leader());
        start();
        awaitMore(shoppers);
        pause(leader());
        awaitMore(shoppers);
        stop(leader());
        start();
      }
      awaitMore(shoppers);
      shoppers.finish();
    }
    System.out.println("failover, ms from the signal to the other node's first answer: " + times);

    JdbcClient ledger = RunningBincard.sqlOf(LEDGER);
    assertThat(history.faultsIn(ledger)).as("seed " + SEED).isEmpty();
    Extent extent = history.extent();
    assertThat(extent.done()).isGreaterThan(1_000);
    assertThat(extent.refused()).isGreaterThan(50);
    assertThat(extent.replays()).isGreaterThan(20);
    long head = ledger.sql("select position from ledger_head").query(Long.class).single();
    for (ChildProcess node : nodes) {
      await("the views reach the head whoever filled them before")
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(node, "/v1/stock/ITEM-1"))
                      .contains("\"asOfPosition\":" + head, "\"source\":\"view\""));
    }
  }

  private void kill(ChildProcess leader) throws Exception {
    long began = System.nanoTime();
    leader.signal("KILL");
    answersAgain("kill", other(leader), began);
    leader.awaitEnd();
    nodes.remove(leader);
    leader.close();
  }

  /** Its lease runs out while it sleeps; it wakes up in the belief that it leads. */
  private void pause(ChildProcess leader) throws Exception {
    ChildProcess successor = other(leader);
    long began = System.nanoTime();
    leader.signal("STOP");
    try {
      answersAgain("pause", successor, began);
    } finally {
      leader.signal("CONT");
    }
    await("the old leader follows")
        .atMost(PATIENCE)
        .until(() -> readiness(leader).contains("\"role\":\"follower\""));
    assertThat(readiness(successor)).contains("\"role\":\"leader\"");
    register(leader, began);
  }

  private void stop(ChildProcess leader) throws Exception {
    long began = System.nanoTime();
    leader.signal("TERM");
    answersAgain("stop", other(leader), began);
    leader.awaitEnd();
    nodes.remove(leader);
    leader.close();
  }

  private void start() throws IOException {
    ChildProcess node =
        ChildProcess.startNode(folder.resolve("node" + nodes.size()), LEDGER, REDIS_DATABASE);
    node.awaitReady();
    nodes.add(node);
  }

  private URI anyNode() {
    return URI.create(nodes.get(ThreadLocalRandom.current().nextInt(nodes.size())).http());
  }

  private ChildProcess leader() {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                nodes.stream()
                    .filter(node -> readiness(node).contains("\"role\":\"leader\""))
                    .toList(),
            leaders -> leaders.size() == 1)
        .getFirst();
  }

  private ChildProcess other(ChildProcess node) {
    return nodes.stream().filter(each -> each != node).findFirst().orElseThrow();
  }

  private void answersAgain(String what, ChildProcess survivor, long began) throws Exception {
    await("the other node leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> readiness(survivor).contains("\"role\":\"leader\""));
    long millis = register(survivor, began);
    times.add(what + " " + millis);
    assertThat(millis).as(what).isLessThan(FAILOVER_MILLIS);
  }

  /**
   * Registers an item at {@code node}; the milliseconds since {@code began} until it is told so.
   */
  private long register(ChildProcess node, long began) throws Exception {
    Command command = new Command("probe-" + ++probes, "PROBE-" + probes, 0);
    history.sends(command);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(node.http()).resolve("/v1/stock-items"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", command.key())
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"sku\":\"%s\",\"openingQuantity\":0}".formatted(command.sku())))
                .build(),
            BodyHandlers.ofString());
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    history.isTold(command, answer.body(), false);
    return millis;
  }

  private String readiness(ChildProcess node) {
    return get(node, "/actuator/health/readiness");
  }

  private String get(ChildProcess node, String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(node.http()).resolve(path))
                  .timeout(Duration.ofSeconds(2))
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException unreachable) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitMore(Shoppers shoppers) {
    long enough = answers() + 400;
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              shoppers.requireWell();
              return answers() >= enough;
            });
  }

  private long answers() {
    return history.extent().done() + history.extent().refused();
  }
}
