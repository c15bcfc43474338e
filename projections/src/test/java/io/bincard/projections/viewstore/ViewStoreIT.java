package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.projections.fixture.RedisProcess;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnection;

/** The rules of the function library, on a real Redis. */
class ViewStoreIT {

  private static final String KEY = "bincard:main:availability:A@MAIN";
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
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
    redis.command("FLUSHALL");
    redis.command("CONFIG SET maxmemory 0");
    store = new ViewStore(redis.connections());
    store.loadFunctions();
  }

  private static ViewRow row(long version, String onHand) {
    return new ViewRow(KEY, version, Map.of("onHand", onHand.getBytes(UTF_8)));
  }

  private BatchOutcome apply(String epoch, long after, long upTo, ViewRow... rows) {
    return store.apply(epoch, List.of(rows), after, upTo, NOON);
  }

  private Map<String, String> stored() {
    return stored(KEY);
  }

  private Map<String, String> stored(String key) {
    Map<String, String> fields = new HashMap<>();
    store
        .read(List.of(key))
        .rows()
        .getFirst()
        .forEach((field, value) -> fields.put(new String(field, UTF_8), new String(value, UTF_8)));
    return fields;
  }

  private void begin(String epoch) {
    assertThat(store.begin(store.mark().map(ViewStoreMark::epoch).orElse(null), epoch, 0, 0))
        .isTrue();
  }

  @Test
  void has_no_mark_before_the_first_epoch() {
    assertThat(store.mark()).isEmpty();
  }

  @Test
  void takes_nothing_before_the_first_epoch() {
    assertThat(apply("e1", 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.WRONG_EPOCH);
    assertThat(stored()).isEmpty();
  }

  @Test
  void begins_an_epoch_once() {
    assertThat(store.begin(null, "e1", 3, 9)).isTrue();
    assertThat(store.begin(null, "e2", 0, 0)).isFalse();
    assertThat(store.mark()).contains(new ViewStoreMark("e1", 3, Instant.EPOCH, 9));
    assertThat(store.mark().orElseThrow().isRebuilding()).isTrue();
  }

  @Test
  void replaces_an_epoch_only_for_who_has_seen_it() {
    begin("e1");

    assertThat(store.begin("e0", "e2", 0, 0)).isFalse();
    assertThat(store.begin("e1", "e2", 0, 0)).isTrue();
    assertThat(store.mark().orElseThrow().epoch()).isEqualTo("e2");
  }

  @Test
  void writes_a_row_and_moves_the_position() {
    begin("e1");

    assertThat(apply("e1", 0, 4, row(3, "5"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored()).isEqualTo(Map.of("epoch", "e1", "version", "3", "onHand", "5"));
    assertThat(store.mark()).contains(new ViewStoreMark("e1", 4, NOON, 0));
  }

  @Test
  void refuses_an_older_version() {
    begin("e1");
    apply("e1", 0, 4, row(3, "5"));

    assertThat(apply("e1", 0, 4, row(2, "6"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored()).containsEntry("version", "3").containsEntry("onHand", "5");
  }

  @Test
  void refuses_the_same_version_with_other_content() {
    begin("e1");
    apply("e1", 0, 4, row(3, "5"));

    apply("e1", 0, 4, row(3, "6"));

    assertThat(stored()).containsEntry("onHand", "5");
  }

  @Test
  void judges_each_of_many_rows_by_itself() {
    begin("e0");
    apply("e0", 0, 1, new ViewRow("other-epoch", 9, Map.of("left", "over".getBytes(UTF_8))));
    begin("e1");
    apply("e1", 0, 1, new ViewRow("newer", 9, Map.of("onHand", "9".getBytes(UTF_8))));
    redis.command("SET no-hash text");
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

    assertThat(store.apply("e1", rows, 0, 5, NOON)).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored("other-epoch"))
        .isEqualTo(Map.of("epoch", "e1", "version", "3", "onHand", "3"));
    assertThat(stored("newer")).containsEntry("version", "9").containsEntry("onHand", "9");
    assertThat(stored("no-hash")).containsEntry("version", "3");
    for (int i = 0; i < 250; i++) {
      assertThat(stored("row-" + i))
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
    begin("e1");
    apply("e1", 0, 4, row(9, "5"));

    apply("e1", 0, 4, row(10, "6"));

    assertThat(stored()).containsEntry("version", "10").containsEntry("onHand", "6");
  }

  @Test
  void keeps_the_largest_quantity_to_the_last_unit() {
    begin("e1");

    apply("e1", 0, 1, row(0, "9007199254740991"));

    assertThat(stored()).containsEntry("onHand", "9007199254740991");
  }

  @Test
  void replaces_a_row_of_another_epoch_whatever_its_version() {
    begin("e1");
    store.apply(
        "e1", List.of(new ViewRow(KEY, 7, Map.of("left", "over".getBytes(UTF_8)))), 0, 8, NOON);
    begin("e2");

    assertThat(apply("e2", 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored()).isEqualTo(Map.of("epoch", "e2", "version", "0", "onHand", "5"));
  }

  @Test
  void refuses_a_writer_of_another_epoch() {
    begin("e1");
    begin("e2");

    assertThat(apply("e1", 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.WRONG_EPOCH);

    assertThat(stored()).isEmpty();
    assertThat(store.mark().orElseThrow().position()).isZero();
  }

  @Test
  void replaces_what_is_no_row_at_all() {
    begin("e1");
    redis.command("SET " + KEY + " garbage");

    assertThat(apply("e1", 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.APPLIED);

    assertThat(stored()).containsEntry("onHand", "5");
  }

  @Test
  void replaces_a_row_whose_version_is_damaged() {
    begin("e1");
    redis.command("HSET " + KEY + " epoch e1 version x");

    apply("e1", 0, 1, row(0, "5"));

    assertThat(stored()).containsEntry("version", "0").containsEntry("onHand", "5");
  }

  @Test
  void does_not_skip_a_position() {
    begin("e1");
    apply("e1", 0, 4);

    assertThat(apply("e1", 5, 6)).isEqualTo(BatchOutcome.GAP);
    assertThat(store.mark().orElseThrow().position()).isEqualTo(4);
    assertThat(apply("e1", 4, 6)).isEqualTo(BatchOutcome.APPLIED);
    assertThat(store.mark().orElseThrow().position()).isEqualTo(6);
  }

  @Test
  void does_not_move_the_position_back() {
    begin("e1");
    apply("e1", 0, 4);

    assertThat(apply("e1", 1, 2)).isEqualTo(BatchOutcome.APPLIED);
    assertThat(store.mark().orElseThrow().position()).isEqualTo(4);
  }

  @Test
  void loads_the_functions_again_when_redis_lost_them() {
    begin("e1");
    redis.command("FUNCTION FLUSH");

    assertThat(apply("e1", 0, 1, row(0, "5"))).isEqualTo(BatchOutcome.APPLIED);
    assertThat(stored()).containsEntry("onHand", "5");
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
    redis.command("HSET " + ViewStore.MARK_KEY + " epoch e1 position x");

    assertThatExceptionOfType(ViewStoreUnavailableException.class).isThrownBy(store::mark);
  }
}
