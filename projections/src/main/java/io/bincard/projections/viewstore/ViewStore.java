package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.projections.viewstore.ViewRow.Membership;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The Redis that holds the views of one ledger, in generations: each has its own rows and its own
 * mark, and one pointer says which of them readers read.
 *
 * <p>Every method asks Redis and throws {@link ViewStoreUnavailableException} if it does not answer
 * within the connection's time limits. Safe for use by many threads.
 */
public final class ViewStore {

  /** What all keys of the ledger {@code main} begin with. */
  public static final String KEYS = "bincard:main:";

  /** The hash that says which generation is live. */
  static final String POINTER_KEY = KEYS + "generations";

  private static final String MARK = "mark";
  private static final byte[] POINTER = bytes(POINTER_KEY);
  private static final byte[] NOTHING = bytes("");
  private static final byte[][] POINTER_FIELDS = {
    bytes("live"), bytes("previous"), bytes("building"), bytes("last"), bytes("switched")
  };
  private static final byte[] EPOCH = bytes("epoch");
  private static final byte[] VERSION = bytes("version");
  private static final byte[] ZERO = bytes("0");
  private static final byte[][] MARK_FIELDS = {
    EPOCH,
    bytes("position"),
    bytes("positionMillis"),
    bytes("target"),
    bytes("verifiedPosition"),
    bytes("verifiedMillis")
  };
  private static final long DONE = 1;

  /** Rows in one call: Redis answers nobody else meanwhile, some 100 rows take it a millisecond. */
  private static final int ROWS_A_CALL = 100;

  /** Answers before those of a transaction's own commands. */
  private static final int FENCE = 3;

  /** What there is room for at once; rows may have more. */
  private static final int WORDS_A_ROW = 32;

  private static final long WRONG_WRITER = -1;
  private static final long GAP = -2;
  private static final long BEHIND = -3;

  /** Looks of one read: each one that finds another generation live than the look before. */
  private static final int MOST_LOOKS = 3;

  private final RedisConnectionFactory connections;
  private final byte[] library = library();

  /** The generation that was live when last looked at: where the next look looks first. */
  private volatile long lastSeenLive;

  public ViewStore(RedisConnectionFactory connections) {
    this.connections = connections;
  }

