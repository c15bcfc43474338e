package io.bincard.application.reconciliation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.RedisClient;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.domain.CommandLoad;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.register.Canaries;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockFreezes;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.projections.viewstore.ViewRow.Membership;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.sweep.Run;
import io.bincard.reconciliation.sweep.RunTable;
import io.bincard.reconciliation.sweep.SweepConfiguration;
import io.bincard.reconciliation.sweep.Sweeps;
import io.bincard.reconciliation.watch.WatchConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/**
 * Items, holds and SKUs as the view store has them and as they are expected, all the same until a
 * test breaks something; and nodes that do nothing but reconcile. Each test of a class has all of
 * it anew.
 */
final class ReconciledShop implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  static final int ITEMS = 300;
  static final int HOLDS = 40;
  static final int SKUS = 60;
  static final long ALL = ITEMS + HOLDS + SKUS;

  /** A member that a set must not have. */
  static final String STRAY = "8000000000000001:S-7@MAIN";

  private static final String EPOCH = "shop/1";
  private static final Duration LOOK = Duration.ofMillis(10);

  final GivenRows expected = new GivenRows();
  final Map<StockItemId, StockItem> ledger = new ConcurrentHashMap<>();
  final List<String> freezes = new CopyOnWriteArrayList<>();
  final List<String> stops = new CopyOnWriteArrayList<>();
  final EmptyLedger tables = new EmptyLedger();
  final RedisClient redis;
  final ViewStore store;
  private final URI url = RunningBincard.redisOf("reconciled-shop");
  private final JedisConnectionFactory connections;
  private final List<AnnotationConfigApplicationContext> nodes = new ArrayList<>();

  /** Which of all freezes fails, counted from 1. */
  private volatile int failingFreeze;

  /** Commits of which the process of the nodes has not heard yet. */
  volatile long unheard;

  private volatile Instant now = Instant.now();
  private final Set<Thread> askedForTime = ConcurrentHashMap.newKeySet();
  private final AtomicLong head = new AtomicLong();
  private Filling live = Filling.live(1, EPOCH);

  ReconciledShop() {
    try {
      redis = RedisClient.open(url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RedisStandaloneConfiguration address =
        new RedisStandaloneConfiguration(url.getHost(), url.getPort());
    address.setDatabase(Integer.parseInt(url.getPath().substring(1)));
    String user = url.getUserInfo();
    if (user != null) {
      int colon = user.indexOf(':');
      address.setUsername(user.substring(0, colon));
      address.setPassword(user.substring(colon + 1));
    }
    connections = new JedisConnectionFactory(address);
    connections.afterPropertiesSet();
    connections.start();
    store = new ViewStore(connections);
  }

  /** Everything as it must be, in a new generation of an empty store. */
  @Override
  public void beforeEach(ExtensionContext test) throws IOException {
    redis.ask("FLUSHDB");
    store.loadFunctions();
    tables.asOwner().sql("truncate reconciliation_run, stream cascade").update();
    Filling run = store.begin(0, EPOCH, "run", Duration.ofHours(1), 0).orElseThrow();
    store.makeLive(run, 0, null);
    live = Filling.live(run.generation(), EPOCH);
    List<ExpectedRow> rows = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      rows.add(sold("S-" + i, i % 5, 2_000 - 10L * i));
    }
    for (int i = 0; i < HOLDS; i++) {
      rows.add(held(i));
    }
    for (int i = 0; i < SKUS; i++) {
      rows.add(described(i));
    }
    store.put(live, rows.stream().map(ReconciledShop::stored).toList());
    rows.forEach(expected::give);
    moveMark();
  }

  /** Brings the item to {@code version}, where {@code onHand} units lie, expected and stored. */
  void sell(String sku, long version, long onHand) {
    ExpectedRow row = sold(sku, version, onHand);
    store.put(live, List.of(stored(row)));
    expected.give(row);
  }

  /** Brings the item there for everybody but the store. */
  void forgetToStore(String sku, long version, long onHand) {
    expected.give(sold(sku, version, onHand));
  }

  private ExpectedRow sold(String sku, long version, long onHand) {
    ledger.put(itemId(sku), new StockItem(version, onHand, Reservations.NONE, 0, 0, false));
    return item(sku, version, onHand, head.incrementAndGet());
  }

  static StockItemId itemId(String sku) {
    return new StockItemId(new Sku(sku), LocationId.MAIN);
  }

  static ExpectedRow item(String sku, long version, long onHand, long position) {
    String id = sku + "@MAIN";
    String available = Long.toString(onHand);
    Set<String> home = Set.of("locations:" + sku + "\tMAIN");
    String low = "low-stock\t" + HexFormat.of().toHexDigits(onHand ^ Long.MIN_VALUE) + ':' + id;
    return new ExpectedRow(
        "availability:" + id,
        version,
        position,
        Map.of(
            "id", id,
            "sku", sku,
            "location", "MAIN",
            "onHand", available,
            "reserved", "0",
            "lapses", "",
            "available", available,
            "safetyStock", "0",
            "backorderLimit", "0",
            "frozen", "false"),
        onHand <= 1_000 ? Set.of(home.iterator().next(), low) : home);
  }

  private ExpectedRow held(int i) {
    UUID id = new UUID(0x1234L, i);
    Instant placedAt = now.truncatedTo(ChronoUnit.MILLIS);
    return new ExpectedRow(
        "hold:" + id,
        1,
        head.incrementAndGet(),
        Map.of(
            "id",
            id.toString(),
            "orderId",
            "o-" + i / 2,
            "status",
            "PLACED",
            "keptUntil",
            Long.toString(placedAt.plus(Duration.ofDays(30)).toEpochMilli())),
        Set.of(
            "order:o-"
                + i / 2
                + '\t'
                + HexFormat.of().toHexDigits(placedAt.toEpochMilli())
                + ':'
                + id));
  }

  private ExpectedRow described(int i) {
    String sku = "S-" + i;
    String member = "the teapot no. " + i % 7 + '\0' + sku;
    return new ExpectedRow(
        "sku:" + sku,
        0,
        head.incrementAndGet(),
        Map.of("sku", sku, "name", "The Teapot No. " + i % 7, "category", "Pots"),
        Set.of("names\t" + member, "names:Pots\t" + member));
  }

  /** The row as the projection writes it. */
  static ViewRow stored(ExpectedRow row) {
    Map<String, byte[]> fields = new HashMap<>();
    row.fields().forEach((name, value) -> fields.put(name, value.getBytes(UTF_8)));
    byte[] keptUntil = fields.remove("keptUntil");
    if (row.key().startsWith("availability:")) {
      fields.put("position", Long.toString(row.position()).getBytes(UTF_8));
    }
    return new ViewRow(
        row.key(),
        row.version(),
        fields,
        row.sets().stream()
            .sorted()
            .map(line -> line.split("\t", 2))
            .map(parts -> new Membership(parts[0], parts[1]))
            .toList(),
        keptUntil == null
            ? null
            : Instant.ofEpochMilli(Long.parseLong(new String(keptUntil, UTF_8))));
  }

  /** Tells the store and everyone that all events are in it. */
  void moveMark() {
    store.apply(live, List.of(), store.mark().orElseThrow().position(), head.get(), now);
    expected.moveTo(head.get());
  }

  /** The ledger goes on by an event that no row is about. */
  void moveHead() {
    head.incrementAndGet();
    expected.moveTo(head.get());
  }

  Filling live() {
    return live;
  }

  static String at(String key) {
    return "bincard:main:1:" + key;
  }

  /** Everything that is stored below the live generation, to the byte. */
  Map<String, List<String>> dump() throws IOException {
    Map<String, List<String>> all = new TreeMap<>();
    for (String key : redis.ask("KEYS", at("*"))) {
      if (key.equals(at("mark"))) {
        continue;
      }
      List<String> content = new ArrayList<>();
      switch (redis.ask("TYPE", key).getFirst()) {
        case "hash" -> {
          content.add(hash(key));
          content.add("until " + redis.ask("PEXPIRETIME", key));
        }
        case "zset" -> content.addAll(redis.ask("ZRANGE", key, "0", "-1"));
        default -> content.addAll(redis.ask("GET", key));
      }
      all.put(key, content);
    }
    return all;
  }

  private String hash(String key) throws IOException {
    List<String> fields = redis.ask("HGETALL", key);
    Map<String, String> sorted = new TreeMap<>();
    for (int i = 0; i < fields.size(); i += 2) {
      sorted.put(fields.get(i), fields.get(i + 1));
    }
    return sorted.toString();
  }

  /** Breaks something of every kind; what must be found of it. */
  Map<String, String> corrupt() throws IOException {
    Map<String, String> wanted = new TreeMap<>();
    // Fields, epochs and positions changed by hand.
    redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "999999");
    wanted.put("availability:S-1@MAIN", "edited");
    redis.ask("HSET", at("availability:S-2@MAIN"), "position", "1");
    wanted.put("availability:S-2@MAIN", "edited");
    redis.ask("HSET", at("availability:S-3@MAIN"), "epoch", "another");
    wanted.put("availability:S-3@MAIN", "edited");
    redis.ask("HSET", at("sku:S-4"), "name", "The Teepot");
    wanted.put("sku:S-4", "edited");
    redis.ask("HDEL", at("hold:00000000-0000-1234-0000-000000000005"), "status");
    wanted.put("hold:00000000-0000-1234-0000-000000000005", "edited");
    redis.ask("HSET", at("sku:S-6"), "note", "kilroy was here");
    wanted.put("sku:S-6", "edited");
    redis.ask("HSET", at("availability:S-5@MAIN"), "in", "");
    wanted.put("availability:S-5@MAIN", "edited");
    // Rows taken away, and of another type.
    redis.ask("DEL", at("availability:S-10@MAIN"));
    wanted.put("availability:S-10@MAIN", "lost");
    redis.ask("DEL", at("sku:S-11"), at("hold:00000000-0000-1234-0000-00000000000c"));
    wanted.put("sku:S-11", "lost");
    wanted.put("hold:00000000-0000-1234-0000-00000000000c", "lost");
    redis.ask("DEL", at("availability:S-12@MAIN"));
    redis.ask("SET", at("availability:S-12@MAIN"), "5");
    wanted.put("availability:S-12@MAIN", "lost");
    // Events left out, and counted twice.
    redis.ask("HSET", at("availability:S-144@MAIN"), "version", "3", "onHand", "600");
    wanted.put("availability:S-144@MAIN", "lost");
    redis.ask("HSET", at("availability:S-21@MAIN"), "version", "77");
    wanted.put("availability:S-21@MAIN", "doubled");
    // Rows that nobody ever had.
    redis.ask("HSET", at("availability:GHOST@MAIN"), "epoch", "shop/1", "version", "3");
    wanted.put("availability:GHOST@MAIN", "orphan");
    redis.ask("HSET", at("sku:GHOST"), "sku", "GHOST", "in", "names\tghost\0GHOST\n");
    redis.ask("ZADD", at("names"), "0", "ghost\0GHOST");
    wanted.put("sku:GHOST", "orphan");
    // Members taken out of sets, put into them, and of nothing.
    redis.ask("ZREM", at("locations:S-30"), "MAIN");
    wanted.put("availability:S-30@MAIN", "lost");
    redis.ask("ZADD", at("low-stock"), "0", STRAY);
    wanted.put("availability:S-7@MAIN", "orphan");
    redis.ask("ZADD", at("low-stock"), "0", "rubbish");
    wanted.put("no-row:low-stock\trubbish", "orphan");
    redis.ask("ZADD", at("locations:S-31"), "0", "NOWHERE");
    wanted.put("availability:S-31@NOWHERE", "orphan");
    return wanted;
  }

  /** A node; {@code settings} are {@code key=value} below {@code bincard.reconciliation}. */
  AnnotationConfigApplicationContext node(String... settings) {
    return node(List.of(SweepConfiguration.class), settings);
  }

  /** A node that compares all the time. */
  AnnotationConfigApplicationContext watching(String... settings) {
    return node(List.of(SweepConfiguration.class, WatchConfiguration.class), settings);
  }

  private AnnotationConfigApplicationContext node(
      List<Class<?>> configurations, String... settings) {
    AnnotationConfigApplicationContext node = new AnnotationConfigApplicationContext();
    TestPropertyValues.of(
            "spring.data.redis.url=" + url,
            "bincard.reconciliation.nightly=-",
            "bincard.reconciliation.look-every=20ms",
            "bincard.reconciliation.look-pause=5ms",
            "bincard.reconciliation.late-after=100ms")
        .and(Arrays.stream(settings).map(each -> "bincard.reconciliation." + each))
        .applyTo(node);
    node.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
    node.registerBean(DataSource.class, tables::dataSource, bean -> bean.setDestroyMethodName(""));
    node.registerBean(Expectations.class, () -> expected);
    node.registerBean(StockItems.class, () -> new Ledger());
    node.registerBean(LedgerHistory.class, () -> new History());
    node.registerBean(
        StockFreezes.class,
        () ->
            (item, _, key) -> {
              freezes.add(item + " " + key);
              if (freezes.size() == failingFreeze) {
                throw new LedgerUnavailableException("as the test has it", new IOException());
              }
              return ledger.containsKey(item);
            });
    node.registerBean(Canaries.class, () -> stops::add);
    node.registerBean(CommandLoad.class, () -> () -> 0);
    node.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
    node.registerBean(InstantSource.class, () -> this::tellTime);
    configurations.forEach(node::register);
    node.refresh();
    nodes.add(node);
    return node;
  }

  void setFailingFreeze(int newFailingFreeze) {
    failingFreeze = newFailingFreeze;
  }

  void setNow(Instant newNow) {
    askedForTime.clear();
    now = newNow;
  }

  private Instant tellTime() {
    Instant told = now;
    askedForTime.add(Thread.currentThread());
    return told;
  }

  /** Waits until so many nodes have looked at the clock for a run that is due. */
  void awaitLooksAtTheClock(int lookers) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                askedForTime.stream()
                        .filter(each -> each.getName().equals("reconciliation-runs"))
                        .count()
                    == lookers);
  }

  /** Begins a run of {@code node} and awaits its end. */
  static Run run(ApplicationContext node, Set<Run.Part> parts, boolean apply) {
    Sweeps.Begun begun = node.getBean(Sweeps.class).begin(parts, apply);
    assertThat(begun).isInstanceOf(Sweeps.Begun.Yes.class);
    return end(node, ((Sweeps.Begun.Yes) begun).run());
  }

  static Run end(ApplicationContext node, Run run) {
    RunTable table = node.getBean(RunTable.class);
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .until(() -> table.find(run.id()).orElseThrow().endedAt() != null);
    return table.find(run.id()).orElseThrow();
  }

  /**
   * The rows of which {@code outcome} was written down, each with the kind.
   *
   * @param run {@code null} for whichever
   */
  static Map<String, String> entries(ApplicationContext node, @Nullable Run run, String outcome) {
    Map<String, String> entries = new TreeMap<>();
    node.getBean(RepairLog.class).entries(run == null ? null : run.id(), 0, 10_000).stream()
        .filter(entry -> entry.outcome().equals(outcome))
        .forEach(entry -> entries.put(entry.key(), entry.kind()));
    return entries;
  }

  @Override
  public void afterEach(ExtensionContext test) {
    expected.setBeforeBucket(_ -> {});
    nodes.forEach(AnnotationConfigApplicationContext::close);
    nodes.clear();
    freezes.clear();
    stops.clear();
    failingFreeze = 0;
    unheard = 0;
    setNow(Instant.now());
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    connections.destroy();
    tables.close();
  }

  private final class Ledger implements StockItems {
    @Override
    public Optional<StockItem> find(StockItemId id) {
      return Optional.ofNullable(ledger.get(id));
    }

    @Override
    public long headPosition() {
      return head.get() - unheard;
    }
  }

  private final class History implements LedgerHistory {
    @Override
    public long headPosition() {
      return head.get();
    }

    @Override
    public void read(
        long after, long upTo, Set<Class<? extends LedgerEvent>> kinds, Reader reader) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long streams(String prefix, long upTo) {
      throw new UnsupportedOperationException();
    }
  }

  /** The field {@code name} of a row; empty if there is none. */
  String field(String key, String name) throws IOException {
    return redis.ask("HGET", at(key), name).getFirst();
  }
}
