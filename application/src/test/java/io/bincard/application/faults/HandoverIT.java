package io.bincard.application.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.faults.History.Command;
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

/** A leader that is stopped under load hands the ledger over before it does anything else. */
class HandoverIT {

  /** {@code -Dhandovers=10} to measure. */
  private static final int ROUNDS = Integer.getInteger("handovers", 2);

  private static final long SEED = Long.getLong("seed", 20_261_121);
  private static final String LEDGER = "handedover";
  private static final int REDIS_DATABASE = 10;
  private static final int SHOPPERS = 16;

  /**
   * Far beyond what is promised, which is a second: what a test machine does besides is unknown.
   */
  private static final long LIMIT_MILLIS = 5_000;

  @TempDir private Path folder;

  private final List<ChildProcess> nodes = new CopyOnWriteArrayList<>();
  private final List<URI> addresses = new CopyOnWriteArrayList<>();
  private final History history = new History();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Long> ledAgain = new ArrayList<>();
  private final List<Long> longestWaits = new ArrayList<>();
  private final List<Long> ended = new ArrayList<>();
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
  void a_leader_that_is_stopped_hands_over_and_nobody_is_told_wrong() throws Exception {
    start(); // leads; whoever came first does, and after it the only other one
    JdbcClient ledger = RunningBincard.sqlOf(LEDGER);
    try (Shoppers shoppers = new Shoppers(SHOPPERS, SEED, this::anyNode, history)) {
      for (int round = 0; round < ROUNDS; round++) {
        ChildProcess successor = start();
        for (int i = 0; i < 200; i++) { // the successor is warm, and the load goes on
          register(successor);
          shoppers.requireWell();
        }
        handOver(nodes.getFirst(), successor, ledger);
      }
      shoppers.finish();
    }
    System.out.printf(
        "clean stop, ms: first answer of the new leader %s, longest wait of one command %s, end %s%n",
        ledAgain, longestWaits, ended);

    assertThat(history.faultsIn(ledger)).as("seed " + SEED).isEmpty();
    assertThat(history.extent().done()).isGreaterThan(200L * ROUNDS);
    assertThat(ledAgain).allMatch(millis -> millis < LIMIT_MILLIS);
  }

  private void handOver(ChildProcess leader, ChildProcess successor, JdbcClient ledger)
      throws Exception {
    long before = epoch(ledger);
    long began = System.nanoTime();
    leader.signal("TERM");
    long longest = 0;
    boolean led = false;
    while (!led) {
      led = epoch(ledger) > before;
      long sent = System.nanoTime();
      register(successor);
      longest = Math.max(longest, millisSince(sent));
    }
    ledAgain.add(millisSince(began));
    longestWaits.add(longest);
    assertThat(leader.awaitEnd()).isEqualTo(143);
    ended.add(millisSince(began));
    addresses.removeFirst();
    nodes.remove(leader);
    leader.close();
  }

  private static long epoch(JdbcClient ledger) {
    return ledger.sql("select epoch from ledger_head").query(Long.class).single();
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  private ChildProcess start() throws IOException {
    ChildProcess node = ChildProcess.startNode(folder, LEDGER, REDIS_DATABASE);
    nodes.add(node); // before it is ready, so that the end of the test finds it
    node.awaitReady();
    addresses.add(URI.create(node.http()));
    return node;
  }

  private URI anyNode() {
    List<URI> now = List.copyOf(addresses);
    return now.get(ThreadLocalRandom.current().nextInt(now.size()));
  }

  private void register(ChildProcess node) throws Exception {
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
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    history.isTold(command, answer.body(), false);
  }
}
