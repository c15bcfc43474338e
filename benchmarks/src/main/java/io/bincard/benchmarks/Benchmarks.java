package io.bincard.benchmarks;

import static java.util.stream.Collectors.joining;

import io.bincard.benchmarks.ledger.Deductions;
import io.bincard.benchmarks.ledger.EchoController;
import io.bincard.benchmarks.ledger.LedgerProcess;
import io.bincard.benchmarks.ledger.LongJournal;
import io.bincard.benchmarks.load.Connections;
import io.bincard.benchmarks.load.HttpWire;
import io.bincard.benchmarks.load.Overload;
import io.bincard.benchmarks.load.Sample;
import io.bincard.benchmarks.load.Wire;
import io.bincard.benchmarks.peers.AxonReplay;
import io.bincard.benchmarks.peers.GroupCommit;
import io.bincard.benchmarks.peers.Redis;
import io.bincard.benchmarks.peers.Sql;
import io.bincard.benchmarks.peers.StockAxon;
import io.bincard.benchmarks.pricing.PriceContest;
import io.bincard.benchmarks.pricing.Reload;
import io.bincard.benchmarks.push.LiveStock;
import io.bincard.benchmarks.timers.TimerContest;
import io.bincard.benchmarks.views.BusyRebuild;
import io.bincard.benchmarks.views.Comparisons;
import io.bincard.benchmarks.views.ViewRebuild;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.Main;
import redis.embedded.RedisExecProvider;

/**
 * The one command: starts servers and contenders, lets them run in turns, and prints the table.
 * Everything shares the cores of one machine, the load generators included.
 */
public final class Benchmarks {

  private static final int SPREAD = 100_000;
  private static final int HTTP_CONNECTIONS = 64;
  private static final int BATCH_CONNECTIONS = 4;
  private static final int BATCH = 500;
  private static final int RECORDED_CALLERS = 256;
  private static final Duration SEARCH = Duration.ofSeconds(2);
  private static final String MANY = "many";
  private static final String HEAP = "2g";
  private static final String MANY_HEAP = "1536m";
  private static final long EVENTS_AN_ITEM = 10;
  private static final int FEW = 1_000;
  private static final String LONG = "long";

  /** More than a run can send. */
  private static final long NEW_KEYS = 20_000_000;

  private static final String SHOP = "shop";

  /** Items that one question may name. */
  private static final int A_PAGE = 200;

  private static final int PAGE_CONNECTIONS = 8;
  private static final double SHOWN_A_SECOND = 10_000;
  private static final Duration NO_WRITES = Duration.ofSeconds(10);

  private static final String ORDERS = "orders";

  /** Of holds that fall due one after the other. */
  private static final int EXPIRED_A_SECOND = 5_000;

  private static final String COMPARED = "compared";
  private static final String REBUILT = "rebuilt";

  /** Axon's processor goes at one pace however long the journal is. */
  private static final long REPLAYED_EVENTS = 300_000;

  private static final String MARKET = "market";
  private static final int RELOADS_A_ROUND = 40;
  private static final int SOME_RELOADS = 8;
  private static final Duration QUOTES_WARM_UP = Duration.ofSeconds(10);
  private static final long TICK_MILLIS = 100;
  private static final String CROWD = "crowd";
  private static final String PUSH = "push";
  private static final String PUSH_HEAP = "768m";
  private static final int LISTENERS = 10_000;
  private static final Duration WINDOW = Duration.ofSeconds(30);

  /** So small that the clients of one machine fill it. */
  private static final int OVERLOAD_QUEUE = 256;

  private static final int WARM_ROUNDS = 3;

  private static final int OVERLOAD_CONNECTIONS = 512;
  private static final String HOT_SKU = Deductions.item(0).sku().value();

  private final Options options;
  private final Servers servers;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final List<String> redisDatabases = new ArrayList<>(List.of("peers"));
  private long httpKeys;

  private Benchmarks(Options options) {
    this.options = options;
    this.servers = Servers.start(options.folder());
  }

