package io.bincard.projections.availability;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.filling.Remembered;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Projector;
import io.bincard.projections.fixture.Promise;
import io.bincard.projections.fixture.RandomHolds;
import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.upkeep.ViewStoreState.Refused;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The projection on a real Redis, run by Axon's pooled processor, against a ledger in memory. */
class AvailabilityProjectionIT {

  private static final Instant UNTIL = Instant.parse("2026-12-01T12:00:00Z");

  @TempDir static Path folder;
  private static RedisProcess redis;
  private LedgerInMemory ledger;

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
    ledger = new LedgerInMemory();
  }

  private static String key(StockItemId item) {
    return ViewStore.key(new ViewStore(redis.connections()).live(), AvailabilityView.key(item));
  }

  /** Every row of every item, without what belongs to one filling of the store. */
  private Map<StockItemId, AvailabilityView> rows(Projector projector) {
    Map<StockItemId, AvailabilityView> rows = new HashMap<>();
    ledger
        .states()
        .keySet()
        .forEach(
            item ->
                projector
                    .view(item)
                    .ifPresent(
                        view ->
                            rows.put(
                                item,
                                new AvailabilityView(
                                    view.id(),
                                    view.sku(),
                                    view.location(),
                                    view.onHand(),
                                    view.reserved(),
                                    view.lapses(),
                                    view.available(),
                                    view.safetyStock(),
                                    view.backorderLimit(),
                                    view.frozen(),
                                    view.version(),
                                    0,
                                    ""))));
    return rows;
  }

  /** The row that {@code item} should have, but for its position and epoch. */
  private AvailabilityView row(StockItemId item) {
    return AvailabilityView.of(item, ledger.state(item), 0, "");
  }

  /** The rows that there should be, but for their positions and epochs. */
  private Map<StockItemId, AvailabilityView> rowsOfTheLedger() {
    Map<StockItemId, AvailabilityView> rows = new HashMap<>();
    ledger.states().keySet().forEach(item -> rows.put(item, row(item)));
    return rows;
  }

  private RandomHolds someHistoryWithHolds(long seed) {
    Random random = new Random(seed);
    List<StockItemId> items = someHistory(seed);
    RandomHolds holds = new RandomHolds(ledger, random, UNTIL);
    for (int i = 0; i < 600; i++) {
      StockItemId item = items.get(random.nextInt(items.size() / 2));
      if (random.nextInt(4) == 0) {
        ledger.deduct(item, 1);
      } else {
        holds.step(item);
      }
    }
    return holds;
  }

  private List<StockItemId> someHistory(long seed) {
    Random random = new Random(seed);
    List<StockItemId> items = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      items.add(ledger.register("sku-" + i, 1_000));
    }
    for (int i = 0; i < 600; i++) {
      StockItemId item = items.get(random.nextInt(items.size()));
      switch (random.nextInt(4)) {
        case 0 ->
            ledger.publish(
                new StockReceived(
                    item.sku(), item.location(), new Quantity(3), new DocumentId("D1")));
        case 1 ->
            ledger.publish(
                new StockPolicySet(
                    item.sku(),
                    item.location(),
                    new Quantity(random.nextInt(9)),
                    new Quantity(random.nextInt(9))));
        default -> ledger.deduct(item, 1);
      }
    }
    return items;
  }

  @Test
  void views_hold_what_the_ledger_holds() {
    try (Projector projector = Projector.start(ledger, redis)) {
      StockItemId item = ledger.register("A", 10);
      ledger.deduct(item, 3);
      ledger.publish(
          new StockPolicySet(item.sku(), item.location(), new Quantity(2), new Quantity(4)),
          new StockItemFrozen(item.sku(), item.location(), new Reason("miscounted")));
      projector.awaitHead();

      AvailabilityView view = projector.view(item).orElseThrow();
      String epoch = projector.store().mark().orElseThrow().epoch();
      assertThat(view)
          .isEqualTo(
              new AvailabilityView("A@MAIN", "A", "MAIN", 7, 0, "", 5, 2, 4, true, 5, 6, epoch));
      assertThat(view.item()).isEqualTo(item);
      assertThat(ledger.finds()).isZero();
    }
  }

  private void assertPromised(
      Projector projector, long onHand, long reserved, String lapses, long version) {
    projector.awaitHead();
    StockItemId item = LedgerInMemory.item("A");
    assertThat(rows(projector).get(item))
        .isEqualTo(
            new AvailabilityView(
                "A@MAIN",
                "A",
                "MAIN",
                onHand,
                reserved,
                lapses,
                onHand - reserved,
                0,
                0,
                false,
                version,
                0,
                ""));
  }

  @Test
  void a_row_follows_a_hold_from_its_promise_to_its_end() {
    try (Projector projector = Projector.start(ledger, redis)) {
      projector.awaitHead();
      StockItemId item = ledger.register("A", 10);
      Promise promise = Promise.of(item, 1, 5, Instant.ofEpochMilli(1_764_590_400_000L));
      Promise other = Promise.of(item, 2, 1, Instant.ofEpochMilli(1_764_590_400_250L));
      ledger.publish(promise.made(), other.made());
      assertPromised(projector, 10, 6, "1764590400000:5 1764590400250:1", 2);

      ledger.publish(promise.confirmed(2));
      assertPromised(projector, 8, 4, "1764590400000:3 1764590400250:1", 3);

      Promise extended = promise.with(3).with(Instant.ofEpochMilli(1_764_590_401_000L));
      ledger.publish(promise.with(3).extended(extended.until()));
      assertPromised(projector, 8, 4, "1764590400250:1 1764590401000:3", 4);

      ledger.publish(extended.released());
      assertPromised(projector, 8, 1, "1764590400250:1", 5);

      ledger.publish(other.expired());
      assertPromised(projector, 8, 0, "", 6);
      assertThat(ledger.finds()).isZero();
    }
  }

  @Test
  void a_projection_started_anew_among_open_holds_asks_the_ledger_once_for_each_item() {
    TokenStore tokens = new InMemoryTokenStore();
    List<StockItemId> items;
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      items = someHistory(12);
      items.forEach(item -> ledger.publish(Promise.of(item, 1, 2, UNTIL).made()));
      projector.awaitHead();
    }
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      for (int i = 2; i < 12; i++) {
        for (StockItemId item : items.subList(0, 30)) {
          ledger.publish(Promise.of(item, i, 1, UNTIL.plusMillis(i)).made());
        }
      }
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
      assertThat(ledger.finds()).isEqualTo(30);
    }
  }

  @Test
  void holds_delivered_twice_to_a_projection_without_memory_change_nothing() {
    try (Projector projector = Projector.start(ledger, redis)) {
      final long withPromises = someHistoryWithHolds(13).itemsWithPromises();
      projector.awaitHead();
      final Map<StockItemId, AvailabilityView> once = rows(projector);
      projector.projection().forget(); // once the last page is counted
      final long before = projector.projection().applied();
      final long asked = ledger.finds();
      long head = ledger.headPosition();
      projector.replayAfter(head / 2);
      Projector.await().until(() -> projector.projection().applied() == before + head - head / 2);

      assertThat(rows(projector)).isEqualTo(once).isEqualTo(rowsOfTheLedger());
      assertThat(ledger.finds() - asked).isBetween(1L, withPromises);
    }
  }

  @Test
  void holds_whose_item_left_the_memory_are_taken_from_the_ledger() {
    try (Projector projector = Projector.start(ledger, redis, new InMemoryTokenStore(), 100, 3)) {
      projector.awaitHead();
      someHistoryWithHolds(14);
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
      assertThat(ledger.finds()).isPositive();
    }
  }

  @Test
  void a_row_without_holds_written_over_one_from_before_there_were_any_says_so() {
    TokenStore tokens = new InMemoryTokenStore();
    StockItemId item = ledger.register("A", 10);
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      projector.awaitHead();
    }
    redis.command("HDEL " + key(item) + " lapses");
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      projector.awaitHead();
      Promise promise = Promise.of(item, 1, 5, UNTIL);
      ledger.publish(promise.made());
      assertPromised(projector, 10, 5, UNTIL.toEpochMilli() + ":5", 1);
      assertThat(ledger.finds()).isZero();
      ledger.publish(promise.released());
      assertPromised(projector, 10, 0, "", 2);
    }
  }

  @Test
  void views_of_an_empty_ledger_serve_without_an_event() {
    try (Projector projector = Projector.start(ledger, redis)) {
      projector.awaitState(Serving.class);
      assertThat(projector.store().mark().orElseThrow().position()).isZero();
    }
  }

  @Test
  void rebuilding_equals_living() {
    Map<StockItemId, AvailabilityView> live;
    try (Projector projector = Projector.start(ledger, redis)) {
      someHistoryWithHolds(1);
      projector.awaitHead();
      live = rows(projector);
    }
    redis.command("FLUSHALL");
    try (Projector projector = Projector.start(ledger, redis)) {
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(live).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void events_delivered_twice_change_nothing() {
    try (Projector projector = Projector.start(ledger, redis)) {
      someHistoryWithHolds(2);
      projector.awaitHead();
      Map<StockItemId, AvailabilityView> once = rows(projector);
      ViewStoreMark mark = projector.store().mark().orElseThrow();
      projector.processor().shutDown(); // the last page is counted after everybody can see it
      long before = projector.projection().applied();

      projector.replayAfter(0);
      Projector.await()
          .until(() -> projector.projection().applied() == before + ledger.headPosition());

      assertThat(rows(projector)).isEqualTo(once).isEqualTo(rowsOfTheLedger());
      assertThat(projector.store().mark()).contains(mark);
    }
  }

  @Test
  void events_delivered_twice_to_a_projection_without_memory_change_nothing() {
    try (Projector projector = Projector.start(ledger, redis)) {
      List<StockItemId> items = someHistory(3);
      projector.awaitHead();
      final Map<StockItemId, AvailabilityView> once = rows(projector);
      projector.projection().forget(); // once the last page is counted
      final long before = projector.projection().applied();
      long head = ledger.headPosition();
      projector.replayAfter(head / 2);
      Projector.await().until(() -> projector.projection().applied() == before + head - head / 2);

      assertThat(rows(projector)).isEqualTo(once).hasSize(items.size());
      // Rows tell where they are; the ledger need not be asked.
      assertThat(ledger.finds()).isZero();

      ledger.deduct(items.getFirst(), 1);
      projector.awaitHead();
      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void a_batch_with_many_events_of_one_item_leaves_the_last_state() {
    StockItemId item = ledger.register("A", 5_000);
    ledger.deduct(item, 2_345);
    try (Projector projector = Projector.start(ledger, redis)) {
      projector.awaitHead();

      AvailabilityView view = projector.view(item).orElseThrow();
      assertThat(view.onHand()).isEqualTo(2_655);
      assertThat(view.version()).isEqualTo(2_345);
      assertThat(view.position()).isEqualTo(2_346);
    }
  }

  @Test
  void an_item_that_left_the_memory_is_read_from_its_row() {
    try (Projector projector = Projector.start(ledger, redis, new InMemoryTokenStore(), 7, 3)) {
      projector.awaitHead();
      someHistory(4);
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
      assertThat(ledger.finds()).isZero();
    }
  }

  @Test
  void an_item_whose_row_was_deleted_is_taken_from_the_ledger() {
    TokenStore tokens = new InMemoryTokenStore();
    StockItemId item = ledger.register("A", 10);
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      projector.awaitHead();
    }
    redis.command("DEL " + key(item));
    ledger.deduct(item, 4);
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      projector.awaitHead();

      AvailabilityView view = projector.view(item).orElseThrow();
      assertThat(view.state()).contains(ledger.state(item));
      assertThat(view.position()).isEqualTo(ledger.headPosition());
      assertThat(ledger.finds()).isPositive();
    }
  }

  @Test
  void a_row_deleted_behind_a_projection_that_remembers_it_comes_back() {
    try (Projector projector = Projector.start(ledger, redis)) {
      StockItemId item = ledger.register("A", 10);
      projector.awaitHead();
      redis.command("DEL " + key(item));

      ledger.deduct(item, 1);
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void the_position_counts_events_that_no_view_is_about() {
    try (Projector projector = Projector.start(ledger, redis)) {
      StockItemId item = ledger.register("A", 10);
      ledger.publishOther();
      ledger.publishOther();
      projector.awaitHead();
      ledger.deduct(item, 1);
      projector.awaitHead();

      assertThat(projector.store().mark().orElseThrow().position()).isEqualTo(4);
      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void an_emptied_redis_is_filled_again_while_events_go_on() {
    try (Projector projector = Projector.start(ledger, redis)) {
      List<StockItemId> items = someHistory(5);
      projector.awaitHead();
      String before = projector.store().mark().orElseThrow().epoch();

      redis.command("FLUSHALL");
      ledger.deduct(items.getFirst(), 5);
      Projector.await()
          .until(() -> projector.store().mark().filter(m -> !m.epoch().equals(before)).isPresent());
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void a_redis_restarted_empty_is_filled_again() {
    try (Projector projector = Projector.start(ledger, redis)) {
      List<StockItemId> items = someHistory(6);
      projector.awaitHead();

      redis.kill();
      projector.awaitState(Unavailable.class);
      ledger.deduct(items.getFirst(), 5);
      redis.restart();
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void a_redis_that_lost_confirmed_writes_gets_them_again() {
    try (Projector projector = Projector.start(ledger, redis)) {
      List<StockItemId> items = someHistory(7);
      projector.awaitHead();
      String epoch = projector.store().mark().orElseThrow().epoch();
      redis.command("SAVE");
      ledger.deduct(items.getFirst(), 5);
      ledger.deduct(items.getLast(), 5);
      projector.awaitHead();

      redis.kill();
      redis.restart();
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
      // Only what was lost is made again.
      assertThat(projector.store().mark().orElseThrow().epoch()).isEqualTo(epoch);
    }
  }

  @Test
  void a_store_that_went_back_unnoticed_is_noticed_by_the_next_batch() {
    try (Projector projector = Projector.start(ledger, redis)) {
      List<StockItemId> items = someHistory(8);
      projector.awaitHead();
      long head = ledger.headPosition();
      redis.command("HSET " + projector.markKey() + " position " + (head - 100));
      redis.command("DEL " + key(items.getLast()));
      ledger.deduct(items.getFirst(), 1);

      projector.awaitHead();

      assertThat(rows(projector).get(items.getFirst())).isEqualTo(row(items.getFirst()));
    }
  }

  @Test
  void a_store_filled_by_another_ledger_is_filled_anew() {
    try (Projector projector = Projector.start(ledger, redis)) {
      someHistory(9);
      projector.awaitHead();
    }
    ledger = new LedgerInMemory();
    StockItemId item = ledger.register("sku-1", 7);
    try (Projector projector = Projector.start(ledger, redis)) {
      projector.awaitHead();

      assertThat(projector.view(item).orElseThrow().state()).contains(ledger.state(item));
      assertThat(projector.view(LedgerInMemory.item("sku-2"))).isEmpty();
    }
  }

  @Test
  void views_ahead_of_the_ledger_are_made_anew() {
    try (Projector projector = Projector.start(ledger, redis)) {
      StockItemId item = ledger.register("A", 10);
      ledger.deduct(item, 3);
      projector.awaitHead();
      String before = projector.store().mark().orElseThrow().epoch();

      redis.command("HSET " + projector.markKey() + " position 1000");
      Projector.await()
          .until(() -> projector.store().mark().filter(m -> !m.epoch().equals(before)).isPresent());
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void a_redis_that_is_away_at_the_start_is_filled_when_it_comes() {
    someHistory(10);
    redis.kill();
    try (Projector projector = Projector.start(ledger, redis)) {
      assertThat(projector.status().state()).isInstanceOf(Unavailable.class);
      assertThat(projector.processor().isRunning()).isFalse();

      redis.restart();
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void a_redis_that_evicts_stays_unused_until_it_is_set_right() {
    redis.command("CONFIG SET maxmemory-policy allkeys-lru");
    redis.command("CONFIG SET maxmemory 100000000");
    ledger.register("A", 10);
    try (Projector projector = Projector.start(ledger, redis)) {
      assertThat(projector.status().state()).isInstanceOf(Refused.class);
      assertThat(projector.processor().isRunning()).isFalse();
      assertThat(projector.store().mark()).isEmpty();

      redis.command("CONFIG SET maxmemory-policy noeviction");
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void a_ledger_that_cannot_be_asked_delays_an_event_and_loses_none() {
    TokenStore tokens = new InMemoryTokenStore();
    StockItemId item = ledger.register("A", 10);
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      projector.awaitHead();
    }
    redis.command("DEL " + key(item));
    try (Projector projector = Projector.start(ledger, redis, tokens)) {
      projector.awaitHead();
      ledger.setItemsUnavailable(true);
      ledger.deduct(item, 1);
      Projector.await().until(() -> ledger.finds() >= 2);
      assertThat(projector.store().mark().orElseThrow().position()).isEqualTo(1);

      ledger.setItemsUnavailable(false);
      projector.awaitHead();

      assertThat(rows(projector)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void nodes_that_fill_the_same_views_do_each_other_no_harm() {
    TokenStore tokens = new InMemoryTokenStore();
    StockItemId item = ledger.register("A", 1_000);
    try (Projector second = Projector.start(ledger, redis, tokens)) {
      try (Projector first = Projector.start(ledger, redis, tokens)) {
        ledger.deduct(item, 100);
        first.awaitHead();
        second.awaitHead();
      }
      ledger.deduct(item, 100);
      second.awaitHead();

      assertThat(rows(second)).isEqualTo(rowsOfTheLedger());
    }
  }

  @Test
  void memory_of_items_is_bounded_between_turns_and_never_loses_what_was_touched() {
    Remembered<String, String> remembered = new Remembered<>(2);
    List<String> written = new ArrayList<>();
    for (String key : List.of("A", "B", "C")) {
      remembered.touch(remembered.recall(key, "", 0), key.toLowerCase(Locale.ROOT), 1);
    }
    remembered.get("A");

    assertThat(remembered.size()).isEqualTo(3);
    remembered.drain((key, state, _) -> written.add(key + state));

    assertThat(written).containsExactly("Aa", "Bb", "Cc");
    assertThat(remembered.get("A")).isNotNull();
    assertThat(remembered.get("B")).isNull();
    assertThat(remembered.get("C")).isNotNull();
    remembered.drain((key, _, _) -> written.add(key));
    assertThat(written).hasSize(3);
  }
}
