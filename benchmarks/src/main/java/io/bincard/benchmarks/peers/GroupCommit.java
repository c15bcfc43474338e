package io.bincard.benchmarks.peers;

import io.bincard.benchmarks.load.ClosedLoop;
import io.bincard.benchmarks.load.Sample;
import io.bincard.benchmarks.load.Sink;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The ceiling: a queue, one thread, one transaction a batch, rows as wide and as indexed as the
 * ledger's, and nothing else. No key is looked up, nothing is decided, nothing is serialized but by
 * gluing strings.
 */
public final class GroupCommit implements Sink, AutoCloseable {

  private static final int MAX_BATCH = 1_000;
  private static final int FINGERPRINT_BYTES = 32;
  private static final HexFormat HEX = HexFormat.of();
  private static final String MOVE =
      "update bare_stock set quantity = quantity - ?, position = ? where sku = 'SKU-0'";
  private static final String APPEND =
      """
      insert into bare_journal
        (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
      select p, i, 'stock:SKU-0@MAIN', p, 'stock-item', 'stock-deducted', '1', d::json, m::json, ?
      from unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) as e (p, i, d, m)
      """;
  private static final String KEEP =
      """
      insert into bare_receipt (tenant, client, key, fingerprint, status, outcome, position, recorded_at)
      select 'default', 'default', k, f, 201, o::json, p, ?
      from unnest(?::text[], ?::bytea[], ?::text[], ?::bigint[]) as told (k, f, o, p)
      """;

  private record Waiting(String key, String payload, String metadata, Done done) {}

  private final String url;
  private final boolean receipts;
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile boolean stopping;
  private long position;
  private long sent;

  /**
   * Starts it on tables of its own in the database at {@code url}.
   *
   * @param receipts whether every command leaves a receipt too
   */
  public GroupCommit(String url, boolean receipts) throws SQLException {
    this.receipts = receipts;
    String schema = receipts ? "bare_with_receipts" : "bare";
    Sql.execute(url, "create schema " + schema);
    this.url = url + "&currentSchema=" + schema;
    Sql.execute(this.url, Sql.resource("bare.sql"));
    this.writer = Thread.ofPlatform().name("bare-writer").start(this::write);
  }

  @Override
  public void send(long number, Done done) {
    String key = "bare0000-0000-7000-8000-" + HEX.toHexDigits(number, 12);
    if (stopping) {
      done.with(false);
      return;
    }
    queue.add(
        new Waiting(
            key,
            "{\"sku\":\"SKU-0\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"order-"
                + number
                + "\"}",
            "{\"tenant\":\"default\",\"client\":\"default\",\"key\":\"" + key + "\"}",
            done));
  }

  /** One round with {@code callers}. */
  public Sample round(int callers, Duration time) throws InterruptedException, SQLException {
    long before = position;
    Sample sample = ClosedLoop.run(this, callers, sent, time);
    sent += sample.done() + sample.failed();
    String window = " where position > " + before;
    long events = Sql.number(url, "select count(*) from bare_journal" + window);
    long kept = Sql.number(url, "select count(*) from bare_receipt" + window);
    long left = Sql.number(url, "select quantity from bare_stock");
    if (events != sample.done() || left != -sent || kept != (receipts ? events : 0)) {
      throw new IllegalStateException(
          "bare group commit: %d answered, %d written, %d receipts, %d left"
              .formatted(sample.done(), events, kept, left));
    }
    return sample;
  }

  private void write() {
    List<Waiting> batch = new ArrayList<>(MAX_BATCH);
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement move = connection.prepareStatement(MOVE);
        PreparedStatement append = connection.prepareStatement(APPEND);
        PreparedStatement keep = connection.prepareStatement(KEEP)) {
      connection.setAutoCommit(false);
      while (!stopping) {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, MAX_BATCH - 1);
        fill(connection, batch, move, append, keep);
        connection.commit();
        position += batch.size();
        batch.forEach(waiting -> waiting.done().with(true));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      stopping = true;
      queue.drainTo(batch);
      batch.forEach(waiting -> waiting.done().with(false));
      throw new IllegalStateException(e);
    }
  }

  private void fill(
      Connection connection,
      List<Waiting> batch,
      PreparedStatement move,
      PreparedStatement append,
      PreparedStatement keep)
      throws SQLException {
    OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
    long[] positions = LongStream.rangeClosed(position + 1, position + batch.size()).toArray();
    move.setLong(1, batch.size());
    move.setLong(2, position + batch.size());
    move.executeUpdate();
    append.setObject(1, now);
    append.setObject(2, positions);
    append.setArray(
        3, text(connection, batch, waiting -> "even" + waiting.key().substring("bare".length())));
    append.setArray(4, text(connection, batch, Waiting::payload));
    append.setArray(5, text(connection, batch, Waiting::metadata));
    append.executeUpdate();
    if (receipts) {
      keep.setObject(1, now);
      keep.setArray(2, text(connection, batch, Waiting::key));
      keep.setArray(
          3, connection.createArrayOf("bytea", new byte[batch.size()][FINGERPRINT_BYTES]));
      String[] outcomes = new String[batch.size()];
      for (int i = 0; i < outcomes.length; i++) {
        outcomes[i] = outcome(batch.get(i).key(), positions[i]);
      }
      keep.setArray(4, connection.createArrayOf("text", outcomes));
      keep.setObject(5, positions);
      keep.executeUpdate();
    }
  }

  private static String outcome(String key, long position) {
    return "{\"key\":\""
        + key
        + "\",\"status\":\"done\",\"stream\":\"stock:SKU-0@MAIN\",\"version\":"
        + position
        + ",\"position\":"
        + position
        + ",\"onHand\":999999999999,\"reserved\":0,\"available\":999999999999}";
  }

  private static Array text(
      Connection connection, List<Waiting> batch, Function<Waiting, String> part)
      throws SQLException {
    String[] values = new String[batch.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = part.apply(batch.get(i));
    }
    return connection.createArrayOf("text", values);
  }

  @Override
  public void close() {
    stopping = true;
    writer.interrupt();
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
