package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.EAST;
import static io.bincard.domain.hold.HoldScenario.GBP;
import static io.bincard.domain.hold.HoldScenario.LAMP;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.WEST;
import static io.bincard.domain.hold.HoldScenario.accepted;
import static io.bincard.domain.hold.HoldScenario.gbp;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountCommand.RevokeDiscount;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.DiscountRejection.BudgetExhausted;
import io.bincard.domain.discount.DiscountRejection.DiscountAlreadyApplied;
import io.bincard.domain.discount.DiscountRejection.DiscountNotApplied;
import io.bincard.domain.discount.Discounting.Shortage;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldRejection.ExceedsHold;
import io.bincard.domain.hold.HoldRejection.Excess;
import io.bincard.domain.hold.HoldRejection.HeldItemsFrozen;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyConfirmed;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyReleased;
import io.bincard.domain.hold.HoldRejection.HoldExpired;
import io.bincard.domain.hold.HoldRejection.HoldLifetimeExceeded;
import io.bincard.domain.hold.HoldRejection.UnknownHold;
import io.bincard.domain.hold.NaiveShop.Found;
import io.bincard.domain.hold.NaiveShop.Priced;
import io.bincard.domain.hold.NaiveShop.Promised;
import io.bincard.domain.hold.NaiveShop.Row;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockRejection;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Few items, budgets and customers, thousands of random orders by a clock that creeps, leaps and
 * now and then steps back, and beside them a {@link NaiveShop}.
 *
 * <p>The seed is printed; {@code -Dbincard.seed=<number>} runs the same simulation again.
 */
class HoldSimulation {

  private static final int SHOPS = 30;
  private static final int STEPS = 300;
  private static final int MIN_OF_EACH_OUTCOME = 5;

  private static final long BUDGET = 1_500;
  private static final long USES = 6;
  private static final long USES_PER_CUSTOMER = 2;
  private static final CampaignId MONEY = new CampaignId("money");
  private static final CampaignId COUNTED = new CampaignId("counted");
  private static final StockItemId OWING = new StockItemId(LAMP, WEST);
  private static final Sku NEVER_SEEN = new Sku("SPOON");

  /** Nobody expects a version, the policy is in force, and no clock runs for a week. */
  private static final Set<Class<?>> NEVER_HERE =
      Set.of(
          HoldRejection.StaleHoldVersion.class,
          HoldRejection.PriceRefused.class,
          HoldLifetimeExceeded.class);

  private static final Reason REASON = new Reason("wet");

  private static Rule percent(String id, int percent, Sku sku, CampaignId campaign) {
    return new Rule(
        new RuleId(id),
        0,
        new Stacking.WithinGroup("g"),
        Scope.ofSkus(Set.of(sku)),
        Conditions.NONE,
        new Benefit.PercentOff(new BasisPoints(100 * percent)),
        null,
        campaign);
  }

  private static final PolicyVersion POLICY =
      new PolicyVersion(
          new PolicyFingerprint("b".repeat(64)),
          new DiscountPolicy(
              GBP,
              ZoneOffset.UTC,
              Map.of(),
              List.of(
                  new Campaign(MONEY, gbp(BUDGET), null, null),
                  new Campaign(COUNTED, null, USES, USES_PER_CUSTOMER)),
              List.of(
                  percent("a", 13, MUG, MONEY),
                  percent("b", 17, LAMP, COUNTED),
                  percent("c", 7, LAMP, MONEY))));

  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  void holds_do_what_adding_everything_up_anew_says() {
    String given = System.getProperty("bincard.seed");
    long seed = given == null ? new Random().nextLong() : Long.parseLong(given);
    System.out.println("HoldSimulation: -Dbincard.seed=" + seed);
    Random random = new Random(seed);

    for (int shop = 0; shop < SHOPS; shop++) {
      Shop it = new Shop(random, "seed " + seed + " shop " + shop);
      for (int step = 0; step < STEPS; step++) {
        it.step(step);
      }
      it.close();
    }

    for (Class<?> rule : HoldRejection.class.getPermittedSubclasses()) {
      if (!NEVER_HERE.contains(rule)) {
        happened(rule.getSimpleName(), seed);
      }
    }
    for (String outcome :
        List.of(
            "placed",
            "confirmed",
            "confirmed in part",
            "extended",
            "released",
            "nothing changes",
            "overdue",
            "expired",
            "deducted",
            "applied",
            "revoked",
            "short of budget",
            "BudgetExhausted",
            "InsufficientStock",
            "AdjustmentExceedsStock",
            "CountBelowReserved")) {
      happened(outcome, seed);
    }
  }

