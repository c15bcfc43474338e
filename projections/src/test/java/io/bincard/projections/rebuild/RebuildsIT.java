package io.bincard.projections.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.availability.AvailabilityRows;
import io.bincard.projections.availability.AvailabilityView;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Projector;
import io.bincard.projections.fixture.RandomHolds;
import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.rebuild.Progress.Phase;
import io.bincard.projections.viewstore.Generations;
import io.bincard.projections.viewstore.ViewReading;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generations that are filled beside the live one, on a real Redis. */
class RebuildsIT {

  private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ITEMS = 20;

  @TempDir static Path folder;
  private static RedisProcess redis;

  private final LedgerInMemory ledger = new LedgerInMemory();
  private final TokenStore tokens = new InMemoryTokenStore();
  private List<StockItemId> items = List.of();

  @BeforeAll
  static void start() {
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.empty();
  }

  /** Some hundred events of {@value #ITEMS} items, with holds. */
  private void someHistory(long seed) {
    Random random = new Random(seed);
    items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(ledger.register("sku-" + i, 1_000));
    }
    RandomHolds holds = new RandomHolds(ledger, random, UNTIL);
    for (int i = 0; i < 400; i++) {
      StockItemId item = items.get(random.nextInt(ITEMS));
      if (random.nextBoolean()) {
        ledger.deduct(item, 1);
      } else {
        holds.step(item);
      }
    }
  }

  private Projector serving() {
    return serving(Projector.LIMITS);
  }

  private Projector serving(RebuildProperties limits) {
    Projector projector = Projector.start(ledger, redis, tokens, 50, 1_000, limits);
    projector.awaitHead();
    projector.awaitRest();
    return projector;
  }

  private static RebuildProperties limits(int states, int maxRate, Duration checkpoint) {
    RebuildProperties usual = Projector.LIMITS;
    return new RebuildProperties(
        states,
        maxRate,
        checkpoint,
        usual.progress(),
        usual.silence(),
        usual.keepPrevious(),
        usual.connections());
  }

  private static Progress awaitEnd(Projector projector) {
    Projector.await().until(() -> projector.rebuilds().progress().orElseThrow().phase().isOver());
    return projector.rebuilds().progress().orElseThrow();
  }

  private static Progress rebuilt(Projector projector) {
    projector.rebuilds().rebuild();
    return awaitEnd(projector);
  }

  /** What a row must say, without what tells when it was written. */
  private record Figures(
      long version, long onHand, long reserved, boolean frozen, long safetyStock) {

    static Figures of(AvailabilityView view) {
      return new Figures(
          view.version(), view.onHand(), view.reserved(), view.frozen(), view.safetyStock());
    }
  }

  private Map<StockItemId, Figures> live(Projector projector) {
    Map<StockItemId, Figures> rows = new HashMap<>();
    for (StockItemId item : ledger.states().keySet()) {
      projector.view(item).ifPresent(view -> rows.put(item, Figures.of(view)));
    }
    return rows;
  }

  private Map<StockItemId, Figures> ofTheLedger() {
    Map<StockItemId, Figures> rows = new HashMap<>();
    for (Map.Entry<StockItemId, StockItem> entry : ledger.states().entrySet()) {
      StockItem state = entry.getValue();
      rows.put(
          entry.getKey(),
          new Figures(
              state.version(),
              state.onHand(),
              state.reservations().total(),
              state.frozen(),
              state.safetyStock()));
    }
    return rows;
  }

  @Test
  void a_store_that_holds_nothing_is_filled_by_a_run_and_then_followed() {
    someHistory(1);
    redis.command("SET bincard:main:views old");
    redis.command("SET bincard:main:availability:A@MAIN old");
    redis.command("SET somebody:else 1");
    try (Projector projector = serving()) {
      assertThat(projector.projection().applied()).isZero();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
      Progress run = awaitEnd(projector);
      assertThat(run.phase()).isEqualTo(Phase.SWITCHED);
      assertThat(run.rows()).isEqualTo(ITEMS);
      assertThat(run.position()).isEqualTo(ledger.headPosition());

      ledger.deduct(items.getFirst(), 1);
      projector.awaitHead();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
      // What lay there before there were generations goes, and nothing of anybody else's.
      Projector.await()
          .until(
              () -> redis.command("EXISTS bincard:main:views bincard:main:availability:A@MAIN"),
              Long.valueOf(0)::equals);
      assertThat(redis.command("EXISTS somebody:else")).isEqualTo(1L);
    }
  }

  @Test
  void a_rebuild_equals_what_lives_and_replaces_it() {
    try (Projector projector = serving()) {
      someHistory(2);
      projector.awaitHead();
      Map<StockItemId, Figures> before = live(projector);
      long head = ledger.headPosition();

      Progress run = rebuilt(projector);

      assertThat(run.why()).isNull();
      assertThat(run.phase()).isEqualTo(Phase.SWITCHED);
      assertThat(run.generation()).isEqualTo(2);
      Generations now = projector.store().generations();
      assertThat(now.live()).isEqualTo(2);
      assertThat(now.previous()).isEqualTo(1);
      assertThat(now.building()).isZero();
      assertThat(live(projector)).isEqualTo(before).isEqualTo(ofTheLedger());
      assertThat(ledger.headPosition()).isEqualTo(head);

      ledger.deduct(items.getFirst(), 3);
      projector.awaitHead();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void rows_say_when_a_run_compared_them_until_they_change() {
    someHistory(11);
    try (Projector projector = serving()) {
      Instant before = Instant.now();
      rebuilt(projector);
      ledger.deduct(items.getFirst(), 1);
      projector.awaitHead();

      ViewStoreMark mark = projector.store().mark().orElseThrow();
      assertThat(mark.verifiedAt(projector.view(items.getFirst()).orElseThrow().position()))
          .isEmpty();
      for (StockItemId item : items.subList(1, ITEMS)) {
        assertThat(mark.verifiedAt(projector.view(item).orElseThrow().position()))
            .hasValueSatisfying(
                at -> assertThat(at).isBetween(before.minusMillis(1), Instant.now()));
      }
    }
  }

  /** Has the next part that a run reads wait until the latch is opened. */
  private CountDownLatch holdAfter(int parts, CountDownLatch reached) {
    CountDownLatch opened = new CountDownLatch(1);
    AtomicInteger read = new AtomicInteger();
    ledger.beforePart(
        () -> {
          if (read.getAndIncrement() == parts) {
            reached.countDown();
            await(opened);
          }
        });
    return opened;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void while_a_run_reads_the_live_generation_follows_and_is_read() {
    someHistory(3);
    try (Projector projector = serving()) {
      CountDownLatch reached = new CountDownLatch(1);
      CountDownLatch opened = holdAfter(2, reached);
      projector.rebuilds().rebuild();
      await(reached);

      ledger.deduct(items.getFirst(), 7);
      projector.awaitHead();

      assertThat(projector.store().live()).isEqualTo(1);
      assertThat(live(projector)).isEqualTo(ofTheLedger());
      assertThat(projector.rebuilds().progress().orElseThrow())
          .satisfies(
              run -> {
                assertThat(run.phase()).isEqualTo(Phase.READING);
                assertThat(run.position()).isEqualTo(200);
                assertThat(run.to()).isEqualTo(420);
              });
      opened.countDown();
      assertThat(awaitEnd(projector).phase()).isEqualTo(Phase.SWITCHED);
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void readers_never_see_an_older_version_or_no_row_through_switches_and_back() throws Exception {
    someHistory(4);
    try (Projector projector = serving();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicInteger reads = new AtomicInteger();
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(() -> readUntil(isOver, reads), threads);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(() -> sellUntil(projector, isOver), threads);
      List<Progress> runs = new ArrayList<>();
      try {
        for (int i = 0; i < 4 || (reads.get() <= 100 && !reader.isDone()); i++) {
          runs.add(rebuilt(projector));
          projector.rebuilds().rollback();
          runs.add(awaitEnd(projector));
        }
      } finally {
        isOver.set(true);
      }
      assertThat(runs).extracting(Progress::phase).containsOnly(Phase.SWITCHED);
      writer.get(30, TimeUnit.SECONDS);

      reader.get(30, TimeUnit.SECONDS);
      assertThat(reads).hasValueGreaterThan(100);
      projector.awaitHead();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  /** Sells as fast as the views follow. */
  private void sellUntil(Projector projector, AtomicBoolean isOver) {
    for (int i = 0; !isOver.get(); i++) {
      ledger.deduct(items.get(i % ITEMS), 1);
      while (ledger.headPosition() - projector.status().position() > 100 && !isOver.get()) {
        Thread.onSpinWait();
      }
    }
  }

  /** Reads by a store of its own, as another node does. */
  private void readUntil(AtomicBoolean isOver, AtomicInteger reads) {
    ViewStore store = new ViewStore(redis.connections());
    long[] versions = new long[ITEMS];
    long position = 0;
    for (; !isOver.get(); reads.incrementAndGet()) {
      ViewReading reading = store.read(items.stream().map(AvailabilityView::key).toList());
      assertThat(reading.mark()).isNotNull();
      assertThat(reading.mark().position()).isGreaterThanOrEqualTo(position);
      position = reading.mark().position();
      for (int i = 0; i < ITEMS; i++) {
        long version =
            AvailabilityRows.view(reading.rows().get(i), reading.mark().epoch())
                .orElseThrow()
                .version();
        assertThat(version).isGreaterThanOrEqualTo(versions[i]);
        versions[i] = version;
      }
    }
  }

  @Test
  void a_run_that_breaks_off_is_gone_on_with_by_another_node_from_its_checkpoint() {
    someHistory(5);
    RebuildProperties oftenWritten = limits(1_000, 0, Duration.ofMillis(1));
    CountDownLatch reached = new CountDownLatch(1);
    try (Projector projector = serving(oftenWritten)) {
      CountDownLatch opened = holdAfter(3, reached);
      projector.rebuilds().rebuild();
      await(reached);
      CompletableFuture<Void> closing = CompletableFuture.runAsync(projector::close);
      Projector.await().until(() -> projector.rebuilds().progress().orElseThrow().why() != null);
      opened.countDown();
      closing.join();
      assertThat(awaitEnd(projector).phase()).isEqualTo(Phase.INTERRUPTED);
    }
    ledger.deduct(items.getFirst(), 2);
    try (Projector another = serving(oftenWritten)) {
      Projector.await().until(() -> another.store().live() == 2);

      Progress run = awaitEnd(another);
      assertThat(run.phase()).isEqualTo(Phase.SWITCHED);
      assertThat(run.from()).isBetween(300L, 400L);
      another.awaitHead();
      assertThat(live(another)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void states_that_memory_has_no_room_for_are_written_and_read_again() {
    someHistory(6);
    try (Projector projector = serving(limits(3, 0, Duration.ofMinutes(1)))) {
      Progress run = rebuilt(projector);

      assertThat(run.phase()).isEqualTo(Phase.SWITCHED);
      assertThat(run.rows()).isGreaterThan(ITEMS);
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void a_cancelled_run_leaves_nothing_behind() {
    someHistory(7);
    try (Projector projector = serving(limits(1_000, 0, Duration.ofMillis(1)))) {
      CountDownLatch reached = new CountDownLatch(1);
      CountDownLatch opened = holdAfter(3, reached);
      projector.rebuilds().rebuild();
      await(reached);
      assertThat(keysOf(2)).isPositive();

      projector.rebuilds().cancel();
      opened.countDown();

      assertThat(awaitEnd(projector).phase()).isEqualTo(Phase.CANCELLED);
      Projector.await().until(() -> keysOf(2) == 0);
      assertThat(projector.store().generations().live()).isEqualTo(1);
      assertThat(projector.store().generations().building()).isZero();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> projector.rebuilds().cancel());
    }
  }

  private static int keysOf(int generation) {
    return ((List<?>) redis.command("KEYS bincard:main:" + generation + ":*")).size();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HSET bincard:main:2:availability:sku-3@MAIN onHand 999",
        "HSET bincard:main:2:availability:sku-3@MAIN version 999",
        "HSET bincard:main:2:availability:sku-3@MAIN lapses 1:1",
        "HDEL bincard:main:2:availability:sku-3@MAIN reserved",
        "HSET bincard:main:2:availability:sku-3@MAIN epoch other",
        "DEL bincard:main:2:availability:sku-3@MAIN",
        "COPY bincard:main:2:availability:sku-3@MAIN bincard:main:2:availability:GHOST@MAIN"
      })
  void a_generation_with_a_wrong_row_is_not_made_live(String damage) {
    someHistory(8);
    try (Projector projector = serving()) {
      AtomicBoolean isFirst = new AtomicBoolean(true);
      ledger.beforeHead(
          () -> {
            if (keysOf(2) > ITEMS && isFirst.getAndSet(false)) {
              redis.command(damage);
            }
          });

      Progress run = rebuilt(projector);

      assertThat(run.phase()).isEqualTo(Phase.FAILED);
      assertThat(run.why()).contains("of 20 rows that were written");
      if (!damage.startsWith("DEL")) {
        assertThat(run.why()).containsAnyOf("availability:sku-3@MAIN", "availability:GHOST@MAIN");
      }
      assertThat(projector.store().live()).isEqualTo(1);
      assertThat(live(projector)).isEqualTo(ofTheLedger());
      assertThat(isFirst).isFalse();
    }
  }

  @Test
  void a_generation_without_a_row_for_each_stream_of_the_ledger_is_not_made_live() {
    someHistory(9);
    try (Projector projector = serving()) {
      ledger.countWrongBy(1);

      Progress run = rebuilt(projector);

      assertThat(run.phase()).isEqualTo(Phase.FAILED);
      assertThat(run.why()).contains("availability has 20 rows", "the ledger counts 21");
      assertThat(projector.store().live()).isEqualTo(1);
    }
  }

  @Test
  void a_rollback_brings_the_generation_before_level_first() {
    someHistory(10);
    try (Projector projector = serving()) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> projector.rebuilds().rollback());
      rebuilt(projector);
      items.forEach(item -> ledger.deduct(item, 3));
      projector.awaitHead();

      projector.rebuilds().rollback();

      assertThat(awaitEnd(projector).phase()).isEqualTo(Phase.SWITCHED);
      assertThat(projector.store().live()).isEqualTo(1);
      assertThat(projector.store().generations().previous()).isEqualTo(2);
      assertThat(projector.store().mark().orElseThrow().position())
          .isEqualTo(ledger.headPosition());
      assertThat(live(projector)).isEqualTo(ofTheLedger());
      ledger.deduct(items.getFirst(), 1);
      projector.awaitHead();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void the_generation_before_is_kept_for_a_while_only() {
    someHistory(11);
    RebuildProperties usual = Projector.LIMITS;
    try (Projector projector =
        serving(
            new RebuildProperties(
                usual.states(),
                usual.maxRate(),
                usual.checkpoint(),
                usual.progress(),
                usual.silence(),
                Duration.ZERO,
                usual.connections()))) {
      rebuilt(projector);

      Projector.await().until(() -> keysOf(1) == 0);
      assertThat(projector.store().generations().previous()).isZero();
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void of_two_nodes_one_runs() {
    someHistory(12);
    try (Projector first = serving();
        Projector second = serving()) {
      CountDownLatch reached = new CountDownLatch(1);
      CountDownLatch opened = holdAfter(2, reached);
      first.rebuilds().rebuild();
      await(reached);

      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> first.rebuilds().rebuild());
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> second.rebuilds().rebuild());
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> second.rebuilds().rollback());
      opened.countDown();
      assertThat(awaitEnd(first).phase()).isEqualTo(Phase.SWITCHED);
      assertThat(live(second)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void a_redis_lost_in_the_middle_of_a_run_is_filled_from_the_beginning() {
    someHistory(13);
    try (Projector projector = serving()) {
      CountDownLatch reached = new CountDownLatch(1);
      CountDownLatch opened = holdAfter(3, reached);
      projector.rebuilds().rebuild();
      await(reached);
      redis.command("FLUSHALL");
      opened.countDown();

      projector.awaitHead();

      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void a_ledger_that_is_away_for_a_while_interrupts_a_run_that_then_goes_on() {
    someHistory(14);
    try (Projector projector = serving()) {
      CountDownLatch reached = new CountDownLatch(1);
      CountDownLatch opened = holdAfter(3, reached);
      projector.rebuilds().rebuild();
      await(reached);
      ledger.setUnavailable(true);
      opened.countDown();
      assertThat(awaitEnd(projector).phase()).isEqualTo(Phase.INTERRUPTED);
      assertThat(projector.store().live()).isEqualTo(1);

      ledger.setUnavailable(false);

      Projector.await().until(() -> projector.store().live() == 2);
      assertThat(live(projector)).isEqualTo(ofTheLedger());
    }
  }

  @Test
  void a_run_is_no_faster_than_it_may_be() {
    someHistory(15);
    try (Projector projector = serving(limits(1_000, 1_000, Duration.ofMinutes(1)))) {
      long began = System.nanoTime();

      assertThat(rebuilt(projector).phase()).isEqualTo(Phase.SWITCHED);

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(400));
    }
  }

  @Test
  void rows_of_the_same_content_have_the_same_digest_and_others_do_not() {
    List<byte[]> stored =
        Stream.of("epoch", "any", "version", "7", "onHand", "12", "reserved", "3")
            .map(word -> word.getBytes(UTF_8))
            .toList();

    assertThat(digest(7, "12", "3")).isEqualTo(Digests.of(stored));
    assertThat(digest(8, "12", "3")).isNotEqualTo(Digests.of(stored));
    assertThat(digest(7, "3", "12")).isNotEqualTo(Digests.of(stored));
    assertThat(digest(7, "1", "23")).isNotEqualTo(Digests.of(stored));
  }

  private static long digest(long version, String onHand, String reserved) {
    return Digests.of(
        new ViewRow(
            "A",
            version,
            Map.of("onHand", onHand.getBytes(UTF_8), "reserved", reserved.getBytes(UTF_8))));
  }

  @Test
  void digests_of_many_rows_are_all_found_again() {
    Digests digests = new Digests();
    for (int i = 0; i < 50_000; i++) {
      assertThat(digests.put("key-" + i, i)).isTrue();
    }
    assertThat(digests.put("key-7", 8)).isFalse();

    assertThat(digests.size()).isEqualTo(50_000);
    for (int i = 8; i < 50_000; i++) {
      assertThat(digests.find("key-" + i, i)).isEqualTo(Digests.Finding.SAME);
    }
    assertThat(digests.find("key-9", 9)).isEqualTo(Digests.Finding.AGAIN);
    assertThat(digests.find("key-7", 7)).isEqualTo(Digests.Finding.OTHER);
    assertThat(digests.find("none", 7)).isEqualTo(Digests.Finding.UNKNOWN);
  }
}