  public static void main(String[] arguments) throws Exception {
    List<String> words = Arrays.asList(arguments);
    if (words.contains("--help")) {
      say(Options.HELP);
    } else if (!words.isEmpty() && words.getFirst().equals("--micro")) {
      Main.main(words.subList(1, words.size()).toArray(String[]::new));
    } else {
      say(run(Options.parse(words)));
    }
  }

  @SuppressWarnings("SystemOut") // a command line program
  private static void say(String text) {
    System.out.println(text);
  }

  /** Runs it all and returns the report. */
  static String run(Options options) throws Exception {
    Files.createDirectories(options.folder());
    Files.createDirectories(options.report());
    Benchmarks all = new Benchmarks(options);
    try {
      return all.run();
    } finally {
      all.stop();
    }
  }

  private boolean wants(Goal... goals) {
    return Arrays.stream(goals).anyMatch(options.goals()::contains);
  }

  private String run() throws Exception {
    Sql sql = peersDatabase();
    Map<String, String> facts =
        Machine.facts(servers.postgresVersion(), RedisExecProvider.redisVersion, sql.runner());
    boolean wantsHot =
        wants(Goal.P1, Goal.P3, Goal.P4, Goal.P5, Goal.FLAT_ITEMS, Goal.FLAT_EVENTS, Goal.HOP);
    LedgerProcess hot = wantsHot ? ledger("hot", 1) : null;
    if (hot != null) {
      addHot(hot);
    }
    addPeers(sql);
    addSpread(sql);
    if (hot != null) {
      addHttp(hot);
      addHop(hot);
    }
    addFlat();
    LedgerProcess orders = wants(Goal.HOLDS) ? addHolds(sql) : null;
    LedgerProcess shop = wants(Goal.P6, Goal.P7) ? addReads() : null;
    if (wants(Goal.P8)) {
      addRebuild();
    }
    addPrices();
    addTimers();
    measure();
    if (shop != null && wants(Goal.P7)) {
      catchUp(shop);
    }
    if (orders != null) {
      expire(orders);
    }
    @Nullable Path recording = options.recording();
    if (recording != null && hot != null) {
      say("recording one more round of P1");
      hot.record();
      hot.closed(RECORDED_CALLERS, 1, options.time());
      hot.dump(recording);
    }
    String more =
        (wants(Goal.P10) ? reload() : "")
            + (wants(Goal.OVERLOAD) ? overload() : "")
            + (wants(Goal.REBUILD) ? busyRebuild() : "")
            + (wants(Goal.P9) ? compare() : "")
            + (wants(Goal.PUSH) ? push() : "");
    Report report = new Report(facts, options, rows, figures);
    Files.writeString(options.report().resolve("report.md"), report.markdown());
    Files.writeString(options.report().resolve("report.json"), report.json());
    return report.markdown() + more;
  }

  private Sql peersDatabase() throws Exception {
    servers.createPeersDatabase();
    return new Sql(servers.peersUrl(), options.folder());
  }

  private LedgerProcess ledger(String name, int items) throws Exception {
    say("starting the ledger " + name + " with " + items + " items");
    LedgerProcess process = start(name, HEAP);
    process.register(items);
    return process;
  }

  private LedgerProcess start(String name, String heap, String... settings) throws Exception {
    if (!redisDatabases.contains(name)) {
      redisDatabases.add(name);
    }
    return node(name, name + ".log", heap, List.of(settings));
  }

  /** One more node on the ledger {@code name}; the first one leads. */
  private LedgerProcess node(String name, String log, String heap, List<String> more)
      throws Exception {
    List<String> settings = new ArrayList<>(servers.settings(name, redisDatabases.indexOf(name)));
    settings.addAll(more);
    return keep(LedgerProcess.start(options.report().resolve(log), heap, settings));
  }

  private void add(String name, Contender contender) {
    rows.put(name, new Row(name, contender));
  }

  private void addHot(LedgerProcess hot) {
    if (wants(Goal.P1, Goal.P3, Goal.P5, Goal.FLAT_ITEMS, Goal.FLAT_EVENTS)) {
      for (String callers : List.of("64", "256", "1024")) {
        add(Rows.hot(callers), time -> hot.closed(Integer.parseInt(callers), 1, time));
      }
    }
    if (wants(Goal.P3)) {
      add(Rows.OPEN, time -> hot.open(peak() / 2, 1, time));
    }
  }