  private void happened(String outcome, long seed) {
    assertThat(outcomes.getOrDefault(outcome, 0))
        .as("seed %s is void: %s", seed, outcome)
        .isGreaterThanOrEqualTo(MIN_OF_EACH_OUTCOME);
  }

  private void count(Object outcome) {
    String name = outcome instanceof String told ? told : outcome.getClass().getSimpleName();
    outcomes.merge(name, 1, Integer::sum);
  }

  /** A ledger and a naive shop that are asked the same. */
  private final class Shop {

    private final Random random;
    private final String name;
    private final HoldBook book;
    private final NaiveShop naive;
    private final Map<StockItemId, StockItem> itemsAlone = new HashMap<>();
    private final Map<AccountId, CampaignAccount> accountsAlone = new HashMap<>();
    private final Map<HoldId, Hold> holdsAlone = new HashMap<>();
    private final Set<CustomerId> customers = new HashSet<>();
    private int seen;
    private String moment = "";

    Shop(Random random, String name) {
      this.random = random;
      this.name = name;
      Instant start = Instant.parse("2026-12-01T12:00:00.123Z");
      Sources sources =
          new Sources(List.of(Allocation.values()).get(random.nextInt(3)), List.of(EAST, WEST));
      book = new HoldBook(start);
      book.policy = POLICY;
      book.sources = sources;
      naive = new NaiveShop(POLICY, sources, start);
      for (Sku sku : List.of(MUG, LAMP)) {
        for (LocationId location : List.of(EAST, WEST)) {
          StockItemId item = new StockItemId(sku, location);
          long backorders = item.equals(OWING) ? 4 : 0;
          HoldScenario.register(book, item, 20, backorders);
          naive.onHand.put(item, 20L);
          naive.backorders.put(item, backorders);
        }
      }
    }

    void step(int step) {
      moveClock();
      moment = name + " step " + step + " at " + book.now;
      switch (random.nextInt(22)) {
        case 0, 1, 2, 3, 4, 5 -> place();
        case 6, 7, 8, 9 -> second(confirm());
        case 10, 11 -> second(new ExtendHold(anyHold(), seconds()));
        case 12 -> second(new ReleaseHold(anyHold()));
        case 13 -> expire(anyHold());
        case 14 -> deductOrder();
        case 15, 16, 17 -> stock();
        case 18, 19, 20 -> apply();
        default -> revoke();
      }
      audit();
    }

    private void moveClock() {
      List<Promised> all = List.copyOf(naive.holds.values());
      Instant now = book.now;
      Instant next =
          switch (random.nextInt(12)) {
            case 0, 1, 2 -> now;
            case 3, 4, 5 -> now.plusNanos(random.nextInt(3_000_000));
            case 6, 7, 8 -> now.plusMillis(random.nextInt(5_000));
            case 9 -> now.plusSeconds(random.nextInt(20));
            case 10 ->
                all.isEmpty()
                    ? now
                    : all.get(random.nextInt(all.size())).until.minusNanos(random.nextInt(2));
            default -> random.nextInt(4) == 0 ? now.minusMillis(random.nextInt(3_000)) : now;
          };
      book.now = next.isBefore(now.minusSeconds(3)) ? now : next;
      naive.now = book.now;
    }

    private long seconds() {
      return random.nextInt(20) == 0 ? HoldCommand.MAX_TTL_SECONDS : 1 + random.nextLong(60);
    }

    private @Nullable CustomerId customer() {
      CustomerId customer = random.nextInt(4) == 0 ? null : new CustomerId("c" + random.nextInt(3));
      if (customer != null) {
        customers.add(customer);
      }
      return customer;
    }

    private OnExhausted mode() {
      return random.nextBoolean() ? OnExhausted.SKIP : OnExhausted.REJECT;
    }

    private Sku sku() {
      return random.nextInt(40) == 0 ? NEVER_SEEN : random.nextBoolean() ? MUG : LAMP;
    }

    private @Nullable LocationId location() {
      return switch (random.nextInt(5)) {
        case 0 -> EAST;
        case 1 -> WEST;
        default -> null;
      };
    }

