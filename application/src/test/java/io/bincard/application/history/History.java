package io.bincard.application.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What clients sent and what they were told, to be held against the journal. It shares no code with
 * the ledger: it folds the journal's rows by a model of its own, in one pass.
 */
public final class History {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, Command> sent = new ConcurrentHashMap<>();
  private final Map<String, String> told = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger replays = new AtomicInteger();

  /** A command that changes what is on hand by {@code delta} units, in one event. */
  public record Command(String key, String sku, long delta) {}

  /** One row of the journal. */
  public record Row(
      long position, String stream, long sequence, String type, String payload, String key) {}

  /** How much happened; a run in which too little did proves nothing. */
  public record Extent(long done, long refused, int replays) {}

  /** Before it is sent for the first time. */
  public void sends(Command command) {
    sent.put(command.key(), command);
  }

  /** A definite answer: done or refused. */
  public void isTold(Command command, String body, boolean replayed) {
    String before = told.putIfAbsent(command.key(), body);
    if (before != null && !before.equals(body)) {
      faults.add(command.key() + " was told two things: " + before + " and " + body);
    }
    if (replayed) {
      replays.incrementAndGet();
    }
  }

  public Extent extent() {
    long done = told.values().stream().filter(History::isDone).count();
    return new Extent(done, told.size() - done, replays.get());
  }

  private static boolean isDone(String body) {
    return JSON.readTree(body).path("status").asString("").equals("done");
  }

  /** What does not hold; empty if all does. */
  public List<String> faultsIn(JdbcClient sql) {
    List<Row> journal =
        sql.sql(
                """
                select position, stream, sequence, type, payload::text as payload, metadata ->> 'key' as key
                from event_journal order by position
                """)
            .query(
                (row, number) ->
                    new Row(
                        row.getLong("position"),
                        row.getString("stream"),
                        row.getLong("sequence"),
                        row.getString("type"),
                        row.getString("payload"),
                        row.getString("key")))
            .list();
    List<String> found = faultsIn(journal);
    long head = sql.sql("select position from ledger_head").query(Long.class).single();
    if (head != journal.size()) {
      found.add("the head is at " + head + " and the journal has " + journal.size() + " events");
    }
    Set<String> receipts =
        new HashSet<>(sql.sql("select key from command_receipt").query(String.class).list());
    told.keySet().stream()
        .filter(key -> !receipts.contains(key))
        .forEach(key -> found.add(key + " was told something and has no receipt"));
    return found;
  }

  /** What does not hold in these rows; they are all there are. */
  List<String> faultsIn(List<Row> journal) {
    List<String> found = new ArrayList<>(faults);
    Map<String, Stock> items = new HashMap<>();
    Map<String, String> effects = new HashMap<>();
    long position = 0;
    for (Row row : journal) {
      if (row.position() != ++position) {
        found.add("position " + row.position() + " stands where " + position + " should");
      }
      String effect = items.computeIfAbsent(row.stream(), Stock::new).apply(row, found);
      if (effects.put(row.key(), effect) != null) {
        found.add(row.key() + " has a second effect at " + position);
      }
      Command command = sent.get(row.key());
      if (command == null) {
        found.add(row.key() + " at " + position + " was never sent");
      } else if (delta(row) != command.delta() || !row.stream().contains(command.sku())) {
        found.add(row + " is not what was sent: " + command);
      }
    }
    told.forEach((key, body) -> compare(key, body, effects.get(key), found));
    return found;
  }

  private static void compare(
      String key, String body, @Nullable String effect, List<String> found) {
    if (isDone(body)) {
      JsonNode answer = JSON.readTree(body);
      String claimed =
          effect(
              answer.path("stream").asString(),
              answer.path("version").asLong(),
              answer.path("position").asLong(),
              answer.path("onHand").asLong());
      if (!claimed.equals(effect)) {
        found.add(key + " was told " + claimed + " and the journal has " + effect);
      }
    } else if (effect != null) {
      found.add(key + " was refused and has an effect: " + effect);
    }
  }

  private static String effect(String stream, long version, long position, long onHand) {
    return stream + " version " + version + " at " + position + " with " + onHand + " on hand";
  }

  private static long delta(Row row) {
    JsonNode payload = JSON.readTree(row.payload());
    return switch (row.type()) {
      case "stock-item-registered" -> payload.path("openingQuantity").asLong();
      case "stock-received", "stock-returned" -> payload.path("quantity").asLong();
      case "stock-deducted" -> -payload.path("quantity").asLong();
      case "stock-adjusted" -> payload.path("delta").asLong();
      default -> throw new IllegalArgumentException("no rule for " + row.type());
    };
  }

  /** One item, as the naive model sees it. */
  private static final class Stock {

    private final String stream;
    private long version = -1;
    private long onHand;

    Stock(String stream) {
      this.stream = stream;
    }

    String apply(Row row, List<String> found) {
      if (row.sequence() != ++version) {
        found.add(stream + " has " + row.sequence() + " where " + version + " should be");
      }
      onHand += delta(row);
      if (onHand < 0) {
        found.add(stream + " is oversold at " + row.position() + ": " + onHand);
      }
      return effect(stream, version, row.position(), onHand);
    }
  }
}
