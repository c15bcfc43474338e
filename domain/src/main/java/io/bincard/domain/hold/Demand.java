package io.bincard.domain.hold;

import io.bincard.domain.discount.Discounting.Offer;
import io.bincard.domain.hold.Allocation.Stocked;
import io.bincard.domain.hold.Allocation.Taken;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.Place;
import io.bincard.domain.hold.HoldRejection.Shortfall;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of an order ask of each item, all lines together, where it comes from, and what
 * stands in its way.
 */
final class Demand {

  private final Function<StockItemId, StockItem> items;
  private final List<OrderLine> lines;
  private final Instant now;
  private final Map<StockItemId, Long> units = new LinkedHashMap<>();
  private final Map<Sku, Deque<Taken>> allocated = new HashMap<>();
  private final List<Place> unknown = new ArrayList<>();
  private final List<Place> frozen = new ArrayList<>();
  private final List<Shortfall> insufficient = new ArrayList<>();

  /**
   * @param near locations to take units from, rather than those of {@code sources}; may be empty
   */
  Demand(
      Function<StockItemId, StockItem> items,
      Sources sources,
      List<OrderLine> lines,
      List<LocationId> near,
      Instant now) {
    this.items = items;
    this.lines = lines;
    this.now = now;
    Map<Sku, Long> anywhere = new LinkedHashMap<>();
    for (OrderLine line : lines) {
      LocationId location = line.location();
      if (location == null) {
        anywhere.merge(line.sku(), line.quantity().units(), Long::sum);
      } else {
        units.merge(new StockItemId(line.sku(), location), line.quantity().units(), Long::sum);
      }
    }
    units.forEach(this::check);
    anywhere.forEach(
        (sku, sum) ->
            allocate(sources.allocation(), near.isEmpty() ? sources.locations() : near, sku, sum));
  }

  private void check(StockItemId id, long sum) {
    StockItem item = items.apply(id);
    Place place = new Place(id.sku(), id.location());
    if (!item.isRegistered()) {
      unknown.add(place);
    } else if (item.frozen()) {
      frozen.add(place);
    } else if (sum > sellable(item)) {
      insufficient.add(new Shortfall(id.sku(), id.location(), sum, sellable(item)));
    }
  }

  /** As much as can be sold, and as a figure can say to be reserved. */
  private long sellable(StockItem item) {
    return Math.min(item.sellable(now), Quantity.MAX - item.reserved(now));
  }

  private void allocate(Allocation allocation, List<LocationId> order, Sku sku, long sum) {
    List<Stocked> places = new ArrayList<>(order.size());
    boolean isKnown = false;
    for (LocationId location : order) {
      StockItemId id = new StockItemId(sku, location);
      StockItem item = items.apply(id);
      isKnown |= item.isRegistered();
      if (item.isRegistered() && !item.frozen()) {
        places.add(new Stocked(location, sellable(item) - units.getOrDefault(id, 0L)));
      }
    }
    if (places.isEmpty()) {
      (isKnown ? frozen : unknown).add(new Place(sku, null));
      return;
    }
    List<Taken> taken = allocation.take(sum, places);
    if (taken.isEmpty()) {
      insufficient.add(new Shortfall(sku, null, sum, allocation.most(places)));
      return;
    }
    allocated.put(sku, new ArrayDeque<>(taken));
    taken.forEach(
        part -> units.merge(new StockItemId(sku, part.location()), part.units(), Long::sum));
  }

  /** Everything that stands in the way of {@code order}, with {@code offer} as its price. */
  OrderRefused obstacles(OrderId order, @Nullable Offer offer) {
    return new OrderRefused(
        order,
        unknown,
        frozen,
        insufficient,
        offer == null ? List.of() : offer.unusable(),
        offer == null ? List.of() : offer.shortages());
  }

  /** The units of each item. */
  Map<StockItemId, Long> units() {
    return units;
  }

  /** The lines, each with where its units come from. */
  List<Part> parts() {
    Map<Sku, Deque<Taken>> left = new HashMap<>();
    allocated.forEach((sku, taken) -> left.put(sku, new ArrayDeque<>(taken)));
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      OrderLine line = lines.get(i);
      LocationId location = line.location();
      if (location != null) {
        parts.add(new Part(i, line.sku(), location, line.quantity(), null));
      } else {
        split(i, line, Objects.requireNonNull(left.get(line.sku())), parts);
      }
    }
    return parts;
  }

  private static void split(int number, OrderLine line, Deque<Taken> places, List<Part> parts) {
    long missing = line.quantity().units();
    while (missing > 0) {
      Taken place = places.removeFirst();
      long here = Math.min(missing, place.units());
      parts.add(new Part(number, line.sku(), place.location(), new Quantity(here), null));
      missing -= here;
      if (place.units() > here) {
        places.addFirst(new Taken(place.location(), place.units() - here));
      }
    }
  }
}