    private List<OrderLine> lines(boolean priced) {
      List<OrderLine> lines = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        long units = 1 + random.nextLong(random.nextInt(6) == 0 ? 25 : 4);
        lines.add(
            priced
                ? HoldScenario.line(sku(), location(), units, random.nextInt(400))
                : HoldScenario.line(sku(), location(), units));
      }
      return lines;
    }

    private List<LocationId> near() {
      return random.nextInt(3) > 0
          ? List.of()
          : random.nextBoolean() ? List.of(WEST) : List.of(WEST, EAST);
    }

    private OrderId order() {
      return new OrderId("o" + random.nextInt(12));
    }

    private HoldId anyHold() {
      List<HoldId> all = List.copyOf(naive.holds.keySet());
      return all.isEmpty() || random.nextInt(30) == 0
          ? new HoldId(new UUID(0, 0))
          : all.get(Math.max(0, all.size() - 1 - random.nextInt(6)));
    }

    private void place() {
      boolean priced = random.nextInt(4) > 0;
      PlaceHold command =
          new PlaceHold(
              order(),
              lines(priced),
              near(),
              Set.of(),
              customer(),
              mode(),
              ReleaseStage.STABLE,
              seconds());
      HoldId id = new HoldId(new UUID(random.nextLong(), random.nextLong()));
      Cart cart = command.cart();
      Priced price = cart == null ? null : naive.price(cart, command.onExhausted());
      Found found = naive.find(command.orderId(), command.lines(), command.locations(), price);

      Decision<LedgerEvent, HoldRejection> decision = book.place(id, command);

      if (!found.obstacles().isEmpty()) {
        refused(decision, found.obstacles());
        count(found.obstacles().budgets().isEmpty() ? "short of stock" : "short of budget");
        return;
      }
      HoldPlaced placed = (HoldPlaced) accepted(decision).getFirst();
      Instant at = Instant.ofEpochMilli(book.now.toEpochMilli());
      assertThat(
              placed.parts().stream()
                  .map(
                      it ->
                          told(
                              it.line(),
                              it.item(),
                              it.quantity().units(),
                              it.finalPrice() == null ? 0 : it.finalPrice().amount())))
          .as(moment)
          .isEqualTo(
              found.rows().stream().map(it -> told(it.line, it.item, it.units, it.price)).toList());
      naive.holds.put(
          id,
          new Promised(
              id,
              priced ? command.customer() : null,
              found.rows(),
              at,
              at.plusSeconds(command.ttlSeconds())));
      count("placed");
    }

    private static String told(int line, StockItemId item, long units, long price) {
      return line + ": " + units + " of " + item + " for " + price;
    }

    private void refused(Decision<LedgerEvent, HoldRejection> decision, HoldRejection rejection) {
      assertThat(decision).as(moment).isEqualTo(Decision.reject(rejection));
      count(rejection);
    }

    private ConfirmHold confirm() {
      HoldId id = anyHold();
      Promised hold = naive.holds.get(id);
      return new ConfirmHold(
          id,
          random.nextInt(4) == 0
              ? List.of()
              : hold == null || random.nextInt(8) == 0 ? lines(false) : some(hold),
          random.nextInt(4) == 0 ? Rest.RELEASE : Rest.KEEP);
    }

    /** Mostly no more than is left of it. */
    private List<OrderLine> some(Promised hold) {
      List<OrderLine> some = new ArrayList<>();
      for (Row row : hold.rows) {
        if (some.isEmpty() || random.nextInt(3) == 0) {
          some.add(
              HoldScenario.line(
                  row.item.sku(),
                  random.nextBoolean() ? row.item.location() : null,
                  1 + random.nextLong(Math.max(1, row.left()))));
        }
      }
      return some;
    }

    private void second(SecondStep command) {
      Promised hold = naive.holds.get(command.hold());
      List<Excess> excesses = new ArrayList<>();
      HoldRejection obstacle =
          hold == null ? new UnknownHold(command.hold()) : obstacle(command, hold, excesses);
      boolean isNew = hold != null && hold.isOpen(naive.now);

      Decision<LedgerEvent, HoldRejection> decision = book.step(command);

      if (obstacle != null) {
        refused(decision, obstacle);
        return;
      }
      List<LedgerEvent> events = accepted(decision);
      if (!isNew || hold == null) {
        assertThat(events).as(moment).isEmpty();
        count("nothing changes");
        return;
      }
      switch (command) {
        case ConfirmHold c -> confirmed(c, hold, events);
        case ExtendHold c -> {
          Instant until = until(c);
          boolean isLater = isLonger(until, hold);
          assertThat(events.isEmpty()).as(moment).isEqualTo(!isLater);
          hold.until = isLater ? until : hold.until;
          count(isLater ? "extended" : "nothing changes");
        }
        case ReleaseHold c -> {
          hold.status = Hold.Status.RELEASED;
          count("released");
        }
      }
      int length = book.journal.size();
      if (!(command instanceof ConfirmHold c) || c.lines().isEmpty()) {
        accepted(book.step(command));
        assertThat(book.journal).as("%s: again", moment).hasSize(length);
      }
    }

