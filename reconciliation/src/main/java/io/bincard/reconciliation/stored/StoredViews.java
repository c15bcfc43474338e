package io.bincard.reconciliation.stored;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.reconciliation.expected.ExpectedRow;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.resps.Tuple;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * The views as Redis has them, over connections of reconciliation's own.
 *
 * <p>Every method throws {@link ViewsUnreadableException} if Redis does not answer in time, if no
 * generation is live, or if another one became live since {@link #mark}. Safe for many threads.
 */
public final class StoredViews implements AutoCloseable {

  /** Rows in one round trip. */
  public static final int AT_ONCE = 500;

  /** Keys, or members of a set, in one round trip of a scan. */
  private static final int SCANNED_AT_ONCE = 1_000;

  private static final String KEYS = "bincard:main:";
  private static final byte[] POINTER = bytes(KEYS + "generations");
  private static final byte[] LIVE = bytes("live");
  private static final byte[] VERSION = bytes("version");
  private static final byte[][] OF_THE_MARK = {bytes("epoch"), bytes("position"), bytes("writer")};
  private static final String MARK = "mark";
  private static final String FOLLOWER = "live";

  private final RedisClient redis;

  /**
   * @param url {@code redis[s]://[[user]:password@]host[:port][/database]}
   * @param timeout for a connection and for an answer
   * @param connections at most
   */
  public StoredViews(String url, Duration timeout, int connections) {
    URI uri = URI.create(url);
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(connections);
    pool.setMaxIdle(connections);
    pool.setMinIdle(0);
    pool.setMaxWait(timeout);
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .clientName("bincard-reconciliation")
            .database(JedisURIHelper.getDBIndex(uri))
            .ssl(JedisURIHelper.isRedisSSLScheme(uri))
            .timeoutMillis(Math.toIntExact(timeout.toMillis()));
    if (JedisURIHelper.getPassword(uri) != null) {
      client.user(JedisURIHelper.getUser(uri)).password(JedisURIHelper.getPassword(uri));
    }
    this.redis =
        RedisClient.builder()
            .hostAndPort(JedisURIHelper.getHostAndPort(uri))
            .clientConfig(client.build())
            .poolConfig(pool)
            .build();
  }

  /** How far the live generation is. */
  public Mark mark() {
    return ask(
        () -> {
          byte[] live = redis.hget(POINTER, LIVE);
          if (live == null) {
            throw new ViewsUnreadableException("no generation of the views is live");
          }
          long generation = number(live);
          return mark(generation, redis.hmget(key(generation, MARK), OF_THE_MARK));
        });
  }

  /**
   * What was read in one round trip.
   *
   * @param mark read before the rows
   */
  public record Reading(Mark mark, List<FoundRow> rows) {}

  /** The rows of {@code keys} in the generation of {@code mark}, whatever sets they are in. */
  public Reading rows(Mark mark, Collection<String> keys) {
    Map<String, Set<String>> asked = LinkedHashMap.newLinkedHashMap(keys.size());
    keys.forEach(key -> asked.put(key, Set.of()));
    return rows(mark, asked);
  }

  /**
   * The rows of the keys of {@code asked} in the generation of {@code mark}, and which of the lines
   * there they stand in. A row that was written between two of those questions is left out.
   */
  public Reading rows(Mark mark, Map<String, Set<String>> asked) {
    List<FoundRow> rows = new ArrayList<>(asked.size());
    Mark first = null;
    List<Map.Entry<String, Set<String>>> all = List.copyOf(asked.entrySet());
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      Mark read = page(mark, all.subList(from, Math.min(all.size(), from + AT_ONCE)), rows);
      first = first == null ? read : first;
    }
    return new Reading(first == null ? mark : first, rows);
  }

  private record Asked(
      String key,
      Response<Map<byte[], byte[]>> row,
      Map<String, Response<Double>> lines,
      @Nullable Response<byte[]> versionAfter) {}

  private Mark page(Mark mark, List<Map.Entry<String, Set<String>>> page, List<FoundRow> rows) {
    long generation = mark.generation();
    return ask(
        () -> {
          try (AbstractPipeline pipeline = redis.pipelined()) {
            Response<byte[]> live = pipeline.hget(POINTER, LIVE);
            Response<List<byte[]>> read = pipeline.hmget(key(generation, MARK), OF_THE_MARK);
            List<Asked> asked = new ArrayList<>(page.size());
            for (Map.Entry<String, Set<String>> each : page) {
              byte[] key = key(generation, each.getKey());
              Response<Map<byte[], byte[]>> row = pipeline.hgetAll(key);
              Map<String, Response<Double>> lines = HashMap.newHashMap(each.getValue().size());
              for (String line : each.getValue()) {
                int tab = line.indexOf('\t');
                lines.put(
                    line,
                    pipeline.zscore(
                        key(generation, line.substring(0, tab)), bytes(line.substring(tab + 1))));
              }
              asked.add(
                  new Asked(
                      each.getKey(),
                      row,
                      lines,
                      lines.isEmpty() ? null : pipeline.hget(key, VERSION)));
            }
            pipeline.sync();
            if (live.get() == null || number(live.get()) != generation) {
              throw new ViewsUnreadableException("another generation of the views is live by now");
            }
            for (Asked each : asked) {
              FoundRow row = found(each);
              if (row != null) {
                rows.add(row);
              }
            }
            return mark(generation, read.get());
          }
        });
  }

  /** {@code null} if it moved while it was read. */
  private static @Nullable FoundRow found(Asked asked) {
    Map<String, String> fields = fields(asked.row());
    Set<String> in = new HashSet<>();
    asked
        .lines()
        .forEach(
            (line, score) -> {
              if (answered(score) != null) {
                in.add(line);
              }
            });
    FoundRow row = new FoundRow(asked.key(), fields, in);
    if (asked.versionAfter() != null) {
      byte[] version = answered(asked.versionAfter());
      if (!row.version().equals(version == null ? "" : new String(version, UTF_8))) {
        return null;
      }
    }
    return row;
  }

  private static Map<String, String> fields(Response<Map<byte[], byte[]>> answer) {
    Map<byte[], byte[]> row = answered(answer);
    if (row == null) {
      return Map.of();
    }
    Map<String, String> fields = HashMap.newHashMap(row.size());
    row.forEach((field, value) -> fields.put(new String(field, UTF_8), new String(value, UTF_8)));
    return fields;
  }

  /** {@code null} also where the key is of another type: to readers that is as good as nothing. */
  private static <T> @Nullable T answered(Response<T> answer) {
    try {
      return answer.get();
    } catch (JedisDataException e) {
      if (String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Gives the keys of the generation of {@code mark}, without what they all begin with, some at
   * once. One that is there all the time is given once at least.
   */
  public void scanKeys(Mark mark, Consumer<List<String>> taker) {
    String prefix = KEYS + mark.generation() + ':';
    ScanParams params = new ScanParams().match(prefix + '*').count(SCANNED_AT_ONCE);
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      String from = cursor;
      ScanResult<String> page = ask(() -> redis.scan(from, params));
      List<String> keys =
          page.getResult().stream().map(key -> key.substring(prefix.length())).toList();
      if (!keys.isEmpty()) {
        taker.accept(keys);
      }
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
  }

  /**
   * Gives {@code taker} each of {@code sets} of the generation of {@code mark} and its members,
   * some at once. What is no set is given none.
   */
  public void scanSets(Mark mark, List<String> sets, BiConsumer<String, List<String>> taker) {
    List<String> large = new ArrayList<>();
    for (int from = 0; from < sets.size(); from += AT_ONCE) {
      List<String> page = sets.subList(from, Math.min(sets.size(), from + AT_ONCE));
      Map<String, List<String>> found = ask(() -> firstMembers(mark, page));
      found.forEach(
          (set, members) -> {
            if (members.size() < SCANNED_AT_ONCE) {
              taker.accept(set, members);
            } else {
              large.add(set);
            }
          });
    }
    large.forEach(set -> scanSet(mark, set, taker));
  }

  private Map<String, List<String>> firstMembers(Mark mark, List<String> sets) {
    try (AbstractPipeline pipeline = redis.pipelined()) {
      Map<String, Response<List<byte[]>>> asked = LinkedHashMap.newLinkedHashMap(sets.size());
      for (String set : sets) {
        asked.put(set, pipeline.zrange(key(mark.generation(), set), 0, SCANNED_AT_ONCE - 1));
      }
      pipeline.sync();
      Map<String, List<String>> found = LinkedHashMap.newLinkedHashMap(sets.size());
      asked.forEach(
          (set, answer) -> {
            List<byte[]> members = answered(answer);
            found.put(
                set,
                members == null
                    ? List.of()
                    : members.stream().map(member -> new String(member, UTF_8)).toList());
          });
      return found;
    }
  }

  private void scanSet(Mark mark, String set, BiConsumer<String, List<String>> taker) {
    byte[] key = key(mark.generation(), set);
    ScanParams params = new ScanParams().count(SCANNED_AT_ONCE);
    byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
    do {
      byte[] from = cursor;
      ScanResult<Tuple> page = ask(() -> redis.zscan(key, from, params));
      taker.accept(set, page.getResult().stream().map(Tuple::getElement).toList());
      cursor = page.getCursorAsBytes();
    } while (!"0".equals(new String(cursor, UTF_8)));
  }

  /** What became of {@link #mend}. */
  public enum Mended {
    /** The row says what it must. */
    DONE,
    /** Somebody else wrote it meanwhile; nothing was done. */
    OVERTAKEN,
    /** The epoch is another one, or the generation is not live any more; nothing was done. */
    NOT_LIVE
  }

  /**
   * Puts a row right by the store's own function, as long as mark and row are what was found.
   *
   * @param found the version that the row has
   * @param strays lines of sets that it must not stand in
   * @param right {@code null} for no row
   */
  public Mended mend(
      Mark mark, String key, String found, Collection<String> strays, @Nullable ExpectedRow right) {
    List<byte[]> words = new ArrayList<>();
    words.add(bytes(mark.epoch()));
    words.add(bytes(found));
    words.add(bytes(String.join("\n", strays)));
    if (right == null) {
      words.add(bytes(""));
    } else {
      words.add(bytes(Long.toString(right.version())));
      addFields(right, words);
    }
    long answer =
        ask(
            () ->
                (Long)
                    redis.fcall(
                        bytes("views_mend"),
                        List.of(key(mark.generation(), MARK), key(mark.generation(), key)),
                        words));
    return answer == 1 ? Mended.DONE : answer == 0 ? Mended.OVERTAKEN : Mended.NOT_LIVE;
  }

  /** The sets come first and the time to be forgotten second, as the function reads them. */
  private static void addFields(ExpectedRow right, List<byte[]> words) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (!right.sets().isEmpty()) {
      fields.put("in", String.join("\n", right.sets()) + "\n");
    }
    String keptUntil = right.fields().get("keptUntil");
    if (keptUntil != null) {
      fields.put("keptUntil", keptUntil);
    }
    fields.putAll(right.fields());
    if (right.key().startsWith("availability:")) {
      fields.put("position", Long.toString(right.position()));
    }
    words.add(bytes(Integer.toString(fields.size())));
    fields.forEach(
        (name, value) -> {
          words.add(bytes(name));
          words.add(bytes(value));
        });
  }

  private static Mark mark(long generation, List<byte[]> fields) {
    byte[] epoch = fields.get(0);
    byte[] position = fields.get(1);
    byte[] writer = fields.get(2);
    if (epoch == null || position == null || writer == null) {
      throw new ViewsUnreadableException("the live generation of the views has no mark");
    }
    if (!FOLLOWER.equals(new String(writer, UTF_8))) {
      throw new ViewsUnreadableException("another generation of the views is live by now");
    }
    return new Mark(generation, new String(epoch, UTF_8), number(position));
  }

  private static long number(byte[] digits) {
    try {
      return Long.parseLong(new String(digits, UTF_8));
    } catch (NumberFormatException e) {
      throw new ViewsUnreadableException("the mark of the views is damaged", e);
    }
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (JedisException e) {
      throw new ViewsUnreadableException("the view store does not answer", e);
    }
  }

  private static byte[] key(long generation, String key) {
    return bytes(KEYS + generation + ':' + key);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public void close() {
    redis.close();
  }
}
