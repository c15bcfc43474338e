package io.bincard.domain.hold;

import io.bincard.domain.stock.LocationId;
import java.util.ArrayList;
import java.util.List;

/** Where units are taken from if an order does not say so; pure. */
public enum Allocation {

  /** The first location that has them all. */
  WHOLE {
    @Override
    public List<Taken> take(long units, List<Stocked> places) {
      return places.stream()
          .filter(place -> place.sellable() >= units)
          .findFirst()
          .map(place -> List.of(new Taken(place.location(), units)))
          .orElse(List.of());
    }

    @Override
    public long most(List<Stocked> places) {
      return places.stream().mapToLong(Stocked::sellable).reduce(0, Math::max);
    }
  },

  /** The first location that has them all; where none has, all of them by their order. */
  WHOLE_ELSE_SPLIT {
    @Override
    public List<Taken> take(long units, List<Stocked> places) {
      List<Taken> whole = WHOLE.take(units, places);
      return whole.isEmpty() ? NEAREST.take(units, places) : whole;
    }

    @Override
    public long most(List<Stocked> places) {
      return NEAREST.most(places);
    }
  },

  /** As many as the first location has, the rest from the next, and so on. */
  NEAREST {
    @Override
    public List<Taken> take(long units, List<Stocked> places) {
      List<Taken> taken = new ArrayList<>();
      long left = units;
      for (Stocked place : places) {
        long here = Math.min(left, place.sellable());
        if (here > 0) {
          taken.add(new Taken(place.location(), here));
          left -= here;
        }
      }
      return left > 0 ? List.of() : taken;
    }

    @Override
    public long most(List<Stocked> places) {
      return places.stream().mapToLong(place -> Math.max(0, place.sellable())).sum();
    }
  };

  /**
   * What a location has of a SKU.
   *
   * @param sellable units; below 0 if more is promised than there is
   */
  public record Stocked(LocationId location, long sellable) {}

  /** Units of a SKU that a location gives, at least one. */
  public record Taken(LocationId location, long units) {}

  /**
   * Where {@code units} are taken from.
   *
   * @param units at least one
   * @param places by the order's or the ledger's preference, each once
   * @return nothing if they cannot be had
   */
  public abstract List<Taken> take(long units, List<Stocked> places);

  /** The most units that {@link #take} could find. */
  public abstract long most(List<Stocked> places);
}
