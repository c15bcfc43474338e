package io.bincard.application.faults.damage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Items, and units of them sold at a steady pace, some by holds that are confirmed, given back or
 * left to expire. What no node answers is lost to the pace and not to the ledger: nobody asks
 * again.
 */
public final class Traffic implements AutoCloseable {

  private static final int BATCHES_A_SECOND = 10;
  private static final int REGISTERED_AT_ONCE = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Supplier<URI> server;
  private final int busy;
  private final Random random;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private long keys;
  private Thread seller = new Thread();

  /**
   * @param server asked before every batch
   * @param busy how many of the items are sold, from the first on
   */
  public Traffic(Supplier<URI> server, int busy, long seed) {
    this.server = server;
    this.busy = busy;
    this.random = new Random(seed);
  }

  /** Name of the item {@code number}. */
  public static String sku(int number) {
    return "SKU-" + number;
  }

  /** Registers items, changes each {@code changes} times, and describes one in ten. */
  public void open(int items, int changes) throws IOException, InterruptedException {
    for (int from = 0; from < items; from += REGISTERED_AT_ONCE) {
      int to = Math.min(items, from + REGISTERED_AT_ONCE);
      StringBuilder lines = new StringBuilder();
      for (int i = from; i < to; i++) {
        // One in five has little of which there will be less.
        line(
            lines,
            "register-stock-item",
            sku(i),
            "\"openingQuantity\":" + (i % 5 == 0 ? 50 : 1_000_000));
      }
      require(lines);
      for (int change = 0; change < changes; change++) {
        lines.setLength(0);
        for (int i = from; i < to; i++) {
          line(lines, "deduct-stock", sku(i), "\"quantity\":1,\"orderId\":\"opening\"");
        }
        require(lines);
      }
    }
  }

  private void require(CharSequence lines) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(lines.toString());
    if (answer.statusCode() != 200 || answer.body().contains("\"problem\"")) {
      throw new AssertionError("not done: " + answer.body().lines().findFirst().orElse(""));
    }
  }

  private void line(StringBuilder lines, String type, String sku, String rest) {
    lines
        .append("{\"key\":\"t-")
        .append(++keys)
        .append("\",\"type\":\"")
        .append(type)
        .append("\",\"sku\":\"")
        .append(sku)
        .append("\",")
        .append(rest)
        .append("}\n");
  }

  /** Sells {@code perSecond} times a second from now on. */
  public void sell(int perSecond) {
    seller = Thread.ofPlatform().name("traffic").start(() -> sellUntilOver(perSecond));
  }

  private void sellUntilOver(int perSecond) {
    long begun = System.nanoTime();
    for (long batch = 1; !over.get(); batch++) {
      StringBuilder lines = new StringBuilder();
      int count = perSecond / BATCHES_A_SECOND;
      for (int i = 0; i < count; i++) {
        line(
            lines,
            "deduct-stock",
            sku(random.nextInt(busy)),
            "\"quantity\":" + (1 + random.nextInt(3)) + ",\"orderId\":\"o-" + keys + '"');
      }
      try {
        HttpResponse<String> answer = send(lines.toString());
        (answer.statusCode() == 200 ? done : unanswered).addAndGet(count);
        long due = begun + batch * TimeUnit.SECONDS.toNanos(1) / BATCHES_A_SECOND;
        long early = due - System.nanoTime();
        if (early > 0) {
          TimeUnit.NANOSECONDS.sleep(early);
        } else if (-early > TimeUnit.SECONDS.toNanos(2)) {
          // What a failover held up is not made up for all at once.
          begun -= early;
        }
      } catch (IOException e) {
        unanswered.addAndGet(count);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private HttpResponse<String> send(String lines) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(server.get().resolve("/v1/commands?onError=continue"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build(),
        BodyHandlers.ofString());
  }

  /** Commands that were answered, done or refused. */
  public long done() {
    return done.get();
  }

  /** Commands of batches that no node answered in time, or refused as a whole. */
  public long unanswered() {
    return unanswered.get();
  }

  /** Sells no more; returns when the last answer is there, or should have been. */
  public void finish() throws InterruptedException {
    over.set(true);
    var unused = seller.join(PATIENCE);
  }

  @Override
  public void close() {
    over.set(true);
    seller.interrupt();
    http.shutdownNow();
  }
}