    /** By a second at least. */
    private static boolean isLonger(Instant until, Promised hold) {
      return Duration.between(hold.until, until).toMillis() >= 1_000;
    }

    private Instant until(ExtendHold command) {
      return Instant.ofEpochMilli(naive.now.toEpochMilli()).plusSeconds(command.ttlSeconds());
    }

    private @Nullable HoldRejection obstacle(
        SecondStep command, Promised hold, List<Excess> excesses) {
      HoldId id = hold.id;
      boolean isAll = command instanceof ConfirmHold c && c.lines().isEmpty();
      boolean isRelease = command instanceof ReleaseHold;
      if (hold.status == Hold.Status.CONFIRMED) {
        boolean isWhole = hold.rows.stream().allMatch(row -> row.left() == 0);
        return isAll && isWhole ? null : new HoldAlreadyConfirmed(id);
      }
      if (hold.status == Hold.Status.RELEASED) {
        return isRelease ? null : new HoldAlreadyReleased(id);
      }
      if (!hold.isOpen(naive.now)) {
        return isRelease ? null : new HoldExpired(id, hold.until);
      }
      List<StockItemId> touched = new ArrayList<>();
      switch (command) {
        case ConfirmHold c -> {
          long[] picked = NaiveShop.pick(hold, c.lines(), excesses);
          if (!excesses.isEmpty()) {
            return new ExceedsHold(id, excesses);
          }
          for (int i = 0; i < picked.length; i++) {
            if (picked[i] > 0) {
              touched.add(hold.rows.get(i).item);
            }
          }
        }
        case ExtendHold c -> {
          Instant latest = hold.placedAt.plus(Duration.ofDays(7));
          if (!isLonger(until(c), hold)) {
            return null;
          }
          if (until(c).isAfter(latest)) {
            return new HoldLifetimeExceeded(id, until(c), latest);
          }
          for (Row row : hold.rows) {
            if (row.left() > 0) {
              touched.add(row.item);
            }
          }
        }
        case ReleaseHold c -> {
          return null;
        }
      }
      List<StockItemId> frozen =
          touched.stream().distinct().filter(naive.frozen::contains).toList();
      return frozen.isEmpty() ? null : new HeldItemsFrozen(id, frozen);
    }

    private void confirmed(ConfirmHold command, Promised hold, List<LedgerEvent> events) {
      long[] picked = NaiveShop.pick(hold, command.lines(), new ArrayList<>());
      long pay = naive.sell(hold, picked);
      boolean isWhole = hold.rows.stream().allMatch(row -> row.left() == 0);
      if (isWhole || command.rest() == Rest.RELEASE) {
        hold.status = Hold.Status.CONFIRMED;
      }
      HoldConfirmed event = (HoldConfirmed) events.getFirst();
      assertThat(event.rest()).as(moment).isEqualTo(isWhole ? null : command.rest());
      assertThat(
              event.parts().stream()
                  .mapToLong(it -> it.finalPrice() == null ? 0 : it.finalPrice().amount())
                  .sum())
          .as(moment)
          .isEqualTo(pay);
      count(isWhole ? "confirmed" : "confirmed in part");
    }

    private void expire(HoldId id) {
      Promised hold = naive.holds.get(id);
      boolean isDue = hold != null && hold.status == Hold.Status.PLACED && !hold.isOpen(naive.now);
      assertThat(book.expire(id).isEmpty()).as(moment).isEqualTo(!isDue);
    }

    private void deductOrder() {
      DeductOrder command = new DeductOrder(order(), lines(false), near());
      Found found = naive.find(command.orderId(), command.lines(), command.locations(), null);
      Decision<LedgerEvent, HoldRejection> decision = book.deduct(command);
      if (!found.obstacles().isEmpty()) {
        refused(decision, found.obstacles());
        return;
      }
      accepted(decision);
      found.rows().forEach(row -> naive.onHand.merge(row.item, -row.units, Long::sum));
      count("deducted");
    }

