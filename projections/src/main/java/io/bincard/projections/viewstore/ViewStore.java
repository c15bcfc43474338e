package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The Redis that holds the views of one ledger.
 *
 * <p>Every method asks Redis and throws {@link ViewStoreUnavailableException} if it does not answer
 * within the connection's time limits. Safe for use by many threads.
 */
public final class ViewStore {

  /** The hash with the epoch and the position of the ledger {@code main}. */
  static final String MARK_KEY = "bincard:main:views";

  private static final byte[] NOTHING = {};

  private static final byte[] MARK = bytes(MARK_KEY);
  private static final byte[] ONE_KEY = bytes("1");
  private static final String FCALL = "FCALL";
  private static final byte[] PUT = bytes("bincard_put");
  private static final byte[] ADVANCE = bytes("bincard_advance");
  private static final byte[] BEGIN = bytes("bincard_begin");
  private static final byte[] EPOCH = bytes("epoch");
  private static final byte[] POSITION = bytes("position");
  private static final byte[] POSITION_MILLIS = bytes("positionMillis");
  private static final byte[] REBUILD_TO = bytes("rebuildTo");
  private static final long DONE = 1;

  /** Rows in one call: Redis answers nobody else meanwhile, some 100 rows take it a millisecond. */
  private static final int ROWS_A_CALL = 100;

  private static final long WRONG_EPOCH = -1;
  private static final long GAP = -2;

  private final RedisConnectionFactory connections;
  private final byte[] library = library();

  public ViewStore(RedisConnectionFactory connections) {
    this.connections = connections;
  }

