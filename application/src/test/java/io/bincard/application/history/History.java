package io.bincard.application.history;

import static io.bincard.application.history.Command.JSON;

import io.bincard.application.history.LedgerCheck.Event;
import io.bincard.application.history.LedgerCheck.Receipt;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What clients sent and what they were told, to be held against the ledger. It can be written to a
 * file while it grows, a JSON document a line, and read back:
 *
 * <pre>
 * {"at":"2026-11-21T12:00:00Z","sent":{"key":"k","type":"deduct-stock","sku":"A","quantity":1,"orderId":"o"}}
 * {"at":"2026-11-21T12:00:01Z","told":"k","status":201,"replayed":false,"body":"{\"key\":\"k\", …"}
 * </pre>
 *
 * <p>Only definite answers are told: done (2xx) or refused (404 or 409).
 */
public final class History implements AutoCloseable {

  private static final int ROWS_AT_ONCE = 10_000;

  private final Map<String, Command> sent = new ConcurrentHashMap<>();
  private final Map<String, Told> told = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger replays = new AtomicInteger();
  private final @Nullable BufferedWriter file;

  /** How much happened; a run in which too little did proves nothing. */
  public record Extent(long done, long refused, int replays) {

    public boolean reaches(Extent least) {
      return done >= least.done && refused >= least.refused && replays >= least.replays;
    }

    public Extent plus(Extent other) {
      return new Extent(done + other.done, refused + other.refused, replays + other.replays);
    }
  }

  /** A definite answer. */
  record Told(int status, String body) {

    boolean isDone() {
      return status < 300;
    }
  }

  /** One that is in memory only. */
  public History() {
    this.file = null;
  }

  /** One that is written to {@code file} as well. */
  public History(Path file) throws IOException {
    this.file = Files.newBufferedWriter(file);
  }

  /** The history in {@code file}. */
  static History read(Path file) throws IOException {
    History history = new History();
    try (var lines = Files.lines(file)) {
      lines.map(JSON::readTree).forEach(history::read);
    }
    return history;
  }

  private void read(JsonNode line) {
    if (line.has("sent")) {
      sends(Command.ofLine(line.path("sent")));
    } else {
      isTold(
          line.path("told").asString(),
          line.path("status").asInt(),
          line.path("body").asString(),
          line.path("replayed").asBoolean());
    }
  }

  /** Before it is sent for the first time. */
  public void sends(Command command) {
    if (sent.put(command.key(), command) == null) {
      write("\"sent\":" + command.line());
    }
  }

  /** The keys that were sent so far. */
  public Set<String> sentKeys() {
    return Set.copyOf(sent.keySet());
  }

  /** What was told so far, by key. */
  Map<String, Told> told() {
    return Map.copyOf(told);
  }

  /** What {@code key} was told; {@code null} if that is not known. */
  public @Nullable String bodyTo(String key) {
    Told answer = told.get(key);
    return answer == null ? null : answer.body();
  }

  /** A definite answer: done or refused. */
  public void isTold(String key, int status, String body, boolean replayed) {
    Told answer = new Told(status, body);
    Told before = told.putIfAbsent(key, answer);
    if (before == null) {
      (answer.isDone() ? done : refused).incrementAndGet();
    } else if (!before.equals(answer)) {
      faults.add("I5 %s was told two things: %s and %s".formatted(key, before, answer));
    }
    if (replayed) {
      replays.incrementAndGet();
    }
    write(
        "\"told\":%s,\"status\":%d,\"replayed\":%b,\"body\":%s"
            .formatted(Command.quoted(key), status, replayed, Command.quoted(body)));
  }

  /** Takes down that a client was told what nobody may be told. */
  public void isWrong(String what) {
    faults.add(what);
  }

  private void write(String members) {
    if (file != null) {
      String line = "{\"at\":\"" + Instant.now() + "\"," + members + "}\n";
      try {
        synchronized (file) {
          file.write(line);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public Extent extent() {
    return new Extent(done.get(), refused.get(), replays.get());
  }

  /** How many keys have a definite answer. */
  public long answers() {
    return done.get() + (long) refused.get();
  }

  /**
   * What does not hold in {@code ledger}, whose schema its connections have set, at rest; empty if
   * all does.
   *
   * @param views the Redis database of its views; {@code null} to leave them out
   */
  public List<String> faultsIn(DataSource ledger, @Nullable URI views)
      throws SQLException, IOException {
    return faultsIn(check(false), ledger, views);
  }

  /** What does not hold in {@code ledger} whoever sent what: its books by themselves. */
  public static List<String> faultsIn(DataSource ledger) throws SQLException, IOException {
    return faultsOfBooks(ledger, null);
  }

  /** What does not hold in {@code ledger} and its views, at rest, whoever sent what. */
  public static List<String> faultsOfBooks(DataSource ledger, @Nullable URI views)
      throws SQLException, IOException {
    try (History nothing = new History()) {
      return nothing.faultsIn(nothing.check(true), ledger, views);
    }
  }

  List<String> faultsIn(LedgerCheck check, DataSource ledger, @Nullable URI views)
      throws SQLException, IOException {
    try (Connection connection = ledger.getConnection()) {
      // One snapshot for all the queries, and rows that come as they are read.
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      read(connection, check);
      connection.rollback();
    }
    if (views != null) {
      ViewRows.read(views, check);
    }
    return finish(check);
  }

  /**
   * @param isPartial whether the ledger has commands that are not in this history
   */
  LedgerCheck check(boolean isPartial) {
    return new LedgerCheck(sent, told, isPartial);
  }

  List<String> finish(LedgerCheck check) {
    List<String> found = new ArrayList<>(faults);
    found.addAll(check.finish());
    return found;
  }

  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private static void read(Connection connection, LedgerCheck check) throws SQLException {
    each(
        connection,
        """
        select created_at, position, stream, sequence, type, payload::text as payload,
          metadata ->> 'client' as client, metadata ->> 'key' as key
        from event_journal order by position
        """,
        row ->
            check.event(
                new Event(
                    row.getObject("created_at", OffsetDateTime.class).toInstant(),
                    row.getLong("position"),
                    row.getString("stream"),
                    row.getLong("sequence"),
                    row.getString("type"),
                    row.getString("payload"),
                    key(row))));
    each(connection, "select position from ledger_head", row -> check.head(row.getLong(1)));
    each(
        connection,
        "select stream, born_position from stream",
        row -> check.stream(row.getString(1), row.getLong(2)));
    each(
        connection,
        "select client, key, status, outcome::text as outcome, position from command_receipt",
        row ->
            check.receipt(
                new Receipt(
                    String.valueOf(key(row)),
                    row.getInt("status"),
                    row.getString("outcome"),
                    row.getObject("position", Long.class))));
  }

  /** Which may not be mistaken for a client's if the ledger gave it itself: none has a slash. */
  private static @Nullable String key(ResultSet row) throws SQLException {
    String key = row.getString("key");
    boolean isOwn = LedgerCheck.OWN.equals(row.getString("client") + "/");
    return isOwn ? LedgerCheck.OWN + key : key;
  }

  private static void each(Connection connection, String sql, Row task) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          task.read(rows);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
