package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import io.bincard.application.history.History.Extent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Order services that sell, restock and correct a few items at once and never lose patience: what
 * has no definite answer is sent again with its key, and now and then what has one is, too.
 */
final class Shoppers implements AutoCloseable {

  private static final int ITEMS = 8;
  private static final int OPENING = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** More than there ever is. */
  private static final int TOO_MANY = 100_000;

  private final Supplier<URI> server;
  private final History history;
  private final ExecutorService threads;
  private final List<Future<?>> shoppers = new ArrayList<>();
  private final Sender sender;
  private volatile boolean enough;
  private int probes;

  /**
   * @param server where the ledger is at the moment; asked before every attempt
   */
  Shoppers(int count, long seed, Supplier<URI> server, History history) {
    this.server = server;
    this.history = history;
    this.sender = new Sender(history);
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
            case 3 -> Command.deduct(key, sku, random.nextBoolean() ? TOO_MANY : units, "o");
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
    while (!sender.send(server.get(), command).isDefinite()) {
      Sender.pause();
    }
  }

  /**
   * One command more: the milliseconds from {@code sinceNanos} until it has a definite answer,
   * which it has to have some time.
   */
  long probe(long sinceNanos) {
    String name = "probe-" + ++probes;
    Command command = Command.register(name, name.toUpperCase(Locale.ROOT), 0);
    while (!sender.send(server.get(), command).isDefinite()) {
      if (Millis.since(sinceNanos) > PATIENCE.toMillis()) {
        throw new AssertionError("I11 no definite answer within " + PATIENCE);
      }
      Sender.pause();
    }
    return Millis.since(sinceNanos);
  }

  /** Waits until {@code answers} more are definite, and fails if one met what must not happen. */
  void awaitMore(long answers) {
    long enough = history.answers() + answers;
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              requireWell();
              return history.answers() >= enough;
            });
  }

  /** Waits until so much has happened that the run shows something. */
  void awaitEnough(Extent least) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              requireWell();
              return history.extent().reaches(least);
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
    sender.close();
  }
}
