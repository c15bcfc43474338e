package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.embedded.OwnPostgres;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one node of a ledger, for a fault to strike at, and clients that never stop asking it. */
final class NodeUnderLoad implements AutoCloseable {

  private static final Duration RECOVERY = Duration.ofSeconds(30);

  /** Answers after the last strike, and in all; of so many more than 1,000 are done. */
  private static final long AFTER = 500;

  private static final long ENOUGH = 2_000;

  private final FaultRun run;
  private final int clients;
  private final String[] arguments;
  private final History history;
  private final Nodes nodes;
  private final Millis recoveries = new Millis();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private @Nullable Shoppers shoppers;

  /**
   * @param arguments {@code --key=value}, of every start
   */
  NodeUnderLoad(FaultRun run, int clients, @Nullable OwnPostgres postgres, String... arguments)
      throws IOException {
    this.run = run;
    this.clients = clients;
    this.arguments = arguments;
    this.history = run.newHistory();
    this.nodes = new Nodes(run, history, postgres);
  }

  /** Starts the node and waits until it is ready. */
  ChildProcess start(Launch launch) throws IOException {
    ChildProcess started = nodes.start(launch, arguments);
    if (shoppers == null) {
      shoppers = new Shoppers(clients, run.seed(), nodes::any, history);
    }
    return started;
  }

  /** The node's ledger and its other nodes. */
  Nodes nodes() {
    return nodes;
  }

  /** Kills the node. */
  void kill() throws IOException, InterruptedException {
    nodes.end(nodes.all().getFirst(), "KILL");
  }

  Set<String> sentKeys() {
    return history.sentKeys();
  }

  long done() {
    return history.extent().done();
  }

  /** Waits until the clients have {@code more} answers. */
  void awaitMore(long more) {
    Objects.requireNonNull(shoppers).awaitMore(more);
  }

  /** Waits until the node is ready or has ended, and tells whether it has ended. */
  boolean endsUnlessReady(ChildProcess node) {
    await("ready again, or ended to be started again")
        .atMost(RECOVERY)
        .until(() -> !node.isAlive() || statusOf("/actuator/health/readiness") == 200);
    return !node.isAlive();
  }

  /** Waits until the node is ready and answers again, which may not take long. */
  String awaitRecovery() {
    long began = System.nanoTime();
    await("ready again without a human")
        .atMost(RECOVERY)
        .until(() -> statusOf("/actuator/health/readiness") == 200);
    long millis = Objects.requireNonNull(shoppers).probe(began);
    if (millis > RECOVERY.toMillis()) {
      violated("I11 answers again only after %d ms".formatted(millis));
    }
    return recoveries.add(millis);
  }

  /** The status of {@code GET path}; 0 if there was no answer within ten seconds. */
  int statusOf(String path) {
    HttpResponse<String> answer = ask(HttpRequest.newBuilder(url().resolve(path)), 10);
    return answer == null ? 0 : answer.statusCode();
  }

  /** Registers an item once; the answer, or {@code null} if there is none within 15 seconds. */
  @Nullable HttpResponse<String> register(String key) {
    Command command = Command.register(key, "OF-" + key, 0);
    history.sends(command);
    HttpResponse<String> answer =
        ask(
            HttpRequest.newBuilder(url().resolve(command.path()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(command.body())),
            15);
    if (answer != null && answer.statusCode() == 201) {
      history.isTold(
          key,
          answer.statusCode(),
          answer.body(),
          answer.headers().firstValue("Idempotency-Replayed").isPresent());
    }
    return answer;
  }

  /** How long the readiness probe takes to answer, whatever it answers. */
  long probeMillis() {
    long began = System.nanoTime();
    statusOf("/actuator/health/readiness");
    return Millis.since(began);
  }

  private @Nullable HttpResponse<String> ask(HttpRequest.Builder request, int seconds) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(seconds)).build(), BodyHandlers.ofString());
    } catch (IOException unreachable) {
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  URI url() {
    return nodes.any();
  }

  /** Takes down that something did not hold. */
  void violated(String what) {
    run.violated(what);
  }

  /** Lets the clients do enough, and holds what they were told against the ledger. */
  FaultReport finish(String remark) throws Exception {
    return finish(remark, List.of());
  }

  /**
   * @param missing what could not be done on this machine, and why
   */
  FaultReport finish(String remark, List<String> missing) throws Exception {
    Shoppers last = Objects.requireNonNull(shoppers);
    last.awaitMore(Math.max(AFTER, ENOUGH - history.answers()));
    last.finish();
    return run.report(
        history.extent(),
        nodes.faults(),
        remark
            + (recoveries.toString().equals("none")
                ? ""
                : (remark.isEmpty() ? "" : "; ") + "until ready and answering: " + recoveries),
        missing);
  }

  @Override
  public void close() throws IOException {
    if (shoppers != null) {
      shoppers.close();
    }
    http.shutdownNow();
    nodes.close();
    history.close();
  }
}
