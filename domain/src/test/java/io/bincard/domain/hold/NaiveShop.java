package io.bincard.domain.hold;

import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.DiscountRejection.Limit;
import io.bincard.domain.discount.Discounting.Shortage;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.hold.HoldRejection.Excess;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.Place;
import io.bincard.domain.hold.HoldRejection.Shortfall;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The same shop in plain figures: what is promised is added up anew from all orders whenever
 * somebody asks, and nobody writes down that time is over.
 */
final class NaiveShop {

  /** Units of a line at one place. */
  static final class Row {
    final int line;
    final StockItemId item;
    final long units;
    long sold;
    long price;
    final Map<CampaignId, Long> paid = new HashMap<>();

    Row(int line, StockItemId item, long units) {
      this.line = line;
      this.item = item;
      this.units = units;
    }

    long left() {
      return units - sold;
    }
  }

  static final class Promised {
    final HoldId id;
    final @Nullable CustomerId customer;
    final List<Row> rows;
    final Instant placedAt;
    Instant until;
    Hold.Status status = Hold.Status.PLACED;

    Promised(
        HoldId id, @Nullable CustomerId customer, List<Row> rows, Instant placedAt, Instant until) {
      this.id = id;
      this.customer = customer;
      this.rows = rows;
      this.placedAt = placedAt;
      this.until = until;
    }

    boolean isOpen(Instant now) {
      return status == Hold.Status.PLACED && now.compareTo(until) < 0;
    }

    boolean hasUsed(CampaignId campaign) {
      return rows.stream().anyMatch(row -> row.sold > 0 && row.paid.containsKey(campaign));
    }
  }

  final Map<StockItemId, Long> onHand = new LinkedHashMap<>();
  final Map<StockItemId, Long> backorders = new HashMap<>();
  final Set<StockItemId> frozen = new HashSet<>();
  final Map<HoldId, Promised> holds = new LinkedHashMap<>();
  final Map<AccountId, Long> spent = new HashMap<>();
  final Map<AccountId, Long> uses = new HashMap<>();
  final Map<OrderId, Map<AccountId, Long>> discounts = new HashMap<>();
  final PolicyVersion policy;
  final Sources sources;
  Instant now;

  NaiveShop(PolicyVersion policy, Sources sources, Instant now) {
    this.policy = policy;
    this.sources = sources;
    this.now = now;
  }

