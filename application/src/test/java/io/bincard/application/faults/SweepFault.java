package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.faults.damage.Harm;
import io.bincard.application.faults.damage.Traffic;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RedisClient;
import io.bincard.application.history.History;
import io.bincard.application.history.ViewRows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One run over all rows whose node is killed again and again, each time when it has come further:
 * others go on where it stopped. At last all are, and new ones do the rest at full speed; then it
 * has found what was spoilt, and nothing else.
 */
public final class SweepFault implements Fault {

  private static final int NODES = 3;
  private static final int ITEMS = 20_000;
  private static final int BUSY = ITEMS / 10;
  private static final int A_SECOND = 500;
  private static final int SPOILT = 27;
  private static final int BUCKETS_BETWEEN = 15;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So slow that a run lasts longer than ten nodes take to start. */
  private static final String AT_A_WALK = "--bincard.reconciliation.max-rate=80";

  private static final String AT_FULL_SPEED = "--bincard.reconciliation.max-rate=0";

  private static final String[] SETTINGS = {
    "--bincard.reconciliation.enabled=true",
    "--bincard.reconciliation.watch.every=0",
    "--bincard.reconciliation.lanes=1",
    "--bincard.reconciliation.chunk=4",
    "--bincard.reconciliation.look-every=100ms",
    "--bincard.reconciliation.silence=1s",
    "--bincard.reconciliation.attempts=100"
  };

  @Override
  public String name() {
    return "SWEEP";
  }

  @Override
  public String what() {
    return "a run over the views of %,d items whose node is killed (-9) each time it has come further"
        .formatted(ITEMS);
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 10;
  }

  /** The load is not in the history. */
  @Override
  public History.Extent least(int rounds) {
    return new History.Extent(0, 0, 0);
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.start(NODES, with(AT_A_WALK));
      try (Traffic traffic = new Traffic(nodes::any, BUSY, run.seed())) {
        traffic.open(ITEMS, 2);
        traffic.sell(A_SECOND);
        JdbcClient sql = nodes.sql();
        awaitFold(sql);
        Set<String> spoilt = spoil(nodes, run.seed());
        begin(nodes.any());
        int bucket = 0;
        for (int round = 1; round <= run.rounds(); round++) {
          int further = bucket + BUCKETS_BETWEEN;
          await("it comes further")
              .atMost(PATIENCE)
              .pollInterval(Duration.ofMillis(50))
              .until(() -> bucket(sql) >= further);
          ChildProcess worker = worker(nodes);
          nodes.end(worker, "KILL");
          bucket = bucket(sql);
          nodes.start(1, with(AT_A_WALK));
          run.done(round, "at bucket " + bucket + " of 1024");
        }
        for (ChildProcess node : nodes.all()) {
          nodes.end(node, "KILL");
        }
        nodes.start(NODES, with(AT_FULL_SPEED));
        await("the run ends")
            .atMost(PATIENCE)
            .until(
                () ->
                    sql.sql("select ended_at is not null from reconciliation_run")
                        .query(Boolean.class)
                        .single());
        traffic.finish();
        String end =
            sql.sql(
                    "select format('%s after %s attempts, %s rows', phase, attempts, rows_compared)"
                        + " from reconciliation_run")
                .query(String.class)
                .single();
        requireFound(run, sql, spoilt);
        if (!end.startsWith("done after ")) {
          run.violated("the run ended: " + end);
        }
        return run.report(
            history.extent(), List.of(), end + ", all of " + spoilt.size() + " found");
      }
    }
  }

  private static String[] with(String pace) {
    return Stream.concat(Stream.of(SETTINGS), Stream.of(pace)).toArray(String[]::new);
  }

  private static void awaitFold(JdbcClient sql) {
    await("reconciliation has folded the items")
        .atMost(PATIENCE)
        .until(
            () ->
                sql.sql("select count(*) from expected_item").query(Long.class).single() == ITEMS);
  }

  private static Set<String> spoil(Nodes nodes, long seed) throws Exception {
    Set<String> spoilt = new HashSet<>();
    try (RedisClient redis = RedisClient.open(nodes.redis())) {
      String generation = ViewRows.generation(redis);
      Harm.Plan plan =
          new Harm.Plan(IntStream.range(BUSY, ITEMS).mapToObj(Traffic::sku).toList(), seed);
      List<Harm> harms = List.of(Harm.values());
      for (int i = 0; i < SPOILT; i++) {
        spoilt.addAll(plan.harm(redis, generation, harms.get(i % harms.size())));
      }
    }
    return spoilt;
  }

  private static void begin(URI node) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      int status =
          http.send(
                  HttpRequest.newBuilder(node.resolve("/v1/reconciliation/runs"))
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString("{\"apply\":false,\"parts\":[\"rows\"]}"))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode();
      if (status != 202) {
        throw new AssertionError("no run was begun: " + status);
      }
    }
  }

  private static int bucket(JdbcClient sql) {
    return sql.sql("select next_bucket from reconciliation_run").query(Integer.class).single();
  }

  /** The node that compares: it counts what it has read. */
  private static ChildProcess worker(Nodes nodes) {
    Map<ChildProcess, Double> before = new HashMap<>();
    nodes.all().forEach(node -> before.put(node, read(nodes, node)));
    return await("one of them compares")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                nodes.all().stream()
                    .filter(node -> read(nodes, node) > before.getOrDefault(node, 0.0))
                    .toList(),
            workers -> !workers.isEmpty())
        .getFirst();
  }

  private static double read(Nodes nodes, ChildProcess node) {
    return nodes.metric(node, "diff_latency_seconds_count");
  }

  private static void requireFound(FaultRun run, JdbcClient sql, Set<String> spoilt) {
    List<String> found =
        sql.sql("select distinct key from repair_log where outcome = 'found' and kind <> 'late'")
            .query((row, _) -> row.getString(1))
            .list();
    spoilt.stream()
        .filter(key -> !found.contains(key))
        .forEach(key -> run.violated("I9 not found: " + key));
    found.stream()
        .filter(key -> !spoilt.contains(key))
        .forEach(key -> run.violated("I9 found without a reason: " + key));
  }
}