    private void stock() {
      StockItemId item =
          new StockItemId(random.nextBoolean() ? MUG : LAMP, random.nextBoolean() ? EAST : WEST);
      Sku sku = item.sku();
      LocationId location = item.location();
      long onHand = naive.onHand.getOrDefault(item, 0L);
      long reserved = naive.reserved(item);
      long units = 1 + random.nextLong(12);
      Quantity quantity = new Quantity(units);
      boolean isFrozen = naive.frozen.contains(item);
      StockRejection insufficient =
          units > naive.sellable(item)
              ? new InsufficientStock(sku, location, units, naive.sellable(item))
              : null;
      StockCommand deduct = new StockCommand.DeductStock(sku, location, quantity, order());
      switch (isFrozen ? 7 : random.nextInt(7)) {
        case 0, 1 -> told(deduct, insufficient, onHand - units);
        case 2 ->
            told(
                new StockCommand.AdjustStock(sku, location, new Delta(-units), REASON),
                onHand - units < reserved
                    ? new AdjustmentExceedsStock(sku, location, -units, onHand, reserved)
                    : null,
                onHand - units);
        case 3, 6 ->
            told(
                new StockCommand.CountStock(sku, location, quantity),
                units < reserved ? new CountBelowReserved(sku, location, units, reserved) : null,
                units);
        case 4 ->
            told(
                new StockCommand.ReceiveStock(sku, location, quantity, null), null, onHand + units);
        case 5 -> {
          told(new StockCommand.FreezeStockItem(sku, location, REASON), null, onHand);
          naive.frozen.add(item);
        }
        default -> {
          told(deduct, new StockRejection.StockItemFrozen(sku, location), onHand);
          if (random.nextInt(3) == 0) {
            told(new StockCommand.UnfreezeStockItem(sku, location, REASON), null, onHand);
            naive.frozen.remove(item);
          }
        }
      }
    }

    private void told(StockCommand command, @Nullable StockRejection refusal, long after) {
      Decision<StockEvent, StockRejection> decision = book.stock(command);
      if (refusal == null) {
        accepted(decision);
        naive.onHand.put(command.item(), after);
      } else {
        assertThat(decision).as(moment).isEqualTo(Decision.reject(refusal));
        count(refusal);
      }
    }

    private void apply() {
      OrderId order = order();
      Cart cart =
          new Cart(lines(true).stream().map(OrderLine::toCartLine).toList(), Set.of(), customer());
      OnExhausted mode = mode();
      Priced price = naive.price(cart, mode);
      DiscountRejection refusal = null;
      if (naive.discounts.containsKey(order)) {
        refusal = new DiscountAlreadyApplied(order);
      } else if (!price.shortages().isEmpty()) {
        Shortage first = price.shortages().getFirst();
        refusal =
            new BudgetExhausted(
                order, first.campaign(), first.limit(), first.requested(), first.left());
      }
      Decision<DiscountEvent, DiscountRejection> decision =
          book.discount(ApplyDiscount.of(order, cart, mode));
      if (refusal == null) {
        accepted(decision);
        naive.applied(order, price.order(), cart.customer());
        count("applied");
      } else {
        assertThat(decision).as(moment).isEqualTo(Decision.reject(refusal));
        count(refusal);
      }
    }

    private void revoke() {
      OrderId order = order();
      Decision<DiscountEvent, DiscountRejection> decision =
          book.discount(new RevokeDiscount(order));
      if (naive.discounts.containsKey(order)) {
        accepted(decision);
        naive.revoked(order);
        count("revoked");
      } else {
        assertThat(decision).as(moment).isEqualTo(Decision.reject(new DiscountNotApplied(order)));
      }
    }

