package io.bincard.benchmarks.views;

import io.bincard.benchmarks.load.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rebuilds the views of a running ledger as an operator does, over HTTP. */
public final class ViewRebuild implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** One that was interrupted is gone on with by itself. */
  private static final Set<String> ENDS = Set.of("SWITCHED", "CANCELLED", "FAILED");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI views;

  /**
   * @param port of the ledger's HTTP server on this machine
   */
  public ViewRebuild(int port) {
    views = URI.create("http://127.0.0.1:" + port + "/actuator/views");
  }

  /** Waits until a generation is live. */
  public void awaitLive() throws IOException, InterruptedException {
    while (!ask(HttpRequest.newBuilder(views).build()).has("live")) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /**
   * One rebuild, from its begin to the switch, in events a second.
   *
   * @throws IllegalStateException if it does not end well
   */
  public Sample round() throws IOException, InterruptedException {
    ask(
        HttpRequest.newBuilder(views)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"action\":\"rebuild\"}"))
            .build());
    JsonNode run;
    do {
      LockSupport.parkNanos(PAUSE_NANOS);
      run = ask(HttpRequest.newBuilder(views).build()).get("run");
    } while (!ENDS.contains(run.get("phase").asString()));
    if (!run.get("phase").asString().equals("SWITCHED")) {
      throw new IllegalStateException("the rebuild ended: " + run);
    }
    long events = run.get("position").asLong();
    Duration time =
        Duration.between(
            Instant.parse(run.get("startedAt").asString()),
            Instant.parse(run.get("endedAt").asString()));
    return Sample.of(events, events * 1000.0 / Math.max(1, time.toMillis()));
  }

  private JsonNode ask(HttpRequest request) throws IOException, InterruptedException {
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  @Override
  public void close() {
    client.close();
  }
}
