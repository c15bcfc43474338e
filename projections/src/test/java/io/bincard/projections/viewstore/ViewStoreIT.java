package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.viewstore.ViewRow.Membership;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnection;

/** The rules of the function library, on a real Redis. */
class ViewStoreIT {

  private static final String KEY = "availability:A@MAIN";
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LONG = Duration.ofHours(1);
  private static RedisProcess redis;

  private ViewStore store;

  @BeforeAll
  static void start(@TempDir Path folder) {
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.empty();
    store = new ViewStore(redis.connections());
    store.loadFunctions();
  }

  private static ViewRow row(long version, String onHand) {
    return new ViewRow(KEY, version, Map.of("onHand", onHand.getBytes(UTF_8)));
  }

  private BatchOutcome apply(Filling filling, long after, long upTo, ViewRow... rows) {
    return store.apply(filling, List.of(rows), after, upTo, NOON);
  }

  private Map<String, String> stored(Filling filling) {
    return stored(filling, KEY);
  }

  private Map<String, String> stored(Filling filling, String key) {
    Map<String, String> fields = new HashMap<>();
    store
        .read(filling.generation(), List.of(key))
        .rows()
        .getFirst()
        .forEach((field, value) -> fields.put(new String(field, UTF_8), new String(value, UTF_8)));
    return fields;
  }

  private List<String> members(Filling filling, String set) {
    try (RedisConnection connection = redis.connections().getConnection()) {
      return connection
          .zSetCommands()
          .zRange(ViewStore.key(filling.generation(), set).getBytes(UTF_8), 0, -1)
          .stream()
          .map(each -> new String(each, UTF_8))
          .toList();
    }
  }

  /** A generation that the run {@code writer} fills. */
  private Filling begin(String epoch, String writer) {
    return store.begin(store.generations().last(), epoch, writer, LONG, 9).orElseThrow();
  }

  /** A generation that was made live. */
  private Filling live(String epoch) {
    Filling filling = begin(epoch, "run");
    assertThat(store.makeLive(filling, store.live(), null)).isEqualTo(SwitchOutcome.SWITCHED);
    return Filling.live(filling.generation(), epoch);
  }

  @Test
  void has_no_mark_before_the_first_generation() {
    assertThat(store.mark()).isEmpty();
    assertThat(store.generations()).isEqualTo(new Generations(0, 0, 0, 0, Instant.EPOCH));
  }