    /** Each stream is folded alone, and nothing is promised at any event that is not there. */
    private void audit() {
      for (LedgerEvent event : book.journal.subList(seen, book.journal.size())) {
        switch (event) {
          case StockEvent e -> {
            StockItem item = itemsAlone.getOrDefault(e.item(), StockItem.UNREGISTERED).evolve(e);
            itemsAlone.put(e.item(), item);
            long owed = e.item().equals(OWING) ? 4 : 0;
            assertThat(item.reservations().total())
                .as("%s: %s", moment, e)
                .isBetween(0L, item.onHand() + owed);
          }
          case DiscountEvent.OfAccount e -> {
            CampaignAccount account =
                accountsAlone.getOrDefault(e.account(), CampaignAccount.UNTOUCHED).evolve(e);
            accountsAlone.put(e.account(), account);
            isWithinItsLimits(e.account(), account, moment + ": " + e);
          }
          case HoldEvent e -> {
            holdsAlone.put(e.hold(), holdsAlone.getOrDefault(e.hold(), Hold.UNKNOWN).evolve(e));
            if (e instanceof HoldEvent.HoldExpired) {
              Promised hold = Objects.requireNonNull(naive.holds.get(e.hold()));
              assertThat(hold.isOpen(naive.now)).as("%s: %s", moment, e).isFalse();
              hold.status = Hold.Status.EXPIRED;
              count("expired");
            }
          }
          default -> {}
        }
      }
      seen = book.journal.size();
      compare();
    }

    private static void isWithinItsLimits(AccountId id, CampaignAccount account, String moment) {
      if (id.campaign().equals(MONEY) && id.customer() == null) {
        assertThat(account.spent(GBP) + account.reserved(GBP).total())
            .as(moment)
            .isBetween(0L, BUDGET);
      }
      if (id.campaign().equals(COUNTED)) {
        assertThat(account.uses() + account.reservedUses().total())
            .as(moment)
            .isBetween(0L, id.customer() == null ? USES : USES_PER_CUSTOMER);
      }
    }

    private void compare() {
      Instant now = naive.now;
      assertThat(itemsAlone).as(moment).isEqualTo(book.items);
      assertThat(accountsAlone).as(moment).isEqualTo(book.accounts);
      assertThat(holdsAlone).as(moment).isEqualTo(book.holds);
      Map<StockItemId, Map<HoldId, Long>> held = new HashMap<>();
      naive.holds.forEach(
          (id, promised) -> {
            Hold hold = Objects.requireNonNull(holdsAlone.get(id));
            assertThat(hold.status()).as("%s: %s", moment, id).isEqualTo(promised.status);
            assertThat(hold.expiresAt()).as("%s: %s", moment, id).isEqualTo(promised.until);
            if (hold.isOverdue(now)) {
              count("overdue");
            }
            if (hold.status() == Hold.Status.PLACED) {
              hold.left()
                  .forEach(
                      (item, units) ->
                          held.computeIfAbsent(item, any -> new HashMap<>()).put(id, units));
            }
          });
      naive.onHand.forEach(
          (id, units) -> {
            StockItem item = Objects.requireNonNull(itemsAlone.get(id));
            assertThat(item.onHand()).as("%s: %s", moment, id).isEqualTo(units);
            assertThat(item.reserved(now)).as("%s: %s", moment, id).isEqualTo(naive.reserved(id));
            Map<HoldId, Long> reserved = new HashMap<>();
            item.reservations().forEach(it -> reserved.put(it.hold(), it.amount()));
            assertThat(reserved)
                .as("%s: %s and the holds on it", moment, id)
                .isEqualTo(held.getOrDefault(id, Map.of()));
          });
      for (CampaignId campaign : List.of(MONEY, COUNTED)) {
        compare(new AccountId(campaign, null));
        customers.forEach(customer -> compare(new AccountId(campaign, customer)));
      }
    }

    private void compare(AccountId id) {
      CampaignAccount account = book.account(id);
      assertThat(account.taken(GBP, naive.now)).as("%s: %s", moment, id).isEqualTo(naive.taken(id));
      assertThat(account.takenUses(naive.now))
          .as("%s: %s", moment, id)
          .isEqualTo(naive.takenUses(id));
    }

    /** All holds end, and what was not sold is there. */
    void close() {
      book.now = book.now.plus(HoldCommand.MAX_LIFETIME);
      naive.now = book.now;
      moment = name + " at its end";
      naive.holds.keySet().forEach(book::expire);
      audit();
      book.items.forEach(
          (id, item) -> assertThat(item.reservations().isEmpty()).as("%s", id).isTrue());
      book.accounts.forEach(
          (id, account) -> {
            assertThat(account.reserved()).as("%s", id).isEmpty();
            assertThat(account.reservedUses().isEmpty()).as("%s", id).isTrue();
            assertThat(account.spent(GBP)).isEqualTo(naive.spent.getOrDefault(id, 0L));
            assertThat(account.uses()).isEqualTo(naive.uses.getOrDefault(id, 0L));
          });
    }
  }
}
