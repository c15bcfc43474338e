package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import io.bincard.application.history.History.Extent;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Order services that sell, restock and correct a few items, price a few orders and take their
 * prices back, and hold others for a time, all at once, and never lose patience: what has no
 * definite answer is sent again with its key, and now and then what has one is, too.
 */
final class Shoppers implements AutoCloseable {

  private static final int ITEMS = 8;
  private static final int OPENING = 200;

  /** Items that are held more than sold, a few in one hold, so that holds meet on them. */
  private static final int HELD = 4;

  /** Of each of them: so few that what lapsed is asked for at once. */
  private static final int HELD_OPENING = 30;

  /** Of which a shopper may still think, whatever became of them. */
  private static final int HOLDS = 6;

  private static final List<String> STEPS =
      List.of("confirm-hold", "confirm-hold", "confirm-hold", "extend-hold", "release-hold");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** More than there ever is. */
  private static final int TOO_MANY = 100_000;

  private static final int ORDERS = 100;

  /** Among whom the uses of a campaign do not last, for all and for each. */
  private static final int CUSTOMERS = 5;

  /** Of the versions of the policy that follow each other. */
  private static final List<Integer> PERCENT = List.of(10, 20);

  /** Campaigns that always run out, of money or of uses, one of them with holds. */
  private static final String POLICY =
      """
      currency = "GBP"

      [[campaign]]
      id = "pot"
      budget = "150.00 GBP"

      [[campaign]]
      id = "few"
      uses = 12
      uses-per-customer = 4

      [[campaign]]
      id = "held"
      budget = "300.00 GBP"
      uses-per-customer = 40

      [[rule]]
      id = "tenth"
      percent-off = PERCENT
      campaign = "pot"
      on = { skus = ["ITEM-0", "ITEM-1", "ITEM-2", "ITEM-3"] }

      [[rule]]
      id = "third"
      percent-off = 33.33
      campaign = "few"
      on = { skus = ["ITEM-4", "ITEM-5"] }

      [[rule]]
      id = "eighth"
      percent-off = 12.5
      campaign = "held"
      on = { skus = ["HELD-0", "HELD-1", "HELD-2"] }
      when = { coupons = ["HOLD"] }
      """;

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
    for (int i = 0; i < HELD; i++) {
      tell(Command.register("register-held-" + i, "HELD-" + i, HELD_OPENING));
    }
    tell(activation("activate", PERCENT.getFirst()));
    for (int i = 0; i < count; i++) {
      String name = "s" + i;
      Random random = new Random(seed + i);
      shoppers.add(threads.submit(() -> shop(name, random)));
    }
  }

  private void shop(String name, Random random) {
    List<String> holds = new ArrayList<>();
    for (int n = 0; !enough; n++) {
      String key = name + "-" + n;
      int kind = random.nextInt(4);
      if (kind == 0) {
        hold(key, holds, random);
        continue;
      }
      Command command = kind == 1 ? discount(key, random) : stock(key, random);
      tell(command);
      if (random.nextInt(20) == 0) {
        tell(command);
      }
    }
  }

  /** A hold, a second step of one of {@code holds}, an order, or more of what is held. */
  private void hold(String key, List<String> holds, Random random) {
    int kind = random.nextInt(20);
    if (kind < 2) {
      tell(Command.receive(key, "HELD-" + random.nextInt(HELD), 10));
    } else if (kind < 5) {
      tell(Command.deductOrder(key, "o", lines(random, false)));
    } else if (kind < 12 || holds.isEmpty()) {
      place(key, holds, random);
    } else {
      String hold = holds.get(random.nextInt(holds.size()));
      Command step = step(key, hold, random);
      tell(step);
      switch (random.nextInt(6)) {
        case 0 -> tell(step);
        case 1 -> tell(new Command(key + "-again", step.type(), "", step.members()));
        case 2 -> holds.remove(hold);
        default -> {}
      }
    }
  }

  /** For 1 to 3 seconds; some are forgotten at once. */
  private void place(String key, List<String> holds, Random random) {
    boolean isPriced = random.nextInt(3) > 0;
    int customer = random.nextInt(CUSTOMERS + 1);
    String members =
        "\"lines\":["
            + lines(random, isPriced)
            + "]"
            + (isPriced && customer < CUSTOMERS ? ",\"customer\":\"c%d\"".formatted(customer) : "")
            + (isPriced && random.nextBoolean() ? ",\"coupons\":[\"HOLD\"]" : "")
            + (random.nextInt(4) > 0 ? ",\"onExhausted\":\"skip\"" : "");
    Command place = Command.placeHold(key, "h-" + key, 1 + random.nextInt(3), members);
    String id = sender.place(server, place).path("id").asString("");
    if (random.nextInt(20) == 0) {
      tell(place);
    }
    if (!id.isEmpty() && random.nextInt(4) > 0) {
      if (holds.size() == HOLDS) {
        holds.removeFirst();
      }
      holds.add(id);
    }
  }

  private static Command step(String key, String hold, Random random) {
    String type = STEPS.get(random.nextInt(STEPS.size()));
    return Command.ofHold(
        key,
        type,
        hold,
        switch (type) {
          case "extend-hold" -> "\"ttlSeconds\":" + (1 + random.nextInt(3));
          case "release-hold" -> "";
          default ->
              switch (random.nextInt(3)) {
                case 0 -> "";
                case 1 -> "\"lines\":[" + line(random) + "],\"rest\":\"keep\"";
                default -> "\"lines\":[" + line(random) + "]";
              };
        });
  }

  /** 1 to 4 lines in any order; two may be of one item. */
  private static String lines(Random random, boolean isPriced) {
    StringJoiner lines = new StringJoiner(",");
    for (int left = random.nextInt(4); left >= 0; left--) {
      lines.add(
          isPriced
              ? line(random).replace("}", ",\"unitPrice\":" + price(random) + "}")
              : line(random));
    }
    return lines.toString();
  }

  private static String line(Random random) {
    String sku =
        random.nextInt(8) > 0 ? "HELD-" + random.nextInt(HELD) : "ITEM-" + random.nextInt(ITEMS);
    return "{\"sku\":\"%s\",\"quantity\":%d}".formatted(sku, 1 + random.nextInt(3));
  }

  private static String price(Random random) {
    return "{\"amount\":%d,\"currency\":\"GBP\"}".formatted(random.nextInt(5_000));
  }

  private static Command stock(String key, Random random) {
    String sku = "ITEM-" + random.nextInt(ITEMS);
    int units = 1 + random.nextInt(5);
    return switch (random.nextInt(10)) {
      case 0 -> Command.receive(key, sku, units);
      case 1 -> Command.giveBack(key, sku, units, "o");
      case 2 -> Command.adjust(key, sku, -units, "r");
      case 3 -> Command.deduct(key, sku, random.nextBoolean() ? TOO_MANY : units, "o");
      default -> Command.deduct(key, sku, units, "o");
    };
  }

  /** For one of few orders, which others price and take back at the same time. */
  private static Command discount(String key, Random random) {
    if (random.nextInt(50) == 0) {
      return activation(key, PERCENT.get(random.nextInt(PERCENT.size())));
    }
    String order = "o-" + random.nextInt(ORDERS);
    if (random.nextInt(3) == 0) {
      return Command.revokeDiscount(key, order);
    }
    StringJoiner lines = new StringJoiner(",", "\"lines\":[", "]");
    for (int left = random.nextInt(3); left >= 0; left--) {
      lines.add(
          "{\"sku\":\"ITEM-%d\",\"quantity\":%d,\"unitPrice\":%s}"
              .formatted(random.nextInt(ITEMS), 1 + random.nextInt(5), price(random)));
    }
    int customer = random.nextInt(CUSTOMERS + 1);
    return Command.applyDiscount(
        key,
        order,
        lines
            + (customer < CUSTOMERS ? ",\"customer\":\"c%d\"".formatted(customer) : "")
            + (random.nextBoolean() ? ",\"onExhausted\":\"skip\"" : ""));
  }

  private static Command activation(String key, int percent) {
    return activation(key, POLICY.replace("PERCENT", Integer.toString(percent)));
  }

  /** Puts {@code policy}, in TOML, in force. */
  static Command activation(String key, String policy) {
    PolicyFile file = new PolicyFile("shop.toml", 0, policy);
    CanonicalPolicy read =
        CanonicalPolicy.of(((PolicyReading.Read) PolicyReader.read(List.of(file))).policy());
    return Command.activatePolicy(key, read.fingerprint().value(), read.json());
  }

  private void tell(Command command) {
    Sender.Answer unused = sender.tell(server, command);
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
