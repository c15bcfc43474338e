package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.embedded.OwnPostgres;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.history.History;
import io.bincard.application.history.ViewRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The nodes of one empty ledger of its own, each a process, on the servers that all tests share or
 * on a PostgreSQL of the fault's own.
 */
final class Nodes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration RECOVERY = Duration.ofSeconds(20);

  /** One fault runs at a time, and each begins with no views. */
  private static final AtomicInteger ledgers = new AtomicInteger();

  private final String ledger = "faults" + ledgers.incrementAndGet();
  private final FaultRun run;
  private final History history;
  private final @Nullable OwnPostgres postgres;
  private final List<ChildProcess> nodes = new CopyOnWriteArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final Thread atTheEnd = new Thread(this::killAll);
  private volatile List<URI> addresses = List.of();
  private volatile @Nullable URI views;
  private int started;
  private boolean isChecked;

  Nodes(FaultRun run, History history) throws IOException {
    this(run, history, null);
  }

  /**
   * @param history what it is held against in the end, however that comes
   */
  Nodes(FaultRun run, History history, @Nullable OwnPostgres postgres) {
    this.run = run;
    this.history = history;
    Runtime.getRuntime().addShutdownHook(atTheEnd); // nodes have a session of their own
    this.postgres = postgres;
  }

  /** Starts {@code count} nodes at once and waits until all are ready. */
  List<ChildProcess> start(int count, String... arguments) throws IOException {
    List<ChildProcess> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(startUnready(Launch.PLAIN, arguments));
    }
    starting.forEach(ChildProcess::awaitReady);
    know();
    return starting;
  }

  /** Starts one node and waits until it is ready. */
  ChildProcess start(Launch launch, String... arguments) throws IOException {
    ChildProcess node = startUnready(launch, arguments);
    node.awaitReady();
    know();
    return node;
  }

  /** Starts one node and returns at once. */
  ChildProcess startUnready(Launch launch, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(postgres == null ? List.of() : postgres.arguments());
    all.addAll(List.of(arguments));
    all.add("--spring.data.redis.url=" + redis());
    all.add("--spring.datasource.hikari.data-source-properties.ApplicationName=node-" + ++started);
    ChildProcess node =
        ChildProcess.startNode(launch, run.folder(), ledger, all.toArray(String[]::new));
    nodes.add(node); // before it is ready, so that the end finds it
    return node;
  }

  private void know() {
    addresses = nodes.stream().map(ChildProcess::http).map(URI::create).toList();
  }

  /** One that is running, or was until the last start. */
  URI any() {
    List<URI> known = addresses;
    return known.get(ThreadLocalRandom.current().nextInt(known.size()));
  }

  List<ChildProcess> all() {
    return List.copyOf(nodes);
  }

  ChildProcess leader() {
    return leaderOf(nodes);
  }

  /** The one of {@code candidates} that says that it leads, as soon as one does. */
  ChildProcess leaderOf(List<ChildProcess> candidates) {
    return await("one of them leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> candidates.stream().filter(node -> hasRole(node, "leader")).toList(),
            leaders -> leaders.size() == 1)
        .getFirst();
  }

  List<ChildProcess> othersThan(ChildProcess node) {
    return nodes.stream().filter(each -> each != node).toList();
  }

  boolean hasRole(ChildProcess node, String role) {
    return get(node, "/actuator/health/readiness").contains("\"role\":\"" + role + "\"");
  }

  /** What {@code node} answers; empty if it does not. */
  String get(ChildProcess node, String path) {
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

  /** How long ago {@code node} saw all views to be right; NaN if it does not say. */
  double unverifiedSeconds(ChildProcess node) {
    return metric(node, "bincard_reconciliation_unverified_seconds");
  }

  /** What {@code node} says of a metric without tags; NaN if it says nothing. */
  double metric(ChildProcess node, String name) {
    return get(node, "/actuator/prometheus")
        .lines()
        .filter(line -> line.startsWith(name + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Kills the node that leads when {@code history} has so many answers, and starts another. */
  void killLeader(History history, long answers) throws IOException, InterruptedException {
    await("%d answers".formatted(answers))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> history.answers() >= answers);
    end(leader(), "KILL");
    start(1);
  }

  /** Sends {@code signal}, which ends {@code node}; its address is still known to the clients. */
  void end(ChildProcess node, String signal) throws IOException, InterruptedException {
    node.signal(signal);
    ended(node);
  }

  /** Waits for the end of {@code node}, which has been told to. */
  void ended(ChildProcess node) throws IOException, InterruptedException {
    node.awaitEnd();
    nodes.remove(node);
    node.close();
  }

  JdbcClient sql() {
    return JdbcClient.create(dataSource());
  }

  private DataSource dataSource() {
    return postgres == null ? RunningBincard.dataSourceOf(ledger) : postgres.dataSource(ledger);
  }

  JdbcClient ownersSql() {
    return RunningBincard.ownersSqlOf(ledger);
  }

  /** The database of the views. */
  URI redis() {
    return views == null ? RunningBincard.redisOf(ledger) : views;
  }

  /** Has nodes that are started from now on keep their views there. */
  void useRedis(URI url) {
    views = url;
  }

  /**
   * Waits until the ledger is at rest, with no hold that ends soon, and the views are as far, and
   * says what does not hold then.
   */
  List<String> faults() throws Exception {
    List<String> lapsed = endedSoon() ? List.of() : List.of("I11 holds do not end: " + standing());
    awaitViews();
    List<String> found = new ArrayList<>(history.faultsIn(dataSource(), redis()));
    found.addAll(lapsed);
    isChecked = true;
    return found;
  }

  /**
   * Waits for the views and says what does not hold in them and in the ledger, whoever did what.
   */
  List<String> booksFaults() throws Exception {
    awaitViews();
    isChecked = true;
    return History.faultsOfBooks(dataSource(), redis());
  }

  private void awaitViews() {
    long head = sql().sql("select position from ledger_head").query(Long.class).single();
    await("the views reach " + head)
        .atMost(PATIENCE)
        .until(() -> ViewRows.reached(redis()) >= head);
  }

  /** Whether every hold whose time is over, or is within a minute, ends soon after it. */
  boolean endedSoon() {
    try {
      await()
          .atMost(RECOVERY)
          .until(() -> !standing("now() + interval '1 min'").containsKey("lapsed"));
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  /** How many holds there are and how they stand; {@code lapsed} are those never written down. */
  Map<String, Long> standing() {
    return standing("now()");
  }

  private Map<String, Long> standing(String when) {
    Map<String, Long> standing = new TreeMap<>();
    sql()
        .sql(
            """
            select case
                when type = 'hold-released' then 'released'
                when type = 'hold-expired' then 'expired'
                when type = 'hold-confirmed' and payload ->> 'rest' is distinct from 'keep' then 'confirmed'
                when until < WHEN then 'lapsed'
                else 'open' end as status, count(*) as holds
            from (
              select distinct on (stream) type, payload,
                (select max((e.payload ->> 'expiresAt')::timestamptz) from event_journal e
                  where e.stream = event_journal.stream) as until
              from event_journal where type like 'hold-%' order by stream, sequence desc) last
            group by 1
            """
                .replace("WHEN", when))
        .query(
            row -> {
              standing.put(row.getString("status"), row.getLong("holds"));
            });
    return standing;
  }

  /** What does not hold in a ledger whose nodes are dead, and whose views may lag. */
  private List<String> faultsLeft() {
    try {
      if (postgres != null) {
        postgres.ensureRuns();
      }
      return history.faultsIn(dataSource(), null);
    } catch (Exception | AssertionError e) {
      return List.of("what was recorded could not be checked: " + e);
    }
  }

  private void killAll() {
    for (ChildProcess node : nodes) {
      try {
        node.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atTheEnd);
    http.shutdownNow();
    killAll();
    if (!isChecked) {
      run.brokeOff(history.extent(), faultsLeft());
    }
  }
}