  static long round(long amount, long part, long of) {
    return BigDecimal.valueOf(amount)
        .multiply(BigDecimal.valueOf(part))
        .divide(BigDecimal.valueOf(of), 0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  long reserved(StockItemId item) {
    long sum = 0;
    for (Promised hold : holds.values()) {
      for (Row row : hold.rows) {
        sum += hold.isOpen(now) && row.item.equals(item) ? row.left() : 0;
      }
    }
    return sum;
  }

  long sellable(StockItemId item) {
    return onHand.getOrDefault(item, 0L) - reserved(item) + backorders.getOrDefault(item, 0L);
  }

  private static boolean concerns(AccountId account, @Nullable CustomerId customer) {
    return account.customer() == null || account.customer().equals(customer);
  }

  long taken(AccountId account) {
    long sum = spent.getOrDefault(account, 0L);
    for (Promised hold : holds.values()) {
      if (hold.isOpen(now) && concerns(account, hold.customer)) {
        for (Row row : hold.rows) {
          long paid = row.paid.getOrDefault(account.campaign(), 0L);
          sum += paid - round(paid, row.sold, row.units);
        }
      }
    }
    return sum;
  }

  long takenUses(AccountId account) {
    return uses.getOrDefault(account, 0L)
        + holds.values().stream()
            .filter(hold -> hold.isOpen(now) && concerns(account, hold.customer))
            .filter(
                hold ->
                    hold.rows.stream().anyMatch(row -> row.paid.containsKey(account.campaign())))
            .filter(hold -> !hold.hasUsed(account.campaign()))
            .count();
  }

  // Prices

  record Priced(PricedOrder order, List<Shortage> shortages) {}

  Priced price(io.bincard.domain.cart.Cart cart, OnExhausted mode) {
    Set<CampaignId> without = new HashSet<>();
    for (Campaign campaign : policy.policy().campaigns()) {
      boolean isUsedUp =
          cart.customer() != null
              && campaign.usesPerCustomer() != null
              && takenUses(new AccountId(campaign.id(), cart.customer()))
                  >= campaign.usesPerCustomer();
      if (isUsedUp || (mode == OnExhausted.SKIP && left(campaign) == 0)) {
        without.add(campaign.id());
      }
    }
    while (true) {
      PricedOrder order = policy.pricing().price(cart, policy.at(now), without);
      List<Shortage> shortages = new ArrayList<>();
      Map<String, Long> byName = new TreeMap<>();
      order.discountByCampaign().forEach((id, amount) -> byName.put(id.value(), amount));
      byName.forEach(
          (name, amount) -> {
            Campaign campaign = policy.policy().campaign(new CampaignId(name));
            if (campaign == null) {
              throw new AssertionError(name);
            }
            if (hasNoUse(campaign)) {
              shortages.add(new Shortage(campaign.id(), Limit.USES, 1, 0));
            } else if (amount > left(campaign)) {
              shortages.add(new Shortage(campaign.id(), Limit.MONEY, amount, left(campaign)));
            }
          });
      if (shortages.isEmpty() || mode == OnExhausted.REJECT) {
        return new Priced(order, shortages);
      }
      without.add(shortages.getFirst().campaign());
    }
  }

  private boolean hasNoUse(Campaign campaign) {
    return campaign.uses() != null
        && takenUses(new AccountId(campaign.id(), null)) >= campaign.uses();
  }

  private long left(Campaign campaign) {
    if (hasNoUse(campaign)) {
      return 0;
    }
    return campaign.budget() == null
        ? Long.MAX_VALUE
        : campaign.budget().amount() - taken(new AccountId(campaign.id(), null));
  }

  // Orders

  /** Where the units of each line come from, or everything in the way. */
  record Found(List<Row> rows, OrderRefused obstacles) {}

  Found find(OrderId order, List<OrderLine> lines, List<LocationId> near, @Nullable Priced price) {
    Map<StockItemId, Long> named = new LinkedHashMap<>();
    Map<Sku, Long> anywhere = new LinkedHashMap<>();
    for (OrderLine line : lines) {
      long units = line.quantity().units();
      if (line.location() == null) {
        anywhere.put(line.sku(), anywhere.getOrDefault(line.sku(), 0L) + units);
      } else {
        StockItemId item = new StockItemId(line.sku(), line.location());
        named.put(item, named.getOrDefault(item, 0L) + units);
      }
    }
    List<Place> unknown = new ArrayList<>();
    List<Place> cold = new ArrayList<>();
    List<Shortfall> shortfalls = new ArrayList<>();
    named.forEach(
        (item, units) -> {
          Place place = new Place(item.sku(), item.location());
          if (!onHand.containsKey(item)) {
            unknown.add(place);
          } else if (frozen.contains(item)) {
            cold.add(place);
          } else if (units > sellable(item)) {
            shortfalls.add(new Shortfall(item.sku(), item.location(), units, sellable(item)));
          }
        });
    Map<Sku, List<StockItemId>> units = new HashMap<>();
    anywhere.forEach(
        (sku, sum) -> {
          List<StockItemId> known =
              (near.isEmpty() ? sources.locations() : near)
                  .stream()
                      .map(location -> new StockItemId(sku, location))
                      .filter(onHand::containsKey)
                      .toList();
          List<StockItemId> open = known.stream().filter(it -> !frozen.contains(it)).toList();
          if (open.isEmpty()) {
            (known.isEmpty() ? unknown : cold).add(new Place(sku, null));
            return;
          }
          List<StockItemId> one = oneByOne(open, named, sum);
          if (one.size() < sum) {
            shortfalls.add(new Shortfall(sku, null, sum, most(open, named)));
          }
          units.put(sku, one);
        });
    OrderRefused obstacles =
        new OrderRefused(
            order,
            unknown,
            cold,
            shortfalls,
            List.of(),
            price == null ? List.of() : price.shortages());
    return new Found(obstacles.isEmpty() ? rows(lines, units, price) : List.of(), obstacles);
  }

  /** One place for each of {@code sum} units; fewer if there are not enough. */
  private List<StockItemId> oneByOne(
      List<StockItemId> open, Map<StockItemId, Long> named, long sum) {
    List<StockItemId> places = new ArrayList<>();
    if (sources.allocation() != Allocation.NEAREST) {
      for (StockItemId item : open) {
        if (places.isEmpty() && free(item, named) >= sum) {
          add(places, item, sum);
        }
      }
    }
    if (places.isEmpty() && sources.allocation() != Allocation.WHOLE) {
      for (StockItemId item : open) {
        add(places, item, Math.min(free(item, named), sum - places.size()));
      }
    }
    return places;
  }

  private static void add(List<StockItemId> places, StockItemId item, long times) {
    for (long i = 0; i < times; i++) {
      places.add(item);
    }
  }

  private long free(StockItemId item, Map<StockItemId, Long> named) {
    return Math.max(0, sellable(item) - named.getOrDefault(item, 0L));
  }

  private long most(List<StockItemId> open, Map<StockItemId, Long> named) {
    long sum = 0;
    for (StockItemId item : open) {
      long here = free(item, named);
      sum = sources.allocation() == Allocation.WHOLE ? Math.max(sum, here) : sum + here;
    }
    return sum;
  }

  private static List<Row> rows(
      List<OrderLine> lines, Map<Sku, List<StockItemId>> units, @Nullable Priced price) {
    List<Row> rows = new ArrayList<>();
    Map<Sku, Integer> used = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      OrderLine line = lines.get(i);
      Map<StockItemId, Long> here = new LinkedHashMap<>();
      if (line.location() != null) {
        here.put(new StockItemId(line.sku(), line.location()), line.quantity().units());
      } else {
        List<StockItemId> all = units.getOrDefault(line.sku(), List.of());
        for (long unit = 0; unit < line.quantity().units(); unit++) {
          here.merge(all.get(used.merge(line.sku(), 1, Integer::sum) - 1), 1L, Long::sum);
        }
      }
      long before = 0;
      for (Map.Entry<StockItemId, Long> place : here.entrySet()) {
        Row row = new Row(i, place.getKey(), place.getValue());
        if (price != null) {
          share(row, price.order().lines().get(i), before, before + row.units);
        }
        before += row.units;
        rows.add(row);
      }
    }
    return rows;
  }

  private static void share(Row row, PricedLine line, long from, long to) {
    long of = line.line().quantity().units();
    row.price = round(line.finalPrice(), to, of) - round(line.finalPrice(), from, of);
    Map<CampaignId, Long> paid = new HashMap<>();
    line.adjustments()
        .forEach(
            it -> {
              if (it.campaign() != null) {
                paid.merge(it.campaign(), it.amount(), Long::sum);
              }
            });
    paid.forEach((id, sum) -> row.paid.put(id, round(sum, to, of) - round(sum, from, of)));
  }

  // Second steps

  /** Units of each row that are meant; all that is left if nothing is named. */
  static long[] pick(Promised hold, List<OrderLine> asked, List<Excess> excesses) {
    long[] picked = new long[hold.rows.size()];
    if (asked.isEmpty()) {
      for (int i = 0; i < picked.length; i++) {
        picked[i] = hold.rows.get(i).left();
      }
    }
    for (boolean isNamed : new boolean[] {true, false}) {
      Map<Place, Long> sums = new LinkedHashMap<>();
      for (OrderLine line : asked) {
        if (line.location() != null == isNamed) {
          sums.merge(new Place(line.sku(), line.location()), line.quantity().units(), Long::sum);
        }
      }
      sums.forEach(
          (place, sum) -> {
            long held = 0;
            for (int i = 0; i < picked.length; i++) {
              held += isAt(hold.rows.get(i), place) ? hold.rows.get(i).left() - picked[i] : 0;
            }
            if (held < sum) {
              excesses.add(new Excess(place.sku(), place.location(), sum, held));
              return;
            }
            for (long unit = 0; unit < sum; unit++) {
              int i = 0;
              while (!isAt(hold.rows.get(i), place) || hold.rows.get(i).left() == picked[i]) {
                i++;
              }
              picked[i]++;
            }
          });
    }
    return picked;
  }

  private static boolean isAt(Row row, Place place) {
    return row.item.sku().equals(place.sku())
        && (place.location() == null || row.item.location().equals(place.location()));
  }

  /** Sells {@code picked} units of each row; returns what is to be paid for them. */
  long sell(Promised hold, long[] picked) {
    long pay = 0;
    Set<CampaignId> used = new HashSet<>();
    for (CampaignId id : campaigns(hold)) {
      if (hold.hasUsed(id)) {
        used.add(id);
      }
    }
    for (int i = 0; i < picked.length; i++) {
      Row row = hold.rows.get(i);
      long after = row.sold + picked[i];
      pay += round(row.price, after, row.units) - round(row.price, row.sold, row.units);
      for (Map.Entry<CampaignId, Long> paid : row.paid.entrySet()) {
        long amount =
            round(paid.getValue(), after, row.units) - round(paid.getValue(), row.sold, row.units);
        spend(paid.getKey(), hold.customer, amount, 0);
      }
      onHand.merge(row.item, -picked[i], Long::sum);
      row.sold = after;
    }
    for (CampaignId id : campaigns(hold)) {
      if (hold.hasUsed(id) && !used.contains(id)) {
        spend(id, hold.customer, 0, 1);
      }
    }
    return pay;
  }

  private static Set<CampaignId> campaigns(Promised hold) {
    Set<CampaignId> all = new HashSet<>();
    hold.rows.forEach(row -> all.addAll(row.paid.keySet()));
    return all;
  }

  private void spend(CampaignId id, @Nullable CustomerId customer, long amount, long times) {
    for (AccountId account : accounts(id, customer)) {
      spent.merge(account, amount, Long::sum);
      uses.merge(account, times, Long::sum);
    }
  }

  private static List<AccountId> accounts(CampaignId id, @Nullable CustomerId customer) {
    return customer == null
        ? List.of(new AccountId(id, null))
        : List.of(new AccountId(id, null), new AccountId(id, customer));
  }

  void applied(OrderId order, PricedOrder priced, @Nullable CustomerId customer) {
    Map<AccountId, Long> paid = new HashMap<>();
    priced
        .discountByCampaign()
        .forEach((id, amount) -> accounts(id, customer).forEach(it -> paid.put(it, amount)));
    discounts.put(order, paid);
    paid.forEach((account, amount) -> move(account, amount, 1));
  }

  void revoked(OrderId order) {
    discounts.getOrDefault(order, Map.of()).forEach((it, amount) -> move(it, -amount, -1));
    discounts.remove(order);
  }

  private void move(AccountId account, long amount, long times) {
    spent.merge(account, amount, Long::sum);
    uses.merge(account, times, Long::sum);
  }
}