  private double peak() {
    return Stream.of(Rows.HOT_64, Rows.HOT_256, Rows.HOT_1024)
        .map(rows::get)
        .filter(row -> row != null)
        .mapToDouble(Row::latest)
        .max()
        .orElseThrow();
  }

  private void addPeers(Sql sql) throws Exception {
    if (!wants(Goal.P1)) {
      return;
    }
    String url = servers.peersUrl();
    addSql(sql, Rows.SQL_HOT_1, "hotj1", 1, 8, 32);
    addSql(sql, Rows.SQL_HOT, "hotj", 1, 16, 32);
    StockAxon axon = keep(new StockAxon(url));
    add(Rows.AXON, axon::round);
    Redis redis =
        keep(new Redis(options.folder().resolve("programs"), options.folder().resolve("peer")));
    add(Rows.REDIS, redis::round);
    for (boolean receipts : new boolean[] {false, true}) {
      GroupCommit bare = keep(new GroupCommit(url, receipts));
      for (String callers : List.of("64", "256")) {
        add(Rows.bare(receipts, callers), time -> bare.round(Integer.parseInt(callers), time));
      }
    }
  }

  private <T extends AutoCloseable> T keep(T contender) {
    running.push(contender);
    return contender;
  }

  private void addSql(Sql sql, String name, String script, int... clients) throws Exception {
    addSql(name, (many, time) -> sql.round(script, many, time), clients);
  }

  /** Rounds of SQL with some number of clients. */
  private interface SqlRound {
    Sample of(int clients, Duration time) throws Exception;
  }

