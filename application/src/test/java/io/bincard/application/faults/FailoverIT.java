package io.bincard.application.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.history.History;
import io.bincard.application.history.History.Command;
import io.bincard.application.history.History.Extent;
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
 * F1 and F9 with three nodes under load: the leader is killed, its successor paused beyond its
 * lease, the next one stopped. Clients ask any node and retry with their keys.
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

  private static final long LEASE_MILLIS = 3_000;

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
    start(3);
    try (Shoppers shoppers = new Shoppers(SHOPPERS, SEED, this::anyNode, history)) {
      for (int round = 0; round < ROUNDS; round++) {
        start(3 - nodes.size());
        awaitMore(shoppers);
        kill(leader());
        awaitMore(shoppers);
        pause(leader());
        awaitMore(shoppers);
        stop(leader());
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
    answersAgain("kill", leader, began, FAILOVER_MILLIS);
    leader.awaitEnd();
    nodes.remove(leader);
    leader.close();
  }

  /** Its lease runs out while it sleeps; it wakes up in the belief that it leads. */
  private void pause(ChildProcess leader) throws Exception {
    long began = System.nanoTime();
    leader.signal("STOP");
    try {
      answersAgain("pause", leader, began, LEASE_MILLIS + FAILOVER_MILLIS);
    } finally {
      leader.signal("CONT");
    }
    await("the old leader follows")
        .atMost(PATIENCE)
        .until(() -> readiness(leader).contains("\"role\":\"follower\""));
    register(leader, began);
  }

  private void stop(ChildProcess leader) throws Exception {
    long began = System.nanoTime();
    leader.signal("TERM");
    answersAgain("stop", leader, began, FAILOVER_MILLIS);
    leader.awaitEnd();
    nodes.remove(leader);
    leader.close();
  }

  private void start(int count) throws IOException {
    List<ChildProcess> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(ChildProcess.startNode(folder, LEDGER, REDIS_DATABASE));
    }
    nodes.addAll(starting); // before they are ready, so that the end of the test finds them
    starting.forEach(ChildProcess::awaitReady);
  }

  private URI anyNode() {
    List<ChildProcess> now = List.copyOf(nodes);
    return URI.create(now.get(ThreadLocalRandom.current().nextInt(now.size())).http());
  }

  private ChildProcess leader() {
    return leaderOf(nodes);
  }

  private ChildProcess leaderOf(List<ChildProcess> candidates) {
    return await("one of them leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                candidates.stream()
                    .filter(node -> readiness(node).contains("\"role\":\"leader\""))
                    .toList(),
            leaders -> leaders.size() == 1)
        .getFirst();
  }

  private void answersAgain(String what, ChildProcess leader, long began, long limitMillis)
      throws Exception {
    ChildProcess successor = leaderOf(nodes.stream().filter(node -> node != leader).toList());
    long millis = register(successor, began);
    times.add(what + " " + millis);
    assertThat(millis).as(what).isLessThan(limitMillis);
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
