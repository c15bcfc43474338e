package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static io.bincard.domain.stock.Held.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.Decision.Accepted;
import io.bincard.domain.Decision.Rejected;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockCommand.ReturnStock;
import io.bincard.domain.stock.StockCommand.SetStockPolicy;
import io.bincard.domain.stock.StockCommand.UnfreezeStockItem;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import io.bincard.domain.stock.StockRejection.StaleVersion;
import io.bincard.domain.stock.StockRejection.StockItemAlreadyRegistered;
import io.bincard.domain.stock.StockRejection.StockItemFrozen;
import io.bincard.domain.stock.StockRejection.StockItemNotFrozen;
import io.bincard.domain.stock.StockRejection.UnknownStockItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A few items, thousands of random commands, and beside them a model that knows nothing of
 * commands, events or states.
 *
 * <p>The seed is printed; {@code -Dbincard.seed=<number>} runs the same simulation again.
 */
class StockItemSimulation {

  private static final int STEPS = 50_000;

  /**
   * An item is unknown only until its first registration, so one of them gives way to a new one.
   */
  private static final int STEPS_BETWEEN_NEW_ITEMS = 250;

  private static final int MIN_ACCEPTED = 10_000;
  private static final int MIN_REFUSED_BY_EACH_RULE = 100;
  private static final int MIN_TWINS = 2_000;

  private static final long LIMIT = 9_007_199_254_740_991L;

  private static final OrderId ORDER = new OrderId("536365");
  private static final Reason REASON = new Reason("wet/rusty");

  @Test
  void items_do_what_plain_bookkeeping_says() {
    long seed = seed();
    System.out.println("StockItemSimulation: -Dbincard.seed=" + seed);
    Random random = new Random(seed);
    List<Card> cards = cards();
    Map<Class<?>, Integer> refusals = new HashMap<>();
    int accepted = 0;
    int twins = 0;

    for (int step = 0; step < STEPS; step++) {
      if (step % STEPS_BETWEEN_NEW_ITEMS == 0) {
        Card replaced = cards.set(0, new Card("new-" + step, StockItem.UNREGISTERED, new Book()));
        replaced.compareReplay(seed);
      }
      Card card = cards.get(random.nextInt(cards.size()));
      long amount = amount(random, card.book);
      Long expected = expectedVersion(random, card.book.version);
      String kind = KINDS.get(random.nextInt(KINDS.size()));
      boolean twin = random.nextInt(8) == 0;
      String moment =
          "seed %d step %d: %s %d expecting %s".formatted(seed, step, kind, amount, expected);

      for (int i = 0; i < (twin ? 2 : 1); i++) {
        long versionBefore = card.item.version();
        StockRejection refusal = card.perform(kind, amount, expected, moment);
        if (refusal == null) {
          accepted++;
        } else {
          refusals.merge(refusal.getClass(), 1, Integer::sum);
        }
        if (i == 1 && expected != null) {
          twins++;
          assertThat(card.item.version())
              .as("%s: at most the first of two twins that expect one version is taken", moment)
              .isEqualTo(versionBefore);
        }
      }
    }

    assertThat(accepted).as("seed %d is void: accepted", seed).isGreaterThan(MIN_ACCEPTED);
    assertThat(twins).as("seed %d is void: twins", seed).isGreaterThan(MIN_TWINS);
    for (Class<?> rule : StockRejection.class.getPermittedSubclasses()) {
      assertThat(refusals.getOrDefault(rule, 0))
          .as("seed %d is void: refusals by %s", seed, rule.getSimpleName())
          .isGreaterThanOrEqualTo(MIN_REFUSED_BY_EACH_RULE);
    }
    cards.forEach(card -> card.compareReplay(seed));
  }

  private static long seed() {
    String given = System.getProperty("bincard.seed");
    return given == null ? new Random().nextLong() : Long.parseLong(given);
  }