  /** SQL gets the number of clients with which it is fastest here. */
  private void addSql(String name, SqlRound round, int... clients) throws Exception {
    int best = clients[0];
    double most = 0;
    for (int each : options.measures() ? clients : new int[] {best}) {
      double rate = round.of(each, min(options.time(), SEARCH)).perSecond();
      say(line(name + ", " + each + " clients", rate));
      if (rate > most) {
        most = rate;
        best = each;
      }
    }
    int chosen = best;
    figures.put(name + ", clients", (double) chosen);
    add(name, time -> round.of(chosen, time));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void addSpread(Sql sql) throws Exception {
    if (!wants(Goal.P2)) {
      return;
    }
    int items = Math.min(SPREAD, options.items());
    LedgerProcess spread = ledger("spread", items);
    for (String callers : List.of("64", "256", "1024")) {
      add(Rows.spread(callers), time -> spread.closed(Integer.parseInt(callers), items, time));
    }
    addSql(sql, Rows.SQL_SPREAD, "spreadj1", 8, 32);
  }

  private void addHttp(LedgerProcess hot) {
    InetSocketAddress server = address(hot);
    Deductions keys = new Deductions(1, 1);
    if (wants(Goal.P4)) {
      Wire echo = HttpWire.single("/v1/stock/" + HOT_SKU + "/benchmark-echo", keys::key);
      add(Rows.HTTP_ECHO, time -> http(server, HTTP_CONNECTIONS, echo, time));
      Wire single = HttpWire.single("/v1/stock/" + HOT_SKU + "/deductions", keys::key);
      add(Rows.HTTP_SINGLE, time -> checked(hot, http(server, HTTP_CONNECTIONS, single, time)));
    }
    if (wants(Goal.P5)) {
      Wire batch = HttpWire.batch(HOT_SKU, BATCH, keys::key);
      add(Rows.HTTP_BATCH, time -> checked(hot, http(server, BATCH_CONNECTIONS, batch, time)));
    }
  }

  private void addHop(LedgerProcess hot) throws Exception {
    if (!wants(Goal.HOP)) {
      return;
    }
    InetSocketAddress follower = address(node("hot", "follower.log", HEAP, List.of()));
    Deductions keys = new Deductions(1, 1);
    Wire single = HttpWire.single("/v1/stock/" + HOT_SKU + "/deductions", keys::key);
    Wire batch = HttpWire.batch(HOT_SKU, BATCH, keys::key);
    add(Rows.HTTP_SINGLE, time -> checked(hot, http(address(hot), HTTP_CONNECTIONS, single, time)));
    add(Rows.HOP_SINGLE, time -> checked(hot, http(follower, HTTP_CONNECTIONS, single, time)));
    add(Rows.HTTP_BATCH, time -> checked(hot, http(address(hot), BATCH_CONNECTIONS, batch, time)));
    add(Rows.HOP_BATCH, time -> checked(hot, http(follower, BATCH_CONNECTIONS, batch, time)));
  }

  private LedgerProcess addReads() throws Exception {
    LedgerProcess shop = ledger(SHOP, FEW);
    InetSocketAddress server = address(shop);
    if (wants(Goal.P6)) {
      Wire echo = HttpWire.get("/v1/stock/" + HttpWire.KEY + EchoController.PATH, 1, this::sku);
      add(Rows.READ_ECHO, time -> http(server, HTTP_CONNECTIONS, echo, time));
      Wire one = HttpWire.get("/v1/stock/" + HttpWire.KEY, 1, this::sku);
      add(Rows.READ, time -> http(server, HTTP_CONNECTIONS, one, time));
      String skus = IntStream.range(0, A_PAGE).mapToObj(this::sku).collect(joining(","));
      Wire many = HttpWire.get("/v1/stock?skus=" + skus, A_PAGE, this::sku);
      add(Rows.READ_MANY, time -> http(server, PAGE_CONNECTIONS, many, time));
      Redis redis =
          keep(new Redis(options.folder().resolve("programs"), options.folder().resolve("reads")));
      add(Rows.READ_REDIS, time -> redis.read(FEW, HTTP_CONNECTIONS, time));
    }
    if (wants(Goal.P7)) {
      add(Rows.VISIBLE, time -> shop.visible(SHOWN_A_SECOND, FEW, time));
    }
    return shop;
  }

  private String sku(long number) {
    return Deductions.item(number % FEW).sku().value();
  }

  /** Redis takes no writes for a while, as if the views' processor were paused. */
  private void catchUp(LedgerProcess shop) throws Exception {
    Duration pause = min(NO_WRITES, options.time().multipliedBy(10));
    Redis.ask(
        servers.redis(),
        redisDatabases.indexOf(SHOP),
        "CLIENT",
        "PAUSE",
        Long.toString(pause.toMillis()),
        "WRITE");
    LedgerProcess.CatchUp caught =
        shop.catchUp(SHOWN_A_SECOND, FEW, pause, pause.plus(options.time()));
    figures.put(Rows.NO_WRITES, (double) pause.toMillis());
    figures.put(Rows.CATCH_UP, (double) caught.millis());
    figures.put(Rows.CAUGHT_UP_WITH, (double) caught.events());
  }

  private static InetSocketAddress address(LedgerProcess process) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), process.port());
  }

  /** Twice the peak in process; over HTTP more clients than there is room, who never wait. */
  private String push() throws Exception {
    redisDatabases.add(PUSH);
    List<String> settings = LiveStock.settings(LISTENERS);
    LedgerProcess pushing = node(PUSH, PUSH + ".log", PUSH_HEAP, settings);
    pushing.register(LiveStock.ITEMS);
    String table = new LiveStock(pushing, LISTENERS).run(options.time());
    pushing.close();
    return table;
  }

  private String overload() throws Exception {
    StringBuilder table = new StringBuilder("\n" + Flatness.head() + "\n");
    redisDatabases.add(CROWD);
    LedgerProcess crowd =
        node(
            CROWD,
            CROWD + ".log",
            HEAP,
            List.of("bincard.writer.queue-capacity=" + OVERLOAD_QUEUE));
    crowd.register(1);
    double peak = warm(() -> crowd.closed(OVERLOAD_QUEUE, 1, options.time())).perSecond();
    List<String> verdicts = new ArrayList<>();
    verdicts.add(
        overload(
            new Flatness("in process", peak),
            crowd,
            table,
            time -> crowd.overload(2 * peak, time)));
    Wire single =
        HttpWire.single("/v1/stock/" + HOT_SKU + "/deductions", new Deductions(1, 2)::key);
    Sample calm =
        warm(() -> checked(crowd, http(address(crowd), HTTP_CONNECTIONS, single, options.time())));
    verdicts.add(
        overload(
            new Flatness("HTTP", calm.perSecond()),
            crowd,
            table,
            time -> {
              Overload.Window window =
                  Connections.overload(
                      address(crowd), OVERLOAD_CONNECTIONS, single, httpKeys + 1, time);
              httpKeys += window.offered() + 2;
              return window;
            }));
    crowd.close();
    return table + "\n- " + String.join("\n- ", verdicts) + "\n";
  }

  /** The last of {@value #WARM_ROUNDS} rounds: what the first ones can is no peak. */
  private static Sample warm(Callable<Sample> round) throws Exception {
    for (int i = 1; i < WARM_ROUNDS; i++) {
      round.call();
    }
    return round.call();
  }

  /** One window of an overload. */
  private interface Rush {
    Overload.Window of(Duration time) throws Exception;
  }

  private String overload(Flatness flatness, LedgerProcess ledger, StringBuilder table, Rush rush)
      throws Exception {
    long windows = Math.max(1, options.overload().dividedBy(WINDOW));
    Duration length = min(options.overload(), WINDOW);
    for (long i = 0; i < windows; i++) {
      String line = flatness.add(rush.of(length), ledger.memory());
      say(line);
      table.append(line).append('\n');
    }
    ledger.check(flatness.done());
    return flatness.verdict();
  }

  private Sample http(InetSocketAddress server, int connections, Wire wire, Duration time)
      throws Exception {
    Sample sample = Connections.run(server, connections, wire, httpKeys / wire.pieces() + 1, time);
    httpKeys += sample.done() + sample.failed() + 2L * wire.pieces();
    if (sample.failed() > 0) {
      throw new IllegalStateException(sample.failed() + " requests failed");
    }
    return sample;
  }

  private static Sample checked(LedgerProcess ledger, Sample sample) throws Exception {
    ledger.check(sample.done());
    return sample;
  }

  private LedgerProcess addHolds(Sql sql) throws Exception {
    LedgerProcess orders = ledger(ORDERS, FEW);
    for (String callers : List.of("64", "256")) {
      int many = Integer.parseInt(callers);
      add(Rows.few(callers), time -> orders.closed(many, FEW, time));
      add(Rows.pairs(callers), time -> orders.pairs(many, FEW, time));
    }
    add(Rows.ORDERS, time -> orders.orders(RECORDED_CALLERS, FEW, time));
    if (sql.hasPgbench()) {
      addSql(Rows.SQL_PAIRS, sql::pairs, 8, 16, 32);
    }
    return orders;
  }

  /** Holds fall due under deductions: over a while, then all within a second. */
  private void expire(LedgerProcess orders) throws Exception {
    int holds = Math.min(SPREAD, options.items());
    double pace = Objects.requireNonNull(rows.get(Rows.FEW_256)).latest() / 4;
    figures.put(Rows.HOLDS, (double) holds);
    figures.put(Rows.PACE, pace);
    Duration spread = Duration.ofSeconds(Math.max(1, holds / EXPIRED_A_SECOND));
    for (int round = 1; round <= options.rounds(); round++) {
      expire(orders, holds, spread, pace, Rows.CALM, Rows.SPREAD_EXPIRY, Rows.LATE);
      expire(
          orders, holds, Duration.ofSeconds(1), pace, Rows.STORM_CALM, Rows.STORM, Rows.STORM_LATE);
    }
  }

  private void expire(
      LedgerProcess orders, int holds, Duration spread, double pace, String... names)
      throws Exception {
    servers.checkpoint();
    LedgerProcess.Expiry expiry = orders.expiry(holds, spread, pace, options.time());
    List<Sample> samples = List.of(expiry.before(), expiry.during(), expiry.expiries());
    for (int i = 0; i < names.length; i++) {
      Sample sample = samples.get(i);
      say(line(names[i], sample.perSecond()));
      rows.computeIfAbsent(names[i], name -> new Row(name, time -> sample)).add(sample, true);
    }
  }

  private void addPrices() {
    if (wants(Goal.P10)) {
      PriceContest contest = keep(new PriceContest());
      add(Rows.PRICE, contest::ours);
      add(Rows.PRICE_ENGINE, contest::engine);
      add(Rows.PRICE_LOOP, contest::loop);
      add(Rows.POLICY_LOAD, contest::load);
    }
  }

  private void addTimers() throws Exception {
    if (!wants(Goal.TIMERS)) {
      return;
    }
    int keys = Math.min(SPREAD, options.items());
    TimerContest contest = new TimerContest(keys, servers.peersUrl());
    figures.put(Rows.KEYS, (double) keys);
    figures.put(Rows.BYTES_AGENDA, contest.agendaBytes());
    figures.put(Rows.BYTES_WHEEL, contest.wheelBytes());
    figures.put(Rows.BYTES_POOL, contest.poolBytes());
    add(Rows.LATE_AGENDA, contest::agenda);
    add(Rows.LATE_WHEEL, time -> contest.wheel(1, time));
    add(Rows.LATE_WHEEL_100, time -> contest.wheel(TICK_MILLIS, time));
    add(Rows.LATE_POOL, contest::pool);
    add(Rows.LATE_TABLE, contest::table);
    add(Rows.CHANGE_AGENDA, time -> contest.agendaChanges(min(time, SEARCH)));
    add(Rows.CHANGE_WHEEL, time -> contest.wheelChanges(1, min(time, SEARCH)));
    add(Rows.CHANGE_POOL, time -> contest.poolChanges(min(time, SEARCH)));
    add(Rows.CHANGE_TABLE, time -> contest.tableChanges(min(time, SEARCH)));
  }

  /** Quotes over HTTP while the policy changes; returns the table of what was refused. */
  private String reload() throws Exception {
    int reloads = options.measures() ? RELOADS_A_ROUND * options.rounds() : SOME_RELOADS;
    Path policies = options.folder().resolve("policies");
    Reload.prepare(policies);
    LedgerProcess market = start(MARKET, HEAP, "bincard.policies.folder=" + policies);
    Reload.Result result =
        new Reload(
                policies,
                address(market),
                () ->
                    servers.count(
                        MARKET,
                        "select count(*) from event_journal where type = 'policy-rejected'"))
            .run(reloads, min(QUOTES_WARM_UP, options.time().multipliedBy(2)));
    Row quotes = new Row(Rows.QUOTES, time -> result.quotes());
    quotes.add(result.quotes(), true);
    rows.put(quotes.name(), quotes);
    figures.put(Rows.RELOADS, (double) reloads);
    figures.put(Rows.RELOAD_P50, 1_000 * result.p50());
    figures.put(Rows.RELOAD_P99, 1_000 * result.p99());
    figures.put(Rows.RELOAD_MAX, 1_000 * result.max());
    market.close();
    if (result.quotes().failed() > 0) {
      throw new IllegalStateException(result.quotes().failed() + " quotes failed");
    }
    return "\n- " + result.quotes().done() + " quotes, 0 failed\n\n" + result.refusals() + "\n";
  }

  private void addFlat() throws Exception {
    if (wants(Goal.FLAT_ITEMS, Goal.P11)) {
      fill(MANY, options.items(), EVENTS_AN_ITEM * options.items());
      figures.put(Rows.ITEMS, (double) options.items());
    }
    if (wants(Goal.P11)) {
      measureMany();
    }
    if (wants(Goal.FLAT_ITEMS)) {
      LedgerProcess many = start(MANY, HEAP);
      many.touch(options.items());
      many.register(1);
      add(Rows.FLAT_ITEMS, time -> many.closed(RECORDED_CALLERS, 1, time));
    }
    if (wants(Goal.FLAT_EVENTS)) {
      fill(LONG, FEW, options.events());
      figures.put(Rows.EVENTS, (double) options.events());
      // As its reference says: up to the number of commands whose receipts are kept.
      LedgerProcess longer =
          start(LONG, HEAP, "bincard.writer.known-keys=" + (options.events() + NEW_KEYS));
      longer.register(1);
      add(Rows.FLAT_EVENTS, time -> longer.closed(RECORDED_CALLERS, 1, time));
    }
  }

  private void addRebuild() throws Exception {
    ViewRebuild rebuild = keep(new ViewRebuild(rebuilt().port()));
    rebuild.awaitLive();
    int database = redisDatabases.indexOf(REBUILT);
    add(
        Rows.REBUILD,
        _ -> {
          servers.awaitQuietViews(database);
          return rebuild.round();
        });
    AxonReplay replay =
        keep(
            new AxonReplay(
                servers.superuserUrl(REBUILT), Math.min(options.events(), REPLAYED_EVENTS)));
    add(Rows.AXON_REPLAY, _ -> replay.round());
  }

  /** A ledger with a past, which is filled once. */
  private LedgerProcess rebuilt() throws Exception {
    if (!redisDatabases.contains(REBUILT)) {
      fill(REBUILT, options.items(), options.events());
      figures.put(Rows.REBUILT_ITEMS, (double) options.items());
      figures.put(Rows.REBUILT_EVENTS, (double) options.events());
    }
    return start(REBUILT, HEAP);
  }

  /** The views of the past are made first, for nobody could read them; then again, under load. */
  private String busyRebuild() throws Exception {
    stop();
    LedgerProcess ledger = rebuilt();
    try (ViewRebuild first = new ViewRebuild(ledger.port())) {
      first.awaitLive();
      say("the views are made once before anybody reads them");
      first.round();
    }
    servers.awaitQuietViews(redisDatabases.indexOf(REBUILT));
    say("the views are made anew while units are sold and figures read");
    String table =
        new BusyRebuild(ledger.port(), servers.superuserUrl(REBUILT), options.items())
            .run(options.time());
    ledger.close();
    return table;
  }

  /** Every item is registered by a command, so that views and fold followed them all. */
  private String compare() throws Exception {
    stop();
    LedgerProcess ledger = start(COMPARED, HEAP, "bincard.reconciliation.enabled=true");
    say("registering " + options.items() + " items");
    ledger.register(options.items());
    say("all views are compared again and again");
    String table =
        new Comparisons(
                ledger,
                servers.superuserUrl(COMPARED),
                servers.redisUrl(redisDatabases.indexOf(COMPARED)),
                options.items())
            .run(options.rounds());
    ledger.close();
    return table;
  }

  /** Gives the ledger {@code name} a past; a first start makes its tables. */
  private void fill(String name, int items, long events) throws Exception {
    start(name, HEAP).close();
    say("filling a journal with " + events + " events of " + items + " items by SQL");
    LongJournal.fill(servers.superuserUrl(name), items, events);
    servers.passOver(name, redisDatabases.indexOf(name), events);
  }

  /** Starts on many items with no more heap than they may take, and brings all of them to life. */
  private void measureMany() throws Exception {
    LedgerProcess many = start(MANY, MANY_HEAP);
    figures.put(Rows.START, (double) many.startTime().toMillis());
    Sample touched = many.touch(options.items());
    figures.put(Rows.TOUCHED, touched.perSecond());
    LedgerProcess.Memory memory = many.memory();
    figures.put(Rows.LIVE, (double) memory.liveStates());
    figures.put(Rows.LIVE_BYTES, (double) memory.liveBytes());
    figures.put(Rows.HEAP, (double) memory.heapBytes());
    figures.put(Rows.RESIDENT, (double) memory.residentBytes());
    many.close();
  }

  private void measure() throws Exception {
    if (options.measures()) {
      servers.useWalFiles();
    }
    for (int round = 0; round <= options.rounds(); round++) {
      String title = round == 0 ? "warm-up" : "round " + round + " of " + options.rounds();
      say(String.format(Locale.ROOT, "%s, load average %.1f", title, Machine.load()));
      for (Row row : rows.values()) {
        servers.checkpoint();
        Sample sample = row.contender().round(options.time());
        say(line(row.name(), sample.perSecond()));
        row.add(sample, round > 0);
      }
    }
  }

  private static String line(String name, double perSecond) {
    return String.format(Locale.ROOT, "  %-55s %,10.0f /s", name, perSecond);
  }

  private void stop() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }
}