  private static byte[] library() {
    try (InputStream source = ViewStore.class.getResourceAsStream("bincard.lua")) {
      if (source == null) {
        throw new IllegalStateException("bincard.lua is not on the class path");
      }
      return source.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Why this Redis must not be used: it would throw away views when its memory is full, and a view
   * thrown away is indistinguishable from one never written.
   */
  public Optional<String> objection() {
    Properties memory = ask(connection -> connection.serverCommands().info("memory"));
    String limit = memory.getProperty("maxmemory", "0");
    String policy = memory.getProperty("maxmemory_policy", "noeviction");
    return limit.equals("0") || policy.equals("noeviction")
        ? Optional.empty()
        : Optional.of(
            "maxmemory-policy must be noeviction where maxmemory is set, but is " + policy);
  }

  /** Puts this version of the function library into Redis, in place of any other. */
  public void loadFunctions() {
    ask(connection -> connection.execute("FUNCTION", bytes("LOAD"), bytes("REPLACE"), library));
  }

  /** What the store says of itself; empty if it was never begun or was lost. */
  public Optional<ViewStoreMark> mark() {
    return Optional.ofNullable(read(List.of()).mark());
  }

  /** Reads the mark and then the rows of {@code keys}, in one round trip. */
  public ViewReading read(List<String> keys) {
    return read(keys, List.of());
  }

  /** Reads the mark, then the rows of {@code keys} and {@code ranges}, in one round trip. */
  public ViewReading read(List<String> keys, List<MemberRange> ranges) {
    List<@Nullable Object> answers =
        askPipelined(
            connection -> {
              connection.hashCommands().hMGet(MARK, EPOCH, POSITION, POSITION_MILLIS, REBUILD_TO);
              for (String key : keys) {
                connection.hashCommands().hGetAll(bytes(key));
              }
              ranges.forEach(range -> ask(connection, range));
            });
    List<Map<byte[], byte[]>> rows = new ArrayList<>(keys.size());
    for (@Nullable Object answer : answers.subList(1, 1 + keys.size())) {
      rows.add(row(answer));
    }
    List<List<String>> members = new ArrayList<>(ranges.size());
    for (@Nullable Object answer : answers.subList(1 + keys.size(), answers.size())) {
      members.add(members(answer));
    }
    return new ViewReading(mark(answers.getFirst()), rows, members);
  }

  private static void ask(RedisConnection connection, MemberRange range) {
    String after = range.after();
    String last = range.last() == null ? range.prefix() : range.last();
    connection
        .zSetCommands()
        .zRangeByLex(
            bytes(ViewRow.KEYS + range.set()),
            Range.of(
                after == null
                    ? Range.Bound.inclusive(bytes(range.prefix()))
                    : Range.Bound.exclusive(bytes(after)),
                last.isEmpty()
                    ? Range.Bound.unbounded()
                    : Range.Bound.exclusive(beyondAllThatBeginWith(last))),
            Limit.limit().count(range.limit()));
  }

  /** No text in UTF-8 has this byte. */
  private static byte[] beyondAllThatBeginWith(String prefix) {
    byte[] begin = bytes(prefix);
    byte[] beyond = Arrays.copyOf(begin, begin.length + 1);
    beyond[begin.length] = (byte) 0xff;
    return beyond;
  }

  @SuppressWarnings("unchecked") // ZRANGEBYLEX answers byte arrays in their order
  private static List<String> members(@Nullable Object answer) {
    return answer == null
        ? List.of()
        : ((Collection<byte[]>) answer).stream().map(each -> new String(each, UTF_8)).toList();
  }

  @SuppressWarnings("unchecked") // HMGET answers a list of byte arrays
  private static @Nullable ViewStoreMark mark(@Nullable Object answer) {
    List<byte @Nullable []> fields = (List<byte @Nullable []>) answer;
    byte[] epoch = fields == null ? null : fields.get(0);
    if (fields == null || epoch == null) {
      return null;
    }
    return new ViewStoreMark(
        new String(epoch, UTF_8),
        number(fields.get(1)),
        Instant.ofEpochMilli(number(fields.get(2))),
        number(fields.get(3)));
  }

  @SuppressWarnings("unchecked") // HGETALL answers a map of byte arrays
  private static Map<byte[], byte[]> row(@Nullable Object answer) {
    return answer == null ? Map.of() : (Map<byte[], byte[]>) answer;
  }

  private static long number(byte @Nullable [] field) {
    if (field == null) {
      return 0;
    }
    String digits = new String(field, UTF_8);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new ViewStoreUnavailableException("the view store's mark is damaged", e);
    }
  }

  /**
   * Starts an epoch: every row of another one is unknown from here on.
   *
   * @param replaced the epoch that the caller saw, null if it saw none
   * @param position where the refilling starts: events up to here will not come
   * @param rebuildTo the position from which on the views are complete again
   * @return whether the epoch began; {@code false} if another node began one in the meantime
   */
  public boolean begin(@Nullable String replaced, String epoch, long position, long rebuildTo) {
    return call(connection ->
            connection.execute(
                FCALL,
                BEGIN,
                ONE_KEY,
                MARK,
                bytes(replaced == null ? "" : replaced),
                bytes(epoch),
                bytes(position),
                bytes(rebuildTo)))
        .contains(DONE);
  }

  /**
   * Writes rows and then moves the store's position on, in one round trip.
   *
   * @param after the position before the first event of the batch
   * @param upTo the position of its last event
   * @param upToTime when that event was made
   */
  public BatchOutcome apply(
      String epoch, List<ViewRow> rows, long after, long upTo, Instant upToTime) {
    byte[] epochBytes = bytes(epoch);
    List<@Nullable Object> answers =
        call(
            connection -> {
              for (int from = 0; from < rows.size(); from += ROWS_A_CALL) {
                List<ViewRow> some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_CALL));
                connection.execute(FCALL, putArguments(epochBytes, some));
              }
              connection.execute(
                  FCALL,
                  ADVANCE,
                  ONE_KEY,
                  MARK,
                  epochBytes,
                  bytes(after),
                  bytes(upTo),
                  bytes(upToTime.toEpochMilli()));
            });
    if (answers.contains(WRONG_EPOCH)) {
      return BatchOutcome.WRONG_EPOCH;
    }
    return answers.contains(GAP) ? BatchOutcome.GAP : BatchOutcome.APPLIED;
  }

  private static byte[][] putArguments(byte[] epoch, List<ViewRow> rows) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(PUT);
    arguments.add(bytes(1 + rows.size()));
    arguments.add(MARK);
    rows.forEach(row -> arguments.add(bytes(row.key())));
    arguments.add(epoch);
    for (ViewRow row : rows) {
      arguments.add(bytes(row.version()));
      arguments.add(bytes(in(row)));
      Instant until = row.keptUntil();
      arguments.add(until == null ? NOTHING : bytes(until.toEpochMilli()));
      arguments.add(bytes(row.fields().size()));
      row.fields()
          .forEach(
              (field, value) -> {
                arguments.add(bytes(field));
                arguments.add(value);
              });
    }
    return arguments.toArray(byte[][]::new);
  }

  /** The sets that {@code row} stands in, as the function reads them. */
  private static String in(ViewRow row) {
    StringBuilder in = new StringBuilder();
    for (ViewRow.Membership one : row.memberships()) {
      in.append(one.set()).append('\t').append(one.member()).append('\n');
    }
    return in.toString();
  }

  /** Calls functions, and loads them first if Redis lost them; they are safe to call twice. */
  private List<@Nullable Object> call(Consumer<RedisConnection> calls) {
    try {
      return askPipelined(calls);
    } catch (ViewStoreUnavailableException e) {
      if (!lacksFunctions(e)) {
        throw e;
      }
      loadFunctions();
      return askPipelined(calls);
    }
  }

  private static boolean lacksFunctions(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("Function not found")) {
        return true;
      }
    }
    return false;
  }

  private List<@Nullable Object> askPipelined(Consumer<RedisConnection> commands) {
    return ask(
        connection -> {
          connection.openPipeline();
          commands.accept(connection);
          return connection.closePipeline();
        });
  }

  private <T> T ask(Function<RedisConnection, @Nullable T> question) {
    T answer;
    try (RedisConnection connection = connections.getConnection()) {
      try {
        answer = question.apply(connection);
      } catch (RedisConnectionFailureException | JedisConnectionException e) {
        dropIdleConnections(connection);
        throw e;
      }
    } catch (DataAccessException | JedisException e) {
      throw new ViewStoreUnavailableException("the view store does not answer", e);
    }
    if (answer == null) {
      throw new ViewStoreUnavailableException("the view store answered nothing");
    }
    return answer;
  }

  /**
   * One connection broke, so the idle ones are broken too; each would cost another failure to find
   * out.
   */
  private static void dropIdleConnections(RedisConnection connection) {
    if (connection.getNativeConnection() instanceof RedisClient client) {
      client.getPool().clear();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }
}
