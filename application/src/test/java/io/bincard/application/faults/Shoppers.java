package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private int probes;

  /**
   * @param server where the ledger is at the moment; asked before every attempt
   */
  Shoppers(int count, long seed, Supplier<URI> server, History history) {
    this.server = server;
    this.history = history;
    this.threads = Executors.newFixedThreadPool(count);
    for (int i = 0; i < ITEMS; i++) {
      tell(Command.register("register-" + i, "ITEM-" + i, OPENING));
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
      Command command =
          switch (random.nextInt(10)) {
            case 0 -> Command.receive(key, sku, units);
            case 1 -> Command.giveBack(key, sku, units, "o");
            case 2 -> Command.adjust(key, sku, -units, "r");
            default -> Command.deduct(key, sku, units, "o");
          };
      tell(command);
      if (random.nextInt(20) == 0) {
        tell(command);
      }
    }
  }

  /** Sends until the answer is definite. */
  private void tell(Command command) {
    history.sends(command);
    HttpResponse<String> answer = attempt(command);
    while (answer == null
        || answer.statusCode() == 503
        || answer.body().contains("/problems/request-in-progress")) {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000, 50_000_000));
      answer = attempt(command);
    }
    if (answer.statusCode() != 201 && answer.statusCode() != 409) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
    history.isTold(
        command.key(),
        answer.statusCode(),
        answer.body(),
        answer.headers().firstValue("Idempotency-Replayed").isPresent());
  }

  private @Nullable HttpResponse<String> attempt(Command command) {
    try {
      return http.send(
          HttpRequest.newBuilder(server.get().resolve(command.path()))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", command.key())
              .POST(HttpRequest.BodyPublishers.ofString(command.body()))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException unknown) {
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** One command more: the milliseconds from {@code sinceNanos} until it has a definite answer. */
  long probe(long sinceNanos) {
    String name = "probe-" + ++probes;
    tell(Command.register(name, name.toUpperCase(Locale.ROOT), 0));
    return Duration.ofNanos(System.nanoTime() - sinceNanos).toMillis();
  }

  /** Waits until {@code answers} more are definite, and fails if one met what must not happen. */
  void awaitMore(long answers) {
    long enough = history.answers() + answers;
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              requireWell();
              return history.answers() >= enough;
            });
  }

  private void requireWell() throws InterruptedException, ExecutionException {
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
