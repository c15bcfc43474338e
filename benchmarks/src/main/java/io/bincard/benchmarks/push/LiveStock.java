package io.bincard.benchmarks.push;

import io.bincard.benchmarks.ledger.Deductions;
import io.bincard.benchmarks.ledger.LedgerProcess;
import io.bincard.benchmarks.ledger.LedgerProcess.Memory;
import io.bincard.benchmarks.load.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Many clients follow live stock while it is sold. A latency is the time from the answer to the
 * sale, which is when its commit is known, to the arrival of the value at a client; in the end each
 * client is held against the ledger.
 */
public final class LiveStock {

  /** Items; each client watches {@value #EACH} of them. */
  public static final int ITEMS = 1_000;

  private static final int EACH = 10;
  private static final int CHANGES_A_CLIENT = 5;
  private static final int SELLERS = 4;
  private static final int MOST_VERSIONS = 2_000;
  private static final int DEAF_ONE_IN = 100;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double MIB = 1 << 20;

  private final LedgerProcess ledger;
  private final int clients;
  private final Commits commits = new Commits(ITEMS, MOST_VERSIONS);
  private final Deductions keys = new Deductions(ITEMS, 77);
  private final AtomicInteger sold = new AtomicInteger();

  /**
   * @param ledger with {@value #ITEMS} items
   */
  public LiveStock(LedgerProcess ledger, int clients) {
    this.ledger = ledger;
    this.clients = clients;
  }

  /** The settings that a server needs for {@code clients} of one address. */
  public static List<String> settings(int clients) {
    return List.of(
        "bincard.push.max-streams=" + (clients + 2_000),
        "bincard.push.max-streams-per-client=" + (clients + 2_000),
        "server.tomcat.max-connections=" + (clients + 4_000));
  }

  /** Runs it quietly, then with churn and clients that do not read; a table of both. */
  public String run(Duration time) throws Exception {
    Memory before = ledger.memory();
    StringBuilder table =
        new StringBuilder(
            """

            | live stock | frames a second | p50 ms | p99 ms | p99.9 ms | max ms | resyncs | ended |
            |---|---:|---:|---:|---:|---:|---:|---:|
            """);
    try (Audience audience = audience(0)) {
      await("all have what there is", () -> audience.behind() == 0);
      Memory connected = ledger.memory();
      table.insert(
          0,
          String.format(
              Locale.ROOT,
              "%n- %d clients of live stock: heap %+.0f MiB, resident %+.0f MiB, of %.0f MiB%n",
              clients,
              (connected.heapBytes() - before.heapBytes()) / MIB,
              (connected.residentBytes() - before.residentBytes()) / MIB,
              connected.residentBytes() / MIB));
      table.append(round("all read", audience, 0, time));
    }
    try (Audience audience = audience(DEAF_ONE_IN)) {
      await("all have what there is", () -> audience.behind() == 0);
      table.append(round("1 % do not read, 1 % a second come back", audience, clients / 100, time));
    }
    ledger.check(sold.get());
    return table.toString();
  }

  private Audience audience(int deafOneIn) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ledger.port());
    return new Audience(server, clients, ITEMS, EACH, deafOneIn, commits);
  }

  private String round(String what, Audience audience, int restarts, Duration time)
      throws Exception {
    audience.restart(restarts);
    sell(WARM_UP);
    audience.latencies();
    long before = audience.frames();
    long start = System.nanoTime();
    sell(time);
    long nanos = System.nanoTime() - start;
    Histogram latencies = audience.latencies();
    long frames = audience.frames() - before;
    audience.restart(0);
    await("every client has what the ledger has", () -> audience.behind() == 0);
    Sample sample = Sample.of(frames, 0, nanos, latencies);
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f | %.1f | %.1f | %.1f | %.1f | %d | %d |%n",
        what,
        sample.perSecond(),
        sample.p50(),
        sample.p99(),
        sample.p999(),
        sample.max(),
        audience.resyncs(),
        audience.ended());
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(String what, Condition condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("not in time: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** So many sales that each client sees {@value #CHANGES_A_CLIENT} changes a second. */
  private void sell(Duration time) throws Exception {
    double perSecond = (double) ITEMS / EACH * CHANGES_A_CLIENT;
    long interval = Math.round(TimeUnit.SECONDS.toNanos(SELLERS) / perSecond);
    long end = System.nanoTime() + time.toNanos();
    List<Thread> sellers = new ArrayList<>();
    AtomicInteger failed = new AtomicInteger();
    for (int i = 0; i < SELLERS; i++) {
      sellers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (HttpClient http = HttpClient.newHttpClient()) {
                      for (long due = System.nanoTime(); due < end; due += interval) {
                        for (long early = due - System.nanoTime();
                            early > 0;
                            early = due - System.nanoTime()) {
                          LockSupport.parkNanos(early);
                        }
                        sellOne(http);
                      }
                    } catch (RuntimeException | IOException e) {
                      failed.incrementAndGet();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    for (Thread seller : sellers) {
      seller.join();
    }
    if (failed.get() > 0) {
      throw new IllegalStateException("sales failed");
    }
  }

  private void sellOne(HttpClient http) throws IOException, InterruptedException {
    int number = sold.getAndIncrement();
    int item = Math.floorMod(number * 7_919, ITEMS);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:"
                            + ledger.port()
                            + "/v1/stock/SKU-"
                            + item
                            + "/deductions"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", keys.key(number + 1L))
                .POST(HttpRequest.BodyPublishers.ofString("{\"quantity\":1,\"orderId\":\"order\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    long now = System.nanoTime();
    if (answer.statusCode() != 201) {
      throw new UncheckedIOException(new IOException(answer.body()));
    }
    String body = answer.body();
    int at = body.indexOf("\"version\":") + "\"version\":".length();
    commits.told(item, Long.parseLong(body.substring(at, body.indexOf(',', at))), now);
  }
}