  private static byte[] library() {
    try (InputStream source = ViewStore.class.getResourceAsStream("views.lua")) {
      if (source == null) {
        throw new IllegalStateException("views.lua is not on the class path");
      }
      return source.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Redis key of the row {@code key} in {@code generation}. */
  public static String key(long generation, String key) {
    return KEYS + generation + ':' + key;
  }

  private static byte[] markKey(long generation) {
    return bytes(key(generation, MARK));
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

  // What there is

  /** Which generations there are; none in a store that was never filled or was lost. */
  public Generations generations() {
    return generations(
        askPipelined(connection -> connection.hashCommands().hMGet(POINTER, POINTER_FIELDS))
            .getFirst());
  }

  private static Generations generations(@Nullable Object answer) {
    List<byte @Nullable []> fields = fields(answer);
    return new Generations(
        number(fields.get(0)),
        number(fields.get(1)),
        number(fields.get(2)),
        number(fields.get(3)),
        Instant.ofEpochMilli(number(fields.get(4))));
  }

  /** The generation that is live, 0 for none. */
  public long live() {
    return generations().live();
  }

  /** What the live generation says of itself; empty if there is none. */
  public Optional<ViewStoreMark> mark() {
    return Optional.ofNullable(read(List.of()).mark());
  }

  /** What {@code generation} says of itself; empty if there is none of that number. */
  public Optional<ViewStoreMark> mark(long generation) {
    return Optional.ofNullable(read(generation, List.of()).mark());
  }

  /** Reads the live generation's mark and then its rows of {@code keys}, in one round trip. */
  public ViewReading read(List<String> keys) {
    return read(keys, List.of());
  }

  /**
   * Reads the live generation's mark, then its rows of {@code keys} and its members of {@code
   * ranges}, in one round trip.
   */
  public ViewReading read(List<String> keys, List<MemberRange> ranges) {
    for (int look = 0; look < MOST_LOOKS; look++) {
      long generation = lastSeenLive;
      List<@Nullable Object> answers = ask(generation, keys, ranges);
      long live = generations(answers.getFirst()).live();
      if (live == generation) {
        return reading(generation, answers, keys.size());
      }
      // A switch: what was just read is of a generation that readers have left.
      lastSeenLive = live;
    }
    throw new ViewStoreUnavailableException("the view store goes from generation to generation");
  }

  /** Reads the mark of {@code generation} and then its rows of {@code keys}, in one round trip. */
  public ViewReading read(long generation, List<String> keys) {
    return reading(generation, ask(generation, keys, List.of()), keys.size());
  }

  /**
   * The rows of {@code keys} that are of the generation and the epoch of {@code filling}; an empty
   * map for any other.
   */
  public List<Map<byte[], byte[]>> rows(Filling filling, List<String> keys) {
    byte[] epoch = bytes(filling.epoch());
    return read(filling.generation(), keys).rows().stream()
        .map(row -> isOf(epoch, row) ? row : Map.<byte[], byte[]>of())
        .toList();
  }

  /**
   * The rows of {@code keys} as they are stored, field and value in turn, that are of the
   * generation and the epoch of {@code filling}; an empty list for any other.
   */
  public List<List<byte[]>> contents(Filling filling, List<String> keys) {
    byte[] epoch = bytes(filling.epoch());
    List<@Nullable Object> answers =
        askPipelined(
            connection -> {
              for (String key : keys) {
                connection.execute("HGETALL", bytes(key(filling.generation(), key)));
              }
            });
    List<List<byte[]>> contents = new ArrayList<>(keys.size());
    for (@Nullable Object answer : answers) {
      List<byte[]> words = words(answer);
      contents.add(isOf(epoch, words) ? words : List.of());
    }
    return contents;
  }

  private static boolean isOf(byte[] epoch, List<byte[]> words) {
    for (int i = 0; i < words.size(); i += 2) {
      if (Arrays.equals(words.get(i), EPOCH)) {
        return Arrays.equals(words.get(i + 1), epoch);
      }
    }
    return false;
  }

  @SuppressWarnings("unchecked") // HGETALL answers byte arrays, where nobody makes a map of them
  private static List<byte[]> words(@Nullable Object answer) {
    return answer == null ? List.of() : (List<byte[]>) answer;
  }

  private static boolean isOf(byte[] epoch, Map<byte[], byte[]> row) {
    return row.entrySet().stream()
        .anyMatch(
            field ->
                Arrays.equals(field.getKey(), EPOCH) && Arrays.equals(field.getValue(), epoch));
  }

  /** The pointer first: what it says was true before anything else was read. */
  private List<@Nullable Object> ask(long generation, List<String> keys, List<MemberRange> ranges) {
    return askPipelined(
        connection -> {
          connection.hashCommands().hMGet(POINTER, POINTER_FIELDS);
          connection.hashCommands().hMGet(markKey(generation), MARK_FIELDS);
          for (String key : keys) {
            connection.hashCommands().hGetAll(bytes(key(generation, key)));
          }
          ranges.forEach(range -> ask(connection, generation, range));
        });
  }

  private static void ask(RedisConnection connection, long generation, MemberRange range) {
    String after = range.after();
    String last = range.last() == null ? range.prefix() : range.last();
    connection
        .zSetCommands()
        .zRangeByLex(
            bytes(key(generation, range.set())),
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

  private static ViewReading reading(
      long generation, List<@Nullable Object> answers, int numberOfRows) {
    int end = 2 + numberOfRows;
    List<Map<byte[], byte[]>> rows = new ArrayList<>(numberOfRows);
    for (@Nullable Object answer : answers.subList(2, end)) {
      rows.add(row(answer));
    }
    List<List<String>> members = new ArrayList<>(answers.size() - end);
    for (@Nullable Object answer : answers.subList(end, answers.size())) {
      members.add(members(answer));
    }
    return new ViewReading(mark(generation, answers.get(1)), rows, members);
  }

  @SuppressWarnings("unchecked") // ZRANGEBYLEX answers byte arrays in their order
  private static List<String> members(@Nullable Object answer) {
    return answer == null
        ? List.of()
        : ((Collection<byte[]>) answer).stream().map(each -> new String(each, UTF_8)).toList();
  }

  private static @Nullable ViewStoreMark mark(long generation, @Nullable Object answer) {
    List<byte @Nullable []> fields = fields(answer);
    byte[] epoch = fields.get(0);
    return epoch == null
        ? null
        : new ViewStoreMark(
            generation,
            new String(epoch, UTF_8),
            number(fields.get(1)),
            Instant.ofEpochMilli(number(fields.get(2))),
            number(fields.get(3)),
            fields.get(4) == null
                ? null
                : new Verified(number(fields.get(4)), Instant.ofEpochMilli(number(fields.get(5)))));
  }

  @SuppressWarnings("unchecked") // HMGET answers a list of byte arrays
  private static List<byte @Nullable []> fields(@Nullable Object answer) {
    if (answer == null) {
      throw new ViewStoreUnavailableException("the view store answered nothing");
    }
    return (List<byte @Nullable []>) answer;
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

  // Generations

  /**
   * Begins the generation after the last one; the one kept for going back is given up.
   *
   * @param last the number given out last, as the caller saw it
   * @param silence how long {@code writer} may be silent before another run may go on
   * @param target the position to reach
   * @return what to fill; empty if another generation was begun in the meantime
   */
  public Optional<Filling> begin(
      long last, String epoch, String writer, Duration silence, long target) {
    Filling filling = new Filling(last + 1, epoch, writer);
    byte[] mark = markKey(filling.generation());
    long answer =
        answer(
            FunctionCall.of("views_begin", POINTER, mark)
                .with(filling.generation())
                .with(epoch)
                .with(writer)
                .with(silence.toMillis())
                .with(target));
    return answer == DONE ? Optional.of(filling) : Optional.empty();
  }

  /**
   * Makes the run that {@code filling} names the writer of its generation, or keeps it so.
   *
   * @return whether it is; {@code false} if another run is and has not been silent long enough, or
   *     the generation is live or gone
   */
  public boolean claim(Filling filling, Duration silence, long target) {
    return answer(by("views_claim", filling).with(silence.toMillis()).with(target)) == DONE;
  }

  /** Lets another run go on with the generation at once. */
  public void release(Filling filling) {
    answer(by("views_release", filling));
  }

  /**
   * Makes a generation live in one step.
   *
   * @param live the number of the one that is, as the caller saw it; 0 for none
   * @param verified the comparison of all its rows that came before; null if there was none
   */
  public SwitchOutcome makeLive(Filling filling, long live, @Nullable Verified verified) {
    FunctionCall call =
        FunctionCall.of("views_switch", POINTER, markKey(filling.generation()), markKey(live))
            .with(filling.generation())
            .with(filling.epoch())
            .with(filling.writer())
            .with(live == 0 ? NOTHING : bytes(live));
    if (verified != null) {
      call.with(verified.position()).with(verified.at().toEpochMilli());
    }
    long answer = answer(call);
    return answer == DONE
        ? SwitchOutcome.SWITCHED
        : answer == BEHIND ? SwitchOutcome.BEHIND : SwitchOutcome.OVERTAKEN;
  }

  /**
   * Gives {@code generation} up, whatever it is to the pointer; its rows are nobody's from now on.
   *
   * @param epoch as the caller saw it, null if its mark is lost
   * @return whether it is gone; {@code false} if it is another one's by now
   */
  public boolean drop(long generation, @Nullable String epoch) {
    FunctionCall drop = FunctionCall.of("views_drop", POINTER, markKey(generation));
    return answer(drop.with(generation).with(epoch == null ? NOTHING : bytes(epoch))) == DONE;
  }

  // Rows

  /**
   * Writes rows and then moves the generation's position on, in one round trip.
   *
   * @param after the position before the first event of the batch
   * @param upTo the position of its last event
   * @param upToTime when that event was made
   */
  public BatchOutcome apply(
      Filling filling, List<ViewRow> rows, long after, long upTo, Instant upToTime) {
    return outcome(
        call(
            connection -> {
              put(connection, filling, rows);
              by("views_advance", filling)
                  .with(after)
                  .with(upTo)
                  .with(upToTime.toEpochMilli())
                  .on(connection);
            }));
  }

  /** Writes rows alone, in one round trip. */
  public BatchOutcome put(Filling filling, List<ViewRow> rows) {
    return outcome(call(connection -> put(connection, filling, rows)));
  }

  /**
   * Writes rows that the generation of {@code filling} does not have yet, in one round trip; to
   * Redis a third of the work of {@link #put}. Nothing is written while another writer's rows are
   * taken, and nothing once they are.
   */
  public BatchOutcome fill(Filling filling, List<ViewRow> rows) {
    List<List<ViewRow>> parts = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += ROWS_A_CALL) {
      parts.add(rows.subList(from, Math.min(rows.size(), from + ROWS_A_CALL)));
    }
    List<@Nullable Object> answers =
        call(connection -> parts.forEach(part -> fill(connection, filling, part)));
    List<ViewRow> aborted = new ArrayList<>();
    int at = 0;
    for (List<ViewRow> part : parts) {
      if (Objects.equals(answers.get(at + 1), WRONG_WRITER)) {
        return BatchOutcome.WRONG_WRITER;
      }
      at += FENCE + words(part) + 1;
      if (answers.get(at - 1) == null) {
        aborted.addAll(part);
      }
    }
    return aborted.isEmpty() ? BatchOutcome.APPLIED : put(filling, aborted);
  }

  /**
   * A transaction behind a fence: it watches the mark, so it is void if that changes after the look
   * at it, and a key that the look changes if the mark names another writer.
   */
  private static void fill(RedisConnection connection, Filling filling, List<ViewRow> rows) {
    byte[] mark = markKey(filling.generation());
    byte[] refusals = bytes(key(filling.generation(), "refusals"));
    connection.execute("WATCH", mark, refusals);
    FunctionCall.of("views_guard", mark, refusals)
        .with(filling.epoch())
        .with(filling.writer())
        .on(connection);
    connection.execute("MULTI");
    byte[] epoch = bytes(filling.epoch());
    for (ViewRow row : rows) {
      List<byte[]> words = new ArrayList<>(WORDS_A_ROW);
      words.add(bytes(key(filling.generation(), row.key())));
      words.add(EPOCH);
      words.add(epoch);
      words.add(VERSION);
      words.add(bytes(row.version()));
      row.each(
          (name, value) -> {
            words.add(bytes(name));
            words.add(value);
          });
      connection.execute("HSET", words.toArray(byte[][]::new));
      for (Membership one : row.memberships()) {
        connection.execute(
            "ZADD", bytes(key(filling.generation(), one.set())), ZERO, bytes(one.member()));
      }
    }
    connection.execute("EXEC");
  }

  private static int words(List<ViewRow> rows) {
    return rows.stream().mapToInt(row -> 1 + row.memberships().size()).sum();
  }

  private static void put(RedisConnection connection, Filling filling, List<ViewRow> rows) {
    for (int from = 0; from < rows.size(); ) {
      int to = endOfCall(filling, rows, from);
      List<ViewRow> some = rows.subList(from, to);
      List<byte[]> keys = new ArrayList<>(1 + some.size());
      keys.add(markKey(filling.generation()));
      some.forEach(row -> keys.add(bytes(key(filling.generation(), row.key()))));
      FunctionCall call =
          new FunctionCall(filling.isLive() ? "views_put" : "views_fill", keys)
              .with(filling.epoch())
              .with(filling.writer());
      if (filling.isLive()) {
        some.forEach(row -> putRow(call, row));
      } else {
        fillRows(call, some);
      }
      call.on(connection);
      from = to;
    }
  }

  /**
   * Where a call that begins with row {@code from} ends; all that one fills have the same fields.
   */
  private static int endOfCall(Filling filling, List<ViewRow> rows, int from) {
    int most = Math.min(rows.size(), from + ROWS_A_CALL);
    int to = from + 1;
    while (to < most && (filling.isLive() || rows.get(to).hasFieldsOf(rows.get(from)))) {
      to++;
    }
    return to;
  }

  private static void putRow(FunctionCall call, ViewRow row) {
    List<String> names = row.names();
    call.with(row.version()).with(names.size());
    names.forEach(name -> call.with(name).with(row.value(name)));
  }

  /** Names once and values for each row: half of the words for Redis to take in. */
  private static void fillRows(FunctionCall call, List<ViewRow> rows) {
    List<String> names = rows.getFirst().names();
    call.with(names.size());
    names.forEach(call::with);
    for (ViewRow row : rows) {
      call.with(row.version());
      names.forEach(name -> call.with(row.value(name)));
    }
  }

  private static BatchOutcome outcome(List<@Nullable Object> answers) {
    if (answers.contains(WRONG_WRITER)) {
      return BatchOutcome.WRONG_WRITER;
    }
    return answers.contains(GAP) ? BatchOutcome.GAP : BatchOutcome.APPLIED;
  }

  // Keys

  /**
   * The generation that the Redis key {@code key} is of; 0 for a key from before there were any; -1
   * for what is no row or mark.
   */
  public static long generationOf(String key) {
    String rest = key.startsWith(KEYS) ? key.substring(KEYS.length()) : "";
    if (rest.equals("views") || rest.startsWith("availability:")) {
      return 0;
    }
    int colon = rest.indexOf(':');
    return colon > 0 && colon < 19 && rest.chars().limit(colon).allMatch(Character::isDigit)
        ? Long.parseLong(rest, 0, colon, 10)
        : -1;
  }

  /**
   * Gives every key of the ledger's that matches {@code pattern} to {@code keys}, some twice, until
   * it wants no more.
   */
  public void scan(String pattern, int atOnce, Predicate<String> keys) {
    ask(
        connection -> {
          try (Cursor<byte[]> found =
              connection
                  .keyCommands()
                  .scan(ScanOptions.scanOptions().match(KEYS + pattern).count(atOnce).build())) {
            while (found.hasNext() && keys.test(new String(found.next(), UTF_8))) {
              // the next
            }
          }
          return true;
        });
  }

  /**
   * Removes keys of generations that are nothing to the pointer, in one step with a look at it.
   *
   * @param generations of each key the number of its generation; 0 for keys from before there were
   *     any
   * @return how many were removed
   */
  public long remove(List<String> keys, List<Long> generations) {
    List<byte[]> all = new ArrayList<>(1 + keys.size());
    all.add(POINTER);
    keys.forEach(key -> all.add(bytes(key)));
    FunctionCall call = new FunctionCall("views_remove", all);
    generations.forEach(call::with);
    return answer(call);
  }

  // Calls

  /** A call about the generation of {@code filling}, of the epoch and by the writer it names. */
  private static FunctionCall by(String function, Filling filling) {
    return FunctionCall.of(function, markKey(filling.generation()))
        .with(filling.epoch())
        .with(filling.writer());
  }

  private long answer(FunctionCall call) {
    Object answer = call(call::on).getFirst();
    if (answer instanceof Long number) {
      return number;
    }
    throw new ViewStoreUnavailableException("the view store answered nothing");
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
