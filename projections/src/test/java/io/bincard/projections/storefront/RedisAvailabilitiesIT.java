package io.bincard.projections.storefront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Projector;
import io.bincard.projections.fixture.Promise;
import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.fixture.SettableClock;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Availabilities.Found;
import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.viewstore.BreakerProperties;
import io.bincard.projections.viewstore.Filling;
import io.bincard.projections.viewstore.ViewReads;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers from views in a real Redis that a real projection fills. */
class RedisAvailabilitiesIT extends AvailabilitiesConformance {

  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final Duration LONG_PATIENCE = Duration.ofSeconds(30);
  private static final BreakerProperties NEVER_OPEN =
      new BreakerProperties(
          1_000, 1_000, 100, LONG_PATIENCE, 100, 1, Duration.ofMillis(1), Duration.ofMillis(1));

  @TempDir static Path folder;
  private static RedisProcess redis;
  private final LedgerInMemory ledger = new LedgerInMemory();
  private final ReadCounts counts = new ReadCounts();
  private final SettableClock clock = new SettableClock(Instant.now());
  private Projector projector;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @BeforeEach
  void start() {
    redis.empty();
    projector = Projector.start(ledger, redis);
  }

  @AfterEach
  void stop() {
    projector.close();
  }

  private Availabilities with(Duration patience) {
    return new RedisAvailabilities(
        new ViewLooks(
            new ViewReads(projector.store(), NEVER_OPEN, clock),
            projector.status(),
            ledger,
            clock,
            patience,
            Duration.ofMillis(20)),
        ledger,
        new LedgerAvailabilities(ledger, counts, clock),
        counts);
  }

  private Availability find(StockItemId item, long minPosition) {
    return with(PATIENCE).find(item, minPosition).orElseThrow();
  }

  /** Stops the projection, so that the views stay behind the ledger. */
  private void stopProjecting() {
    projector.watcher().stop();
    projector.processor().shutDown();
  }

  @Override
  LedgerInMemory ledger() {
    return ledger;
  }

  @Override
  Availabilities availabilities() {
    projector.awaitHead();
    return with(PATIENCE);
  }

  @Override
  SettableClock clock() {
    return clock;
  }

  @Override
  Source source() {
    return Source.VIEW;
  }

  @Test
  void tells_when_a_row_was_compared_with_the_ledger_until_it_changes() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    projector.awaitRest();
    projector.rebuilds().rebuild();
    projector.awaitRest();

    assertThat(find(item, 1).verifiedAt()).isNotNull();

