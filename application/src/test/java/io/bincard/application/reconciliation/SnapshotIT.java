package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RedisClient;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.StoredViews;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot of real Redis says the same as a scan does, however Redis keeps a value. */
class SnapshotIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String LIVE = "bincard:main:1:";
  private static final String USER = "no-replica";

  private final URI url = RunningBincard.redisOf("snapshots");
  private RedisClient redis;

  @BeforeEach
  void begin() throws IOException {
    redis = RedisClient.open(url);
    redis.ask("FLUSHDB");
    redis.ask("HSET", "bincard:main:generations", "live", "1");
    redis.ask("HSET", LIVE + "mark", "epoch", "e/1", "position", "7", "writer", "live");
  }

  @AfterEach
  void end() throws IOException {
    redis.ask("FLUSHDB");
    redis.ask("ACL", "DELUSER", USER);
    redis.ask("CONFIG", "SET", "rdbcompression", "no");
    redis.close();
  }

  private StoredViews views(URI of, Duration patience) {
    return new StoredViews(of.toString(), TIMEOUT, 2, patience);
  }

  /** What was given, by key: a row's digest, a set's members, or nothing for what is neither. */
  private static final class Heard implements StoredViews.KeyTaker {
    final Map<String, Object> all = new TreeMap<>();
    final List<String> large = new ArrayList<>();

    @Override
    public void take(StoredViews.Keys keys) {
      for (int i = 0; i < keys.rows().size(); i++) {
        all.put(keys.rows().get(i), keys.digests().get(i));
      }
      keys.sets().forEach(this::add);
      large.addAll(keys.large());
      keys.others().forEach(key -> all.put(key, ""));
    }

    @SuppressWarnings("unchecked")
    void add(String set, List<String> members) {
      ((Set<String>) all.computeIfAbsent(set, _ -> new TreeSet<>())).addAll(members);
    }
  }

  private static Map<String, Object> scanned(StoredViews views, Mark mark)
      throws InterruptedException {
    Heard heard = new Heard();
    views.scan(mark, heard);
    for (String set : heard.large) {
      views.scanSet(mark, set, members -> heard.add(set, members));
    }
    return heard.all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "yes"})
  void it_has_every_key_its_digest_and_its_members_as_a_scan_has_them(String compression)
      throws Exception {
    redis.ask("CONFIG", "SET", "rdbcompression", compression);
    fill();
    try (StoredViews views = views(url, PATIENCE)) {
      Mark mark = views.mark();
      Heard heard = new Heard();

      assertThat(views.snapshot(mark, heard)).isTrue();

      assertThat(heard.all).hasSizeGreaterThan(1_300).isEqualTo(scanned(views, mark));
    }
  }

  private void fill() throws IOException {
    Random random = new Random(7);
    String text = "a text that repeats itself, a text that repeats itself, ".repeat(20);
    List<List<String>> commands = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      commands.add(
          List.of(
              "HSET",
              LIVE + "availability:S-" + i + "@MAIN",
              "epoch",
              "e/1",
              "version",
              Long.toString(random.nextLong()),
              "onHand",
              "" + i,
              "name",
              "Größe " + i));
    }
    for (int length : new int[] {0, 1, 20, 63, 64, 65, 500}) {
      commands.add(List.of("HSET", LIVE + "sku:long-" + length, "name", text.substring(0, length)));
    }
    List<String> many = new ArrayList<>(List.of("HSET", LIVE + "hold:many"));
    IntStream.range(0, 9_000)
        .forEach(i -> many.addAll(List.of("f" + i, text.substring(0, i % 70))));
    commands.add(many); // longer than what is read at once
    commands.add(List.of("SET", LIVE + "hold:text", text));
    commands.add(List.of("SET", LIVE + "sku:number", "12345"));
    commands.add(List.of("ZADD", LIVE + "availability:set", "0", "a"));
    commands.add(List.of("HSET", LIVE + "sku:" + text, "name", "a long key"));
    commands.add(List.of("HSET", LIVE + "hold:expires", "version", "1"));
    commands.add(List.of("PEXPIREAT", LIVE + "hold:expires", "95617584000000"));

    List<String> small = new ArrayList<>(List.of("ZADD", LIVE + "locations:small"));
    for (String member :
        List.of(
            "MAIN",
            "",
            "0",
            "-1",
            "127",
            "128",
            "-4096",
            "4095",
            "4096",
            "-32768",
            "32767",
            "8388607",
            "-8388608",
            "2147483647",
            "-2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "01",
            "Zürich",
            text.substring(0, 62),
            text.substring(0, 63))) {
      small.addAll(List.of("0", member));
    }
    commands.add(small);
    commands.add(
        List.of("ZADD", LIVE + "locations:texts", "1.5", text.substring(0, 64), "-inf", "x"));
    List<String> large = new ArrayList<>(List.of("ZADD", LIVE + "names"));
    IntStream.range(0, 3_000)
        .forEach(i -> large.addAll(List.of("0", i % 3 == 0 ? "" + i : text + i)));
    commands.add(large);
    for (int i = 0; i < 100; i++) {
      commands.add(List.of("ZADD", LIVE + "locations:S-" + i, "0", "MAIN", "0", "" + i));
    }
    commands.add(List.of("RPUSH", LIVE + "a-list", "1", text, "3"));
    commands.add(List.of("SADD", LIVE + "numbers", "1", "2", "3"));
    commands.add(List.of("SADD", LIVE + "texts", "a", "b"));
    commands.add(List.of("SADD", LIVE + "more-texts", text, "b"));
    commands.add(List.of("SET", LIVE + "a-text", text));
    commands.add(List.of("HSET", LIVE + "no-row", "a", "b"));

    commands.add(List.of("HSET", "bincard:main:2:availability:S-1@MAIN", "version", "1"));
    commands.add(List.of("HSET", "somebody:else", "version", "1"));
    commands.add(List.of("SET", "bincard", "1"));
    redis.askAll(commands);
  }

  @Test
  void what_another_database_has_is_not_given() throws Exception {
    URI other = RunningBincard.redisOf("snapshots of others");
    try (RedisClient there = RedisClient.open(other);
        StoredViews views = views(url, PATIENCE)) {
      there.ask("HSET", LIVE + "sku:of-another", "version", "1");
      Heard heard = new Heard();

      assertThat(views.snapshot(views.mark(), heard)).isTrue();

      assertThat(heard.all).containsOnlyKeys("mark");
      there.ask("FLUSHDB");
    }
  }

  @Test
  void what_cannot_be_read_is_left_to_a_scan() throws Exception {
    redis.ask("XADD", LIVE + "a-stream", "*", "field", "value");
    try (StoredViews views = views(url, PATIENCE)) {
      assertThat(views.snapshot(views.mark(), new Heard())).isFalse();
    }
  }

  @Test
  void a_redis_that_allows_none_is_left_to_a_scan() throws Exception {
    redis.ask("ACL", "SETUSER", USER, "on", ">secret", "~*", "+@all", "-sync");
    URI refused = URI.create(url.toString().replace("//", "//" + USER + ":secret@"));
    try (StoredViews views = views(refused, PATIENCE)) {
      assertThat(views.snapshot(views.mark(), new Heard())).isFalse();
    }
  }

  @Test
  void none_is_asked_for_where_there_is_no_patience() throws Exception {
    try (StoredViews views = views(url, Duration.ZERO)) {
      assertThat(views.snapshot(views.mark(), new Heard())).isFalse();
    }
  }
}