  @Test
  void takes_nothing_before_the_first_generation() {
    Filling none = Filling.live(1, "e1");

    assertThat(apply(none, 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.WRONG_WRITER);
    assertThat(stored(none)).isEmpty();
  }

  @Test
  void begins_one_generation_at_a_time() {
    Filling first = store.begin(0, "e1", "run", LONG, 9).orElseThrow();

    assertThat(first).isEqualTo(new Filling(1, "e1", "run"));
    assertThat(store.begin(0, "e2", "other", LONG, 9)).isEmpty();
    assertThat(store.begin(1, "e2", "other", LONG, 9)).isEmpty();
    assertThat(store.mark(1)).contains(new ViewStoreMark(1, "e1", 0, Instant.EPOCH, 9, null));
    assertThat(store.mark()).isEmpty();
    assertThat(store.drop(1, "e1")).isTrue();
    assertThat(store.begin(0, "e2", "other", LONG, 9)).isEmpty();
    assertThat(store.begin(1, "e2", "other", LONG, 9)).contains(new Filling(2, "e2", "other"));
  }

  @Test
  void readers_read_the_generation_that_is_live_and_no_other() {
    Filling first = live("e1");
    apply(first, 0, 4, row(3, "5"));
    Filling next = begin("e2", "run");
    apply(next, 0, 4, row(3, "6"));
    assertThat(read()).containsExactly("e1", "5");

    assertThat(store.makeLive(next, 1, null)).isEqualTo(SwitchOutcome.SWITCHED);

    assertThat(read()).containsExactly("e2", "6");
    assertThat(new ViewStore(redis.connections()).mark().orElseThrow().generation()).isEqualTo(2);
    assertThat(store.generations())
        .satisfies(
            now -> {
              assertThat(now.live()).isEqualTo(2);
              assertThat(now.previous()).isEqualTo(1);
              assertThat(now.building()).isZero();
              assertThat(now.switchedAt()).isAfter(NOON);
            });
  }

  private List<String> read() {
    ViewReading reading = store.read(List.of(KEY));
    return List.of(
        reading.mark() == null ? "" : reading.mark().epoch(),
        reading.rows().getFirst().entrySet().stream()
            .filter(field -> new String(field.getKey(), UTF_8).equals("onHand"))
            .map(field -> new String(field.getValue(), UTF_8))
            .findFirst()
            .orElse(""));
  }

  @Test
  void a_generation_that_lacks_events_is_not_made_live() {
    Filling first = live("e1");
    apply(first, 0, 4, row(3, "5"));
    Filling next = begin("e2", "run");
    apply(next, 0, 3, row(2, "6"));

    assertThat(store.makeLive(next, 1, null)).isEqualTo(SwitchOutcome.BEHIND);
    assertThat(store.live()).isEqualTo(1);
  }

  @Test
  void only_who_saw_which_generation_is_live_makes_another_one_so() {
    live("e1");
    Filling next = begin("e2", "run");

    assertThat(store.makeLive(next, 0, null)).isEqualTo(SwitchOutcome.OVERTAKEN);
    assertThat(store.makeLive(new Filling(2, "e2", "other"), 1, null))
        .isEqualTo(SwitchOutcome.OVERTAKEN);
    assertThat(store.live()).isEqualTo(1);
  }

  @Test
  void a_generation_that_was_replaced_takes_no_rows_until_a_run_claims_it() {
    Filling first = live("e1");
    live("e2");

    assertThat(apply(first, 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.WRONG_WRITER);
    Filling back = new Filling(1, "e1", "back");
    assertThat(store.claim(back, LONG, 4)).isTrue();
    assertThat(apply(back, 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.APPLIED);
    assertThat(store.makeLive(back, 2, null)).isEqualTo(SwitchOutcome.SWITCHED);
    assertThat(store.generations().previous()).isEqualTo(2);
    assertThat(apply(first, 4, 5)).isEqualTo(BatchOutcome.APPLIED);
  }

  @Test
  void of_two_runs_one_fills_a_generation_until_it_is_silent() {
    Filling first = begin("e1", "first");
    Filling second = new Filling(1, "e1", "second");

    assertThat(store.claim(second, LONG, 9)).isFalse();
    assertThat(apply(second, 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.WRONG_WRITER);
    assertThat(store.claim(first, Duration.ZERO, 9)).isTrue();
    assertThat(store.claim(second, LONG, 9)).isTrue();

    assertThat(apply(first, 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.WRONG_WRITER);
    assertThat(store.put(first, List.of(row(3, "5")))).isEqualTo(BatchOutcome.WRONG_WRITER);
    assertThat(stored(first)).isEmpty();
    assertThat(store.claim(first, LONG, 9)).isFalse();
    store.release(first);
    assertThat(store.claim(first, LONG, 9)).isFalse();
    store.release(second);
    assertThat(store.claim(first, LONG, 9)).isTrue();
  }

  @Test
  void rows_that_are_new_are_filled_in_as_they_are_put() {
    Filling run = begin("e1", "run");
    List<ViewRow> rows = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      String key = "availability:S" + i + "@MAIN";
      rows.add(
          new ViewRow(
              key,
              i,
              Map.of("onHand", Integer.toString(i).getBytes(UTF_8)),
              List.of(new Membership("low", key), new Membership("of:S" + i, "MAIN")),
              null));
    }

    assertThat(store.fill(run, rows)).isEqualTo(BatchOutcome.APPLIED);
    Map<String, String> filled = stored(run, "availability:S249@MAIN");
    List<String> members = members(run, "low");
    assertThat(store.put(run, rows)).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored(run, "availability:S249@MAIN"))
        .isEqualTo(filled)
        .containsEntry("version", "249")
        .containsEntry("epoch", "e1")
        .containsEntry("onHand", "249");
    assertThat(members(run, "low")).isEqualTo(members).hasSize(250);
    assertThat(members(run, "of:S7")).containsExactly("MAIN");
    assertThat(store.fill(run, List.of())).isEqualTo(BatchOutcome.APPLIED);
  }

  @Test
  void a_run_that_was_replaced_fills_nothing_in_and_spoils_nothing() {
    Filling first = begin("e1", "first");
    Filling second = new Filling(1, "e1", "second");
    store.claim(first, Duration.ZERO, 9);
    store.claim(second, LONG, 9);

    assertThat(store.fill(first, List.of(row(3, "5")))).isEqualTo(BatchOutcome.WRONG_WRITER);
    assertThat(stored(first)).isEmpty();
    assertThat(store.fill(second, List.of(row(3, "6")))).isEqualTo(BatchOutcome.APPLIED);
    assertThat(store.fill(first, List.of(row(4, "7")))).isEqualTo(BatchOutcome.WRONG_WRITER);
    assertThat(stored(second)).containsEntry("onHand", "6");
    assertThat(store.fill(new Filling(9, "e9", "none"), List.of(row(3, "5"))))
        .isEqualTo(BatchOutcome.WRONG_WRITER);
  }

  @Test
  void rows_are_filled_in_while_the_mark_is_written_all_the_time() throws Exception {
    Filling run = begin("e1", "run");
    AtomicBoolean isOver = new AtomicBoolean();
    Thread claims =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!isOver.get()) {
                    store.claim(run, LONG, 9);
                  }
                });
    try {
      for (int round = 0; round < 50; round++) {
        List<ViewRow> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          rows.add(
              new ViewRow(
                  "availability:R" + round + "-" + i + "@MAIN",
                  1,
                  Map.of("onHand", "1".getBytes(UTF_8))));
        }
        assertThat(store.fill(run, rows)).isEqualTo(BatchOutcome.APPLIED);
        assertThat(store.contents(run, rows.stream().map(ViewRow::key).toList()))
            .allSatisfy(row -> assertThat(row).hasSize(6));
      }
    } finally {
      isOver.set(true);
      claims.join();
    }
  }

  @Test
  void no_run_claims_the_live_generation_or_one_of_another_epoch() {
    live("e1");
    begin("e2", "run");

    assertThat(store.claim(new Filling(1, "e1", "run"), LONG, 9)).isFalse();
    assertThat(store.claim(new Filling(2, "e3", "run"), LONG, 9)).isFalse();
    assertThat(store.claim(new Filling(7, "e3", "run"), LONG, 9)).isFalse();
  }

  @Test
  void a_generation_is_dropped_by_who_saw_it_and_takes_nothing_any_more() {
    Filling first = live("e1");

    assertThat(store.drop(1, "e0")).isFalse();
    assertThat(store.drop(1, null)).isFalse();
    assertThat(store.drop(1, "e1")).isTrue();

    assertThat(store.generations()).isEqualTo(store.generations());
    assertThat(store.live()).isZero();
    assertThat(apply(first, 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.WRONG_WRITER);
  }

  @Test
  void removes_only_what_is_nothing_to_the_pointer() {
    live("e1");
    Filling live = live("e2");
    Filling building = begin("e3", "run");
    apply(live, 0, 1, row(0, "5"));
    apply(building, 0, 1, row(0, "5"));
    redis.command("SET bincard:main:7:availability:A@MAIN old");
    redis.command("SET bincard:main:views old");
    List<String> keys =
        List.of(
            ViewStore.key(2, KEY),
            ViewStore.key(3, KEY),
            ViewStore.key(7, KEY),
            "bincard:main:views");

    assertThat(store.remove(keys, List.of(2L, 3L, 7L, 0L))).isEqualTo(2);

    assertThat(stored(live)).isNotEmpty();
    assertThat(stored(building)).isNotEmpty();
    assertThat(stored(new Filling(7, "", ""))).isEmpty();
  }

  @Test
  void tells_of_every_key_which_generation_it_is_of() {
    assertThat(ViewStore.generationOf("bincard:main:12:availability:7:x@MAIN")).isEqualTo(12);
    assertThat(ViewStore.generationOf("bincard:main:12:mark")).isEqualTo(12);
    assertThat(ViewStore.generationOf("bincard:main:availability:A@MAIN")).isZero();
    assertThat(ViewStore.generationOf("bincard:main:views")).isZero();
    assertThat(ViewStore.generationOf(ViewStore.POINTER_KEY)).isEqualTo(-1);
    assertThat(ViewStore.generationOf("bincard:main:push:1")).isEqualTo(-1);
    assertThat(ViewStore.generationOf("else:1:mark")).isEqualTo(-1);
  }

  @Test
  void writes_a_row_and_moves_the_position() {
    Filling live = live("e1");

    assertThat(apply(live, 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored(live)).isEqualTo(Map.of("epoch", "e1", "version", "3", "onHand", "5"));
    assertThat(store.mark()).contains(new ViewStoreMark(1, "e1", 4, NOON, 0, null));
  }

  @Test
  void a_run_writes_its_rows_one_over_the_other() {
    Filling building = begin("e1", "run");

    apply(building, 0, 4, row(3, "5"));
    apply(building, 4, 5, row(4, "6"));

    assertThat(stored(building)).isEqualTo(Map.of("epoch", "e1", "version", "4", "onHand", "6"));
  }

  @Test
  void refuses_an_older_version() {
    Filling live = live("e1");
    apply(live, 0, 4, row(3, "5"));

    assertThat(apply(live, 0, 4, row(2, "6"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored(live)).containsEntry("version", "3").containsEntry("onHand", "5");
  }

  @Test
  void refuses_the_same_version_with_other_content() {
    Filling live = live("e1");
    apply(live, 0, 4, row(3, "5"));

    apply(live, 0, 4, row(3, "6"));

    assertThat(stored(live)).containsEntry("onHand", "5");
  }

  @Test
  void judges_each_of_many_rows_by_itself() {
    Filling live = live("e1");
    redis.command("HSET " + ViewStore.key(1, "other-epoch") + " epoch e0 version 9 left over");
    apply(live, 0, 1, new ViewRow("newer", 9, Map.of("onHand", "9".getBytes(UTF_8))));
    redis.command("SET " + ViewStore.key(1, "no-hash") + " text");
    List<ViewRow> rows = new ArrayList<>();
    for (String key : List.of("other-epoch", "newer", "no-hash")) {
      rows.add(new ViewRow(key, 3, Map.of("onHand", "3".getBytes(UTF_8))));
    }
    for (int i = 0; i < 250; i++) {
      rows.add(
          new ViewRow(
              "row-" + i,
              i,
              i % 2 == 0
                  ? Map.of()
                  : Map.of(
                      "onHand", Integer.toString(i).getBytes(UTF_8), "sku", "S".getBytes(UTF_8))));
    }

    assertThat(store.apply(live, rows, 0, 5, NOON)).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored(live, "other-epoch"))
        .isEqualTo(Map.of("epoch", "e1", "version", "3", "onHand", "3"));
    assertThat(stored(live, "newer")).containsEntry("version", "9").containsEntry("onHand", "9");
    assertThat(stored(live, "no-hash")).containsEntry("version", "3");
    for (int i = 0; i < 250; i++) {
      assertThat(stored(live, "row-" + i))
          .isEqualTo(
              i % 2 == 0
                  ? Map.of("epoch", "e1", "version", Integer.toString(i))
                  : Map.of(
                      "epoch",
                      "e1",
                      "version",
                      Integer.toString(i),
                      "onHand",
                      Integer.toString(i),
                      "sku",
                      "S"));
    }
  }

  @Test
  void compares_versions_as_numbers() {
    Filling live = live("e1");
    apply(live, 0, 4, row(9, "5"));

    apply(live, 0, 4, row(10, "6"));

    assertThat(stored(live)).containsEntry("version", "10").containsEntry("onHand", "6");
  }

  @Test
  void keeps_the_largest_quantity_to_the_last_unit() {
    Filling live = live("e1");

    apply(live, 0, 1, row(0, "9007199254740991"));

    assertThat(stored(live)).containsEntry("onHand", "9007199254740991");
  }

  @Test
  void replaces_a_row_of_another_epoch_whatever_its_version() {
    Filling live = live("e1");
    redis.command("HSET " + ViewStore.key(1, KEY) + " epoch e0 version 7 left over");
    assertThat(store.rows(live, List.of(KEY))).containsExactly(Map.of());

    assertThat(apply(live, 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored(live)).isEqualTo(Map.of("epoch", "e1", "version", "0", "onHand", "5"));
    assertThat(store.rows(live, List.of(KEY)).getFirst()).hasSize(3);
  }

  @Test
  void refuses_a_writer_of_another_epoch() {
    live("e1");

    assertThat(apply(Filling.live(1, "e0"), 0, 1, row(0, "5")))
        .isEqualTo(BatchOutcome.WRONG_WRITER);

    assertThat(stored(Filling.live(1, "e1"))).isEmpty();
    assertThat(store.mark().orElseThrow().position()).isZero();
  }

  @Test
  void replaces_what_is_no_row_at_all() {
    Filling live = live("e1");
    redis.command("SET " + ViewStore.key(1, KEY) + " garbage");

    assertThat(apply(live, 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored(live)).containsEntry("onHand", "5");
  }

  @Test
  void replaces_a_row_whose_version_is_damaged() {
    Filling live = live("e1");
    redis.command("HSET " + ViewStore.key(1, KEY) + " epoch e1 version x");

    apply(live, 0, 1, row(0, "5"));

    assertThat(stored(live)).containsEntry("version", "0").containsEntry("onHand", "5");
  }

  @Test
  void does_not_skip_a_position() {
    Filling live = live("e1");
    apply(live, 0, 4);

    assertThat(apply(live, 5, 6)).isEqualTo(BatchOutcome.GAP);
    assertThat(store.mark().orElseThrow().position()).isEqualTo(4);
    assertThat(apply(live, 4, 6)).isEqualTo(BatchOutcome.APPLIED);
    assertThat(store.mark().orElseThrow().position()).isEqualTo(6);
  }

  @Test
  void does_not_move_the_position_back() {
    Filling live = live("e1");
    apply(live, 0, 4);

    assertThat(apply(live, 1, 2)).isEqualTo(BatchOutcome.APPLIED);
    assertThat(store.mark().orElseThrow().position()).isEqualTo(4);
  }

  @Test
  void loads_the_functions_again_when_redis_lost_them() {
    Filling live = live("e1");
    redis.command("FUNCTION FLUSH");

    assertThat(apply(live, 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.APPLIED);
    assertThat(stored(live)).containsEntry("onHand", "5");
  }

  @Test
  void objects_to_a_redis_that_would_evict_views() {
    redis.command("CONFIG SET maxmemory-policy allkeys-lru");
    assertThat(store.objection()).isEmpty();

    redis.command("CONFIG SET maxmemory 100000000");
    assertThat(store.objection()).hasValueSatisfying(o -> assertThat(o).contains("allkeys-lru"));

    redis.command("CONFIG SET maxmemory-policy noeviction");
    assertThat(store.objection()).isEmpty();
  }

  @Test
  void finds_back_after_one_failure_however_many_connections_broke(@TempDir Path other) {
    try (RedisProcess restarted = RedisProcess.start(other)) {
      ViewStore afterwards = new ViewStore(restarted.connections());
      useAtOnce(restarted, 5);
      restarted.kill();
      restarted.restart();

      assertThatExceptionOfType(ViewStoreUnavailableException.class).isThrownBy(afterwards::mark);
      assertThat(afterwards.mark()).isEmpty();
      useAtOnce(restarted, 5);
    }
  }

  private static void useAtOnce(RedisProcess redis, int connections) {
    List<RedisConnection> open = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      RedisConnection connection = redis.connections().getConnection();
      connection.openPipeline();
      connection.keyCommands().exists("k".getBytes(UTF_8));
      open.add(connection);
    }
    for (RedisConnection connection : open) {
      assertThat(connection.closePipeline()).containsExactly(false);
      connection.close();
    }
  }

  @Test
  void tells_a_damaged_mark_from_a_missing_one() {
    live("e1");
    redis.command("HSET " + ViewStore.key(1, "mark") + " position x");

    assertThatExceptionOfType(ViewStoreUnavailableException.class).isThrownBy(store::mark);
  }
}
