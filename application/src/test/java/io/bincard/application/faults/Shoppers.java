package io.bincard.application.faults;

import io.bincard.application.history.History;
import io.bincard.application.history.History.Command;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Order services that sell, restock and correct a few items at once and never lose patience: what
 * has no definite answer is sent again with its key, and now and then what has one is, too.
 */
final class Shoppers implements AutoCloseable {

  private static final int ITEMS = 8;
  private static final int OPENING = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Supplier<URI> server;
  private final History history;
  private final ExecutorService threads;
  private final List<Future<?>> shoppers = new ArrayList<>();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private volatile boolean enough;

  /**
   * @param server where the ledger is at the moment; asked before every attempt
   */
  Shoppers(int count, long seed, Supplier<URI> server, History history) {
    this.server = server;
    this.history = history;
    this.threads = Executors.newFixedThreadPool(count);
    for (int i = 0; i < ITEMS; i++) {
      tell(
          new Command("register-" + i, "ITEM-" + i, OPENING),
          "/v1/stock-items",
          "{\"sku\":\"ITEM-%d\",\"openingQuantity\":%d}".formatted(i, OPENING));
    }
    for (int i = 0; i < count; i++) {
      String name = "s" + i;
      Random random = new Random(seed + i);
      shoppers.add(threads.submit(() -> shop(name, random)));
    }
  }

  private void shop(String name, Random random) {
    for (int n = 0; !enough; n++) {
      String key = name + "-" + n;
      String sku = "ITEM-" + random.nextInt(ITEMS);
      int units = 1 + random.nextInt(5);
      Runnable order =
          switch (random.nextInt(10)) {
            case 0 -> send(key, sku, units, "receipts", "\"quantity\":" + units);
            case 1 ->
                send(key, sku, units, "returns", "\"quantity\":" + units + ",\"orderId\":\"o\"");
            case 2 ->
                send(key, sku, -units, "adjustments", "\"delta\":-" + units + ",\"reason\":\"r\"");
            default ->
                send(
                    key, sku, -units, "deductions", "\"quantity\":" + units + ",\"orderId\":\"o\"");
          };
      order.run();
      if (random.nextInt(20) == 0) {
        order.run();
      }
    }
  }

  private Runnable send(String key, String sku, long delta, String route, String members) {
    return () ->
        tell(new Command(key, sku, delta), "/v1/stock/" + sku + "/" + route, "{" + members + "}");
  }

  /** Sends until the answer is definite. */
  private void tell(Command command, String path, String json) {
    history.sends(command);
    HttpResponse<String> answer = attempt(command, path, json);
    while (answer == null
        || answer.statusCode() == 503
        || answer.body().contains("/problems/request-in-progress")) {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000, 50_000_000));
      answer = attempt(command, path, json);
    }
    if (answer.statusCode() != 201 && answer.statusCode() != 409) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
    history.isTold(
        command, answer.body(), answer.headers().firstValue("Idempotency-Replayed").isPresent());
  }

  private @Nullable HttpResponse<String> attempt(Command command, String path, String json) {
    try {
      return http.send(
          HttpRequest.newBuilder(server.get().resolve(path))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", command.key())
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException unknown) {
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Fails if one of them met what must not happen. */
  void requireWell() throws InterruptedException, ExecutionException {
    for (Future<?> shopper : shoppers) {
      if (shopper.isDone()) {
        shopper.get();
      }
    }
  }

  /** Lets each finish what it is about, and fails if one of them met what must not happen. */
  void finish() throws InterruptedException, ExecutionException {
    enough = true;
    for (Future<?> shopper : shoppers) {
      shopper.get();
    }
  }

  @Override
  public void close() {
    enough = true;
    threads.shutdownNow();
    http.shutdownNow();
  }
}
