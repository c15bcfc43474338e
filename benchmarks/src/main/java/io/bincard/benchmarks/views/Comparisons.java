package io.bincard.benchmarks.views;

import io.bincard.benchmarks.ledger.LedgerProcess;
import io.bincard.benchmarks.load.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.RedisClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Full comparisons of the views of many items with the ledger while units are sold, asked for over
 * HTTP as a person does; beside them what a team would write: a loop over a table of stock that
 * gets one row of Redis after the other.
 */
public final class Comparisons {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int SALES_A_SECOND = 5_000;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration BETWEEN = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int FETCHED = 1_000;

  private final LedgerProcess ledger;
  private final URI runs;
  private final String sqlUrl;
  private final String redisUrl;
  private final int items;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param ledger with that many items registered, and with reconciliation
   * @param sqlUrl of its schema, for who may read it
   * @param redisUrl of its views, with the database
   */
  public Comparisons(LedgerProcess ledger, String sqlUrl, String redisUrl, int items) {
    this.ledger = ledger;
    this.runs = URI.create("http://127.0.0.1:" + ledger.port() + "/v1/reconciliation/runs");
    this.sqlUrl = sqlUrl;
    this.redisUrl = redisUrl;
    this.items = items;
  }

  /** One run, as it was told when it was over. */
  private record Told(Duration time, long compared, long different, long unsettled) {}

  /**
   * Measures {@code rounds} runs in quiet and {@code rounds} under sales, and the loop.
   *
   * @return lines of a table
   * @throws IllegalStateException if a run finds anything different, or a sale fails
   */
  public String run(int rounds) throws Exception {
    try (client) {
      awaitEnd(); // of the run by which the node learns
      var unused = many(1); // what is not proven yet is proven by then
      StringBuilder table = new StringBuilder();
      table.append(
          "| comparison of %,d items | s, median (all) | rows | unsettled at most |%n"
              .formatted(items));
      table.append("|---|---|---:|---:|\n");
      List<Told> quiet = many(rounds);
      table.append(row("nothing else", quiet));
      Duration enough =
          WARM_UP.plus(BETWEEN.multipliedBy(rounds)).plus(total(quiet).multipliedBy(8));
      CompletableFuture<Sample> sales = CompletableFuture.supplyAsync(() -> sell(enough));
      LockSupport.parkNanos(WARM_UP.toNanos());
      List<Told> busy = many(rounds);
      boolean wasBusy = !sales.isDone();
      Sample sold = get(sales);
      table.append(row("%,d sales a second".formatted(SALES_A_SECOND), busy));
      if (!wasBusy) {
        table.append("(the sales were over before the runs)\n");
      }
      table.append(
          "(sales: %,.0f/s, p50 %.1f ms, p99 %.1f ms)%n"
              .formatted(sold.perSecond(), sold.p50(), sold.p99()));
      Duration naive = naive();
      table.append(
          "| a loop of HGETALL beside a table | %.1f | %,d | 0 |%n"
              .formatted(seconds(naive), items));
      table.append("| times as long | %.1f | | |%n".formatted(seconds(naive) / median(quiet)));
      return table.toString();
    }
  }

  private Sample sell(Duration time) {
    try {
      return ledger.open(SALES_A_SECOND, items, time);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Sample get(CompletableFuture<Sample> sales) throws InterruptedException {
    try {
      return sales.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Duration total(List<Told> all) {
    return all.stream().map(Told::time).reduce(Duration.ZERO, Duration::plus);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }

  private static double median(List<Told> all) {
    List<Duration> times = new ArrayList<>(all.stream().map(Told::time).toList());
    Collections.sort(times);
    return seconds(times.get(times.size() / 2));
  }

  private static String row(String what, List<Told> all) {
    return "| %s | %.2f (%s) | %,d | %d |%n"
        .formatted(
            what,
            median(all),
            String.join(
                ", ",
                all.stream()
                    .map(each -> String.format(Locale.ROOT, "%.2f", seconds(each.time())))
                    .toList()),
            all.getFirst().compared(),
            all.stream().mapToLong(Told::unsettled).max().orElse(0));
  }

  private List<Told> many(int rounds) throws IOException, InterruptedException {
    List<Told> all = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      JsonNode begun =
          ask(
              HttpRequest.newBuilder(runs)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"apply\":false,\"parts\":[\"rows\"]}"))
                  .build());
      JsonNode run = awaitEnd(begun.get("id").asString());
      Told told =
          new Told(
              Duration.between(
                  Instant.parse(run.get("begunAt").asString()),
                  Instant.parse(run.get("endedAt").asString())),
              run.get("compared").asLong(),
              run.get("different").asLong(),
              run.get("unsettled").asLong());
      if (told.different() > 0 || told.compared() < items) {
        throw new IllegalStateException("not all is the same: " + run);
      }
      all.add(told);
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
    return all;
  }

  /** Waits until a run is over and none is under way. */
  private void awaitEnd() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode last;
    do {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("nothing was compared");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      last = ask(HttpRequest.newBuilder(runs).build()).get("runs").get(0);
    } while (last == null || !last.get("phase").asString().equals("done"));
  }

  private JsonNode awaitEnd(String id) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode run;
    do {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("a run does not end: " + id);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      run =
          ask(
              HttpRequest.newBuilder(runs.resolve("/v1/reconciliation/runs/" + id))
                  .header("Accept", "application/json")
                  .build());
    } while (!run.has("endedAt"));
    if (!run.get("phase").asString().equals("done")) {
      throw new IllegalStateException("a run ended badly: " + run);
    }
    return run;
  }

  private JsonNode ask(HttpRequest request) throws IOException, InterruptedException {
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private Duration naive() throws SQLException {
    long begun = System.nanoTime();
    long compared = 0;
    try (RedisClient redis = RedisClient.create(redisUrl);
        Connection connection = DriverManager.getConnection(sqlUrl);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(FETCHED);
      String generation = redis.hget("bincard:main:generations", "live");
      try (ResultSet rows = statement.executeQuery("select key, on_hand from expected_item")) {
        while (rows.next()) {
          Map<String, String> row =
              redis.hgetAll("bincard:main:" + generation + ':' + rows.getString(1));
          if (!rows.getString(2).equals(row.get("onHand"))) {
            throw new IllegalStateException("the loop found another figure: " + row);
          }
          compared++;
        }
      }
    }
    if (compared != items) {
      throw new IllegalStateException("the loop saw " + compared + " items");
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
