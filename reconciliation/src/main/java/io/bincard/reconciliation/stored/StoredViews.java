package io.bincard.reconciliation.stored;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.reconciliation.expected.ExpectedRow;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
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

  /** Rows in one round trip, which Redis reads in one step. */
  public static final int AT_ONCE = 200;

  /** Members of a set in one round trip of a scan. */
  private static final int SCANNED_AT_ONCE = 1_000;

  /** Keys that Redis looks at in one step of a scan. */
  private static final int KEYS_AT_ONCE = 500;

  /** Members at most of a set that is given with them by a scan. */
  private static final int SMALL_SET = 16;

  private static final String KEYS = "bincard:main:";
  private static final byte[] POINTER = bytes(KEYS + "generations");
  private static final byte[] LIVE = bytes("live");
  private static final byte[][] OF_THE_MARK = {bytes("epoch"), bytes("position"), bytes("writer")};
  private static final String MARK = "mark";
  private static final String FOLLOWER = "live";

  private static final ThreadFactory AHEAD =
      Thread.ofPlatform().daemon().name("reconciliation-ahead").factory();

  private static final Logger LOG = LoggerFactory.getLogger(StoredViews.class);

  private final RedisClient redis;
  private final HostAndPort address;
  private final int database;
  private final JedisClientConfig settings;
  private final Duration snapshotPatience;

  /**
   * @param url {@code redis[s]://[[user]:password@]host[:port][/database]}
   * @param timeout for a connection and for an answer
   * @param connections at most
   * @param snapshotPatience how long Redis may take to begin a snapshot, and be silent later; none
   *     is asked for if it is zero
   */
  public StoredViews(String url, Duration timeout, int connections, Duration snapshotPatience) {
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
    this.address = JedisURIHelper.getHostAndPort(uri);
    this.database = JedisURIHelper.getDBIndex(uri);
    this.settings = client.build();
    this.snapshotPatience = snapshotPatience;
    this.redis =
        RedisClient.builder().hostAndPort(address).clientConfig(settings).poolConfig(pool).build();
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
   * The rows of the keys of {@code asked} in the generation of {@code mark}, each with its digest
   * and with which of the lines there it stands in, as they were at one moment.
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
      String key, Response<Map<byte[], byte[]>> row, Map<String, Response<Double>> lines) {}

  private Mark page(Mark mark, List<Map.Entry<String, Set<String>>> page, List<FoundRow> rows) {
    long generation = mark.generation();
    return ask(
        () -> {
          try (AbstractTransaction once = redis.multi()) {
            Response<byte[]> live = once.hget(POINTER, LIVE);
            Response<List<byte[]>> read = once.hmget(key(generation, MARK), OF_THE_MARK);
            List<Asked> asked = new ArrayList<>(page.size());
            List<byte[]> keys = new ArrayList<>(page.size());
            for (Map.Entry<String, Set<String>> each : page) {
              byte[] key = key(generation, each.getKey());
              Map<String, Response<Double>> lines = HashMap.newHashMap(each.getValue().size());
              for (String line : each.getValue()) {
                int tab = line.indexOf('\t');
                lines.put(
                    line,
                    once.zscore(
                        key(generation, line.substring(0, tab)), bytes(line.substring(tab + 1))));
              }
              asked.add(new Asked(each.getKey(), once.hgetAll(key), lines));
              keys.add(key);
            }
            Response<Object> digests = once.fcallReadonly(bytes("views_digests"), keys, List.of());
            once.exec();
            if (live.get() == null || number(live.get()) != generation) {
              throw new ViewsUnreadableException("another generation of the views is live by now");
            }
            LongBuffer digest = ByteBuffer.wrap((byte[]) digests.get()).asLongBuffer();
            asked.forEach(each -> rows.add(found(each, digest.get())));
            return mark(generation, read.get());
          }
        });
  }

  private static FoundRow found(Asked asked, long digest) {
    Set<String> in = new HashSet<>();
    asked
        .lines()
        .forEach(
            (line, score) -> {
              if (answered(score) != null) {
                in.add(line);
              }
            });
    return new FoundRow(asked.key(), fields(asked.row()), in, digest);
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
   * Some keys of a generation, without what they all begin with.
   *
   * @param digests of each of {@code rows}, as {@link FoundRow#digest}
   * @param sets and their members
   * @param large sets whose members are to be asked for
   * @param others what is neither a row nor a set
   */
  public record Keys(
      List<String> rows,
      LongBuffer digests,
      Map<String, List<String>> sets,
      List<String> large,
      List<String> others) {

    /** How many they are. */
    public int count() {
      return rows.size() + sets.size() + large.size() + others.size();
    }
  }

  /** Hears of the keys of a generation. */
  @FunctionalInterface
  public interface KeyTaker {

    /** Called some keys at once. */
    void take(Keys keys) throws InterruptedException;
  }

  /**
   * Gives the keys of the generation of {@code mark} as they were at one moment before the first is
   * given. That takes a fork of Redis and a third of the work of {@link #scan}, most of it in the
   * child.
   *
   * @return whether that was all; otherwise Redis gives no snapshot, or not one that this can read,
   *     and the keys are to be scanned, those that were given too
   */
  public boolean snapshot(Mark mark, KeyTaker taker) throws InterruptedException {
    if (snapshotPatience.isZero()) {
      return false;
    }
    String prefix = KEYS + mark.generation() + ':';
    try (Snapshot snapshot = Snapshot.begin(address, settings, snapshotPatience)) {
      new SnapshotReader(snapshot.stream(), database, prefix, taker).read();
      return true;
    } catch (Snapshot.RefusedException | SnapshotReader.UnknownFormatException e) {
      LOG.atInfo()
          .addKeyValue("why", String.valueOf(e.getMessage()))
          .log("Redis gives no snapshot, so the keys are scanned");
      return false;
    } catch (IOException | JedisException e) {
      throw new ViewsUnreadableException("the view store does not answer", e);
    }
  }

  /**
   * Gives the keys of the generation of {@code mark}. One that is there all the time is given once
   * at least.
   */
  public void scan(Mark mark, KeyTaker taker) throws InterruptedException {
    String prefix = KEYS + mark.generation() + ':';
    try (ExecutorService ahead = Executors.newSingleThreadExecutor(AHEAD)) {
      try {
        Future<List<?>> next = ahead.submit(() -> page(prefix, bytes("0")));
        while (next != null) {
          List<?> page = answered(next);
          byte[] cursor = (byte[]) page.getFirst();
          next =
              "0".equals(new String(cursor, UTF_8))
                  ? null
                  : ahead.submit(() -> page(prefix, cursor));
          Keys keys = keys(page, prefix);
          if (keys.count() > 0) {
            taker.take(keys);
          }
        }
      } finally {
        ahead.shutdownNow(); // or an answer that nobody wants would be waited for
      }
    }
  }

  private static <T> T answered(Future<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  private List<?> page(String prefix, byte[] cursor) {
    List<byte[]> words =
        List.of(
            cursor,
            bytes(prefix),
            bytes(Integer.toString(KEYS_AT_ONCE)),
            bytes(Integer.toString(SMALL_SET)));
    return ask(() -> (List<?>) redis.fcallReadonly(bytes("views_scan"), List.of(), words));
  }

  private static Keys keys(List<?> page, String prefix) {
    List<String> rows = names(page.get(1), prefix);
    LongBuffer digests = ByteBuffer.wrap((byte[]) page.get(2)).asLongBuffer();
    Map<String, List<String>> sets = new LinkedHashMap<>();
    for (Iterator<?> set = ((List<?>) page.get(3)).iterator(); set.hasNext(); ) {
      String key = name(set.next(), prefix);
      List<String> members = new ArrayList<>();
      for (long left = (Long) set.next(); left > 0; left--) {
        members.add(name(set.next(), ""));
      }
      sets.put(key, members);
    }
    return new Keys(rows, digests, sets, names(page.get(4), prefix), names(page.get(5), prefix));
  }

  private static List<String> names(Object answer, String prefix) {
    List<?> texts = (List<?>) answer;
    List<String> names = new ArrayList<>(texts.size());
    texts.forEach(text -> names.add(name(text, prefix)));
    return names;
  }

  private static String name(Object answer, String prefix) {
    byte[] text = (byte[]) answer;
    return new String(text, prefix.length(), text.length - prefix.length(), UTF_8);
  }

  /** Hears of the members of a set. */
  @FunctionalInterface
  public interface MemberTaker {

    /** Called some members at once. */
    void take(List<String> members) throws InterruptedException;
  }

  /**
   * Gives the members of a set of the generation of {@code mark}. One that is there all the time is
   * given once at least.
   */
  public void scanSet(Mark mark, String set, MemberTaker taker) throws InterruptedException {
    byte[] key = key(mark.generation(), set);
    ScanParams params = new ScanParams().count(SCANNED_AT_ONCE);
    byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
    do {
      byte[] from = cursor;
      ScanResult<Tuple> page = ask(() -> redis.zscan(key, from, params));
      taker.take(page.getResult().stream().map(Tuple::getElement).toList());
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

  /**
   * The sets come first, in their order as the projections have it, and the time to be forgotten
   * second, as the function reads them.
   */
  private static void addFields(ExpectedRow right, List<byte[]> words) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (!right.sets().isEmpty()) {
      fields.put("in", String.join("\n", new TreeSet<>(right.sets())) + "\n");
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

  /**
   * Says that every row of the generation of {@code mark} that has not changed since {@code
   * position} was compared at {@code at} or later; nothing if it is not live any more.
   */
  public void verified(Mark mark, long position, Instant at) {
    ask(
        () ->
            redis.fcall(
                bytes("views_verified"),
                List.of(key(mark.generation(), MARK)),
                List.of(
                    bytes(mark.epoch()),
                    bytes(Long.toString(position)),
                    bytes(Long.toString(at.toEpochMilli())))));
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