  /** Three items that nobody registered yet, and three with units that holds have promised away. */
  private static List<Card> cards() {
    List<Card> cards = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      cards.add(new Card("unknown-" + i, StockItem.UNREGISTERED, new Book()));
      Book book = new Book();
      book.version = 7;
      book.onHand = 40;
      book.reserved = 10L * i + 5;
      cards.add(
          new Card("reserved-" + i, new StockItem(7, 40, held(10L * i + 5), 0, 0, false), book));
    }
    return cards;
  }

  private static final List<String> KINDS =
      List.of(
          "register",
          "receive",
          "receive",
          "deduct",
          "deduct",
          "deduct",
          "deduct",
          "return",
          "return",
          "adjust",
          "adjust",
          "count",
          "policy",
          "freeze",
          "unfreeze",
          "unfreeze");

  /**
   * Mostly a handful of units, sometimes what just fits or just does not, rarely something huge.
   */
  private static long amount(Random random, Book book) {
    return switch (random.nextInt(20)) {
      case 0 -> LIMIT;
      case 1 -> LIMIT - random.nextInt(50);
      case 2 -> within(LIMIT - book.onHand + random.nextInt(3) - 1);
      case 3, 4 -> within(book.onHand - book.reserved - book.safetyStock + random.nextInt(3) - 1);
      default -> 1 + random.nextInt(30);
    };
  }

  private static long within(long amount) {
    return amount < 1 ? 1 : amount > LIMIT ? LIMIT : amount;
  }

  private static @Nullable Long expectedVersion(Random random, long version) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> Long.valueOf(version);
      case 3 -> Long.valueOf(version + random.nextInt(5) - 2);
      default -> null;
    };
  }

  /** An item of the domain and the same item as bookkeeping has it. */
  private static final class Card {

    private final Sku sku;
    private final LocationId location = LocationId.MAIN;
    private final StockItem start;
    private final Book book;
    private final List<StockEvent> journal = new ArrayList<>();
    private StockItem item;

    Card(String sku, StockItem start, Book book) {
      this.sku = new Sku(sku);
      this.start = start;
      this.item = start;
      this.book = book;
    }

    /**
     * Asks both and compares them; returns the refusal that they agree on, {@code null} if both
     * accept.
     */
    @Nullable StockRejection perform(
        String kind, long amount, @Nullable Long expected, String moment) {
      StockItem before = item;
      Decision<StockEvent, StockRejection> decision =
          item.decide(
              command(kind, amount),
              expected == null ? ExpectedVersion.ANY : new ExpectedVersion.Exactly(expected),
              NOW);
      StockRejection refusal =
          switch (decision) {
            case Accepted<StockEvent, StockRejection>(List<StockEvent> events) -> {
              for (StockEvent event : events) {
                journal.add(event);
                item = item.evolve(event);
              }
              yield null;
            }
            case Rejected<StockEvent, StockRejection>(StockRejection rejection) -> rejection;
          };

      StockRejection refusalByTheBook = book.perform(kind, amount, expected, sku, location);

      assertThat(refusal).as("%s on %s: refusal", moment, before).isEqualTo(refusalByTheBook);
      assertThat(Stream.of(item.version(), item.onHand(), item.reserved(NOW), item.available(NOW)))
          .as("%s on %s: version, on hand, reserved, available", moment, before)
          .containsExactly(
              book.version,
              book.onHand,
              book.reserved,
              book.onHand - book.reserved - book.safetyStock);
      assertThat(item.frozen()).as("%s on %s: frozen", moment, before).isEqualTo(book.frozen);
      return refusal;
    }

    void compareReplay(long seed) {
      StockItem replayed = start;
      for (StockEvent event : journal) {
        replayed = replayed.evolve(event);
      }
      assertThat(replayed).as("seed %d: %s replayed", seed, sku).isEqualTo(item);
    }

    private StockCommand command(String kind, long amount) {
      Quantity quantity = new Quantity(amount);
      return switch (kind) {
        case "register" ->
            new RegisterStockItem(sku, location, quantity, new Quantity(2), new Quantity(10));
        case "receive" -> new ReceiveStock(sku, location, quantity, null);
        case "deduct" -> new DeductStock(sku, location, quantity, ORDER);
        case "return" -> new ReturnStock(sku, location, quantity, ORDER);
        case "adjust" ->
            new AdjustStock(sku, location, new Delta(amount % 2 == 0 ? amount : -amount), REASON);
        case "count" -> new CountStock(sku, location, quantity);
        case "policy" ->
            new SetStockPolicy(
                sku,
                location,
                amount % 3 == 0 ? null : new Quantity(amount % 7),
                amount % 3 == 1 ? null : new Quantity(amount % 23));
        case "freeze" -> new FreezeStockItem(sku, location, REASON);
        case "unfreeze" -> new UnfreezeStockItem(sku, location, REASON);
        default -> throw new AssertionError(kind);
      };
    }
  }

  /**
   * The naive model: a few numbers, and the rules as a shopkeeper would tell them, in the order he
   * checks them.
   */
  private static final class Book {

    private long version = -1;
    private long onHand;
    private long reserved;
    private long safetyStock;
    private long backorderLimit;
    private boolean frozen;

    @Nullable StockRejection perform(
        String kind, long amount, @Nullable Long expected, Sku sku, LocationId location) {
      boolean known = version >= 0;
      if (!known && !kind.equals("register")) {
        return new UnknownStockItem(sku, location);
      }
      if (known && kind.equals("register")) {
        return new StockItemAlreadyRegistered(sku, location);
      }
      if (expected != null && expected != version) {
        return new StaleVersion(sku, location, expected, version);
      }
      if (frozen && !kind.equals("unfreeze") && !kind.equals("count")) {
        return new StockItemFrozen(sku, location);
      }
      if (!frozen && kind.equals("unfreeze")) {
        return new StockItemNotFrozen(sku, location);
      }

      if (kind.equals("register")) {
        onHand = amount;
        safetyStock = 2;
        backorderLimit = 10;
      } else if (kind.equals("receive") || kind.equals("return")) {
        if (amount > LIMIT - onHand) {
          return new QuantityLimitExceeded(sku, location, onHand, amount, LIMIT);
        }
        onHand += amount;
      } else if (kind.equals("deduct")) {
        long mayBeSold = onHand - reserved - safetyStock + backorderLimit;
        if (mayBeSold < amount) {
          return new InsufficientStock(sku, location, amount, mayBeSold);
        }
        onHand -= amount;
      } else if (kind.equals("adjust") && amount % 2 == 0) {
        if (amount > LIMIT - onHand) {
          return new QuantityLimitExceeded(sku, location, onHand, amount, LIMIT);
        }
        onHand += amount;
      } else if (kind.equals("adjust")) {
        long mayBeWrittenOff = onHand - reserved;
        if (mayBeWrittenOff < amount) {
          return new AdjustmentExceedsStock(sku, location, -amount, onHand, reserved);
        }
        onHand -= amount;
      } else if (kind.equals("count")) {
        if (amount - onHand > LIMIT) {
          return new QuantityLimitExceeded(sku, location, onHand, amount - onHand, LIMIT);
        }
        if (amount < reserved) {
          return new CountBelowReserved(sku, location, amount, reserved);
        }
        onHand = amount;
      } else if (kind.equals("policy")) {
        if (amount % 3 != 0) {
          safetyStock = amount % 7;
        }
        if (amount % 3 != 1) {
          backorderLimit = amount % 23;
        }
      } else if (kind.equals("freeze")) {
        frozen = true;
      } else {
        frozen = false;
      }
      version++;
      return null;
    }
  }
}