    ledger.deduct(item, 1);
    projector.awaitHead();
    assertThat(find(item, 2).verifiedAt()).isNull();
  }

  @Test
  void waits_for_the_position_asked_for() throws Exception {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Availability> answer =
          CompletableFuture.supplyAsync(
              () -> with(LONG_PATIENCE).find(item, 3).orElseThrow(), threads);
      ledger.deduct(item, 2);

      assertThat(answer.get(LONG_PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .satisfies(
              found -> {
                assertThat(found.version()).isEqualTo(2);
                assertThat(found.asOfPosition()).isEqualTo(3);
                assertThat(found.source()).isEqualTo(Source.VIEW);
                assertThat(found.stale()).isFalse();
              });
    }
  }

  @Test
  void waits_for_views_that_another_node_fills() throws Exception {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    stopProjecting();
    Filling live = projector.status().writable().orElseThrow();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Availability> answer =
          CompletableFuture.supplyAsync(
              () -> with(LONG_PATIENCE).find(item, 2).orElseThrow(), threads);
      projector.store().apply(live, List.of(), 1, 2, clock.instant());

      assertThat(answer.get(LONG_PATIENCE.toSeconds(), TimeUnit.SECONDS).asOfPosition())
          .isEqualTo(2);
    }
  }

  @Test
  void asks_the_ledger_when_the_view_does_not_come_that_far_in_time() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    stopProjecting();
    ledger.deduct(item, 4);

    Availability answer = find(item, 5);

    assertThat(answer)
        .isEqualTo(
            new Availability("A", "MAIN", 6, 0, 6, 4, 5, 0, null, false, Source.LEDGER, false, 0));
  }

  @Test
  void counts_the_age_from_when_the_views_were_whole() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    stopProjecting();
    clock.setTo(projector.status().lastSeenAtHead());
    assertThat(find(item, 0).ageMillis()).isZero();

    ledger.deduct(item, 1);
    clock.move(Duration.ofSeconds(7));

    Availability answer = find(item, 0);
    assertThat(answer.source()).isEqualTo(Source.VIEW);
    assertThat(answer.version()).isZero();
    assertThat(answer.ageMillis()).isBetween(6_000L, 7_000L);
  }

  @Test
  void asks_the_ledger_for_an_item_without_a_row() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    redis.command("DEL " + projector.key(item));

    assertThat(find(item, 0).source()).isEqualTo(Source.LEDGER);
    assertThat(find(item, 0).onHand()).isEqualTo(10);
  }

  @Test
  void asks_the_ledger_for_a_row_of_another_epoch() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    redis.command("HSET " + projector.key(item) + " epoch other onHand 999");

    assertThat(find(item, 0).source()).isEqualTo(Source.LEDGER);
    assertThat(find(item, 0).onHand()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HSET %s onHand x", "HDEL %s version", "HSET %s frozen maybe", "HDEL %s sku"})
  void asks_the_ledger_for_a_row_that_is_damaged(String damage) {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    redis.command(damage.formatted(projector.key(item)));

    assertThat(find(item, 0).source()).isEqualTo(Source.LEDGER);
    assertThat(find(item, 0).onHand()).isEqualTo(10);
  }

  /** An item of 100 units with one promise of 1 unit for each millisecond from {@code first} on. */
  private StockItemId promised(int promises, Instant first) {
    StockItemId item = ledger.register("A", 100);
    for (int i = 0; i < promises; i++) {
      ledger.publish(Promise.of(item, i, 1, first.plusMillis(i)).made());
    }
    projector.awaitHead();
    stopProjecting();
    return item;
  }

  @Test
  void asks_the_ledger_for_what_lapses_after_the_last_time_that_the_row_knows() {
    Instant first = Instant.parse("2030-01-01T00:00:00Z");
    StockItemId item = promised(40, first);

    clock.setTo(first.plusMillis(31));
    assertThat(find(item, 0))
        .extracting(Availability::source, Availability::reserved, Availability::available)
        .containsExactly(Source.VIEW, 8L, 92L);

    clock.setTo(first.plusMillis(32));
    assertThat(find(item, 0))
        .extracting(Availability::source, Availability::reserved, Availability::available)
        .containsExactly(Source.LEDGER, 7L, 93L);
    assertThat(with(PATIENCE).findAll(List.of(item.sku()), LocationId.MAIN).items())
        .extracting(Availability::source, Availability::reserved)
        .containsExactly(tuple(Source.LEDGER, 7L));
  }

  @Test
  void does_not_guess_what_has_lapsed_when_neither_row_nor_ledger_can_say() {
    Instant first = Instant.parse("2030-01-01T00:00:00Z");
    StockItemId item = promised(40, first);
    ledger.setUnavailable(true);

    clock.setTo(first.plusMillis(31));
    assertThat(find(item, 0).reserved()).isEqualTo(8);
    clock.setTo(first.plusMillis(32));
    assertThatExceptionOfType(LedgerUnavailableException.class).isThrownBy(() -> find(item, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HSET %s lapses x", "HDEL %s lapses", "HSET %s reserved 1", "HSET %s reserved -2"})
  void asks_the_ledger_for_a_row_whose_promises_are_damaged(String damage) {
    Instant first = Instant.parse("2030-01-01T00:00:00Z");
    StockItemId item = promised(2, first);
    clock.setTo(first);
    redis.command(damage.formatted(projector.key(item)));

    assertThat(find(item, 0))
        .extracting(Availability::source, Availability::reserved)
        .containsExactly(Source.LEDGER, 1L);
  }

  @Test
  void takes_a_row_from_before_there_were_holds_for_one_without() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    redis.command("HDEL " + projector.key(item) + " lapses");

    assertThat(find(item, 0))
        .extracting(Availability::source, Availability::reserved, Availability::available)
        .containsExactly(Source.VIEW, 0L, 10L);
  }

  @Test
  void asks_the_ledger_while_redis_is_empty() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    stopProjecting();
    redis.command("FLUSHALL");

    assertThat(find(item, 1).source()).isEqualTo(Source.LEDGER);
    assertThat(find(item, 1).onHand()).isEqualTo(10);
  }

  @Test
  void asks_the_ledger_while_the_views_are_built_again() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    stopProjecting();
    projector.status().become(new Rebuilding(1, 9));
    assertThat(find(item, 0).source()).isEqualTo(Source.LEDGER);
  }

  @Test
  void asks_the_ledger_when_redis_is_gone() {
    StockItemId item = ledger.register("A", 10);
    ledger.register("B", 20);
    projector.awaitHead();

    redis.kill();
    assertThat(find(item, 2).source()).isEqualTo(Source.LEDGER);
    assertThat(with(PATIENCE).findAll(List.of(new Sku("A"), new Sku("B")), LocationId.MAIN).items())
        .extracting(Availability::source)
        .containsOnly(Source.LEDGER);

    projector.awaitState(Unavailable.class);
    assertThat(find(item, 2).source()).isEqualTo(Source.LEDGER);

    redis.restart();
    projector.awaitHead();
    assertThat(find(item, 2).source()).isEqualTo(Source.VIEW);
  }

  @Test
  void answers_within_its_time_limits_when_redis_hangs() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    stopProjecting();
    redis.pause();
    try {
      long began = System.nanoTime();
      assertThat(find(item, 0).source()).isEqualTo(Source.LEDGER);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    } finally {
      redis.resume();
    }
  }

  @Test
  void answers_from_the_views_when_the_ledger_is_gone() {
    StockItemId item = ledger.register("A", 10);
    projector.awaitHead();
    ledger.setUnavailable(true);

    Availability answer = find(item, 99);
    assertThat(answer.source()).isEqualTo(Source.VIEW);
    assertThat(answer.stale()).isTrue();
    assertThatExceptionOfType(LedgerUnavailableException.class)
        .isThrownBy(() -> find(LedgerInMemory.item("B"), 0));
  }

  @Test
  void finds_in_the_ledger_what_is_in_no_row() {
    StockItemId item = ledger.register("A", 10);
    ledger.register("B", 20);
    projector.awaitHead();
    redis.command("DEL " + projector.key(item));

    Found found =
        with(PATIENCE).findAll(List.of(new Sku("A"), new Sku("B"), new Sku("C")), LocationId.MAIN);

    assertThat(found.items())
        .extracting(Availability::source)
        .containsExactly(Source.LEDGER, Source.VIEW);
    assertThat(found.unknown()).containsExactly(new Sku("C"));
    assertThat(counts.of(Source.VIEW)).isEqualTo(1);
    assertThat(counts.of(Source.LEDGER)).isEqualTo(2);
  }
}
