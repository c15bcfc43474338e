package io.bincard.domain.hold;

import io.bincard.domain.hold.Hold.Line;
import io.bincard.domain.hold.HoldRejection.Excess;
import io.bincard.domain.hold.HoldRejection.Place;
import io.bincard.domain.stock.StockItemId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which of a hold's units are meant by lines that name some of them. */
final class Picking {

  private final List<Line> lines;
  private final long[] units;
  private final List<Excess> excesses = new ArrayList<>();

  /**
   * @param asked what is picked, first where a location is named; empty for everything
   */
  Picking(List<Line> lines, List<OrderLine> asked) {
    this.lines = lines;
    if (asked.isEmpty()) {
      units = lines.stream().mapToLong(Line::left).toArray();
      return;
    }
    units = new long[lines.size()];
    Map<Place, Long> sums = new LinkedHashMap<>();
    asked.forEach(
        line ->
            sums.merge(new Place(line.sku(), line.location()), line.quantity().units(), Long::sum));
    sums.forEach((place, sum) -> pick(place, sum, place.location() != null));
    sums.forEach((place, sum) -> pick(place, sum, place.location() == null));
  }

  private void pick(Place place, long asked, boolean isItsTurn) {
    if (!isItsTurn) {
      return;
    }
    int[] matching = IntStream.range(0, units.length).filter(i -> matches(place, i)).toArray();
    long held = Arrays.stream(matching).mapToLong(i -> lines.get(i).left() - units[i]).sum();
    if (asked > held) {
      excesses.add(new Excess(place.sku(), place.location(), asked, held));
      return;
    }
    long left = asked;
    for (int i : matching) {
      long here = Math.min(left, lines.get(i).left() - units[i]);
      units[i] += here;
      left -= here;
    }
  }

  private boolean matches(Place place, int i) {
    StockItemId item = lines.get(i).item();
    return item.sku().equals(place.sku())
        && (place.location() == null || item.location().equals(place.location()));
  }

  /** What there is not enough of. */
  List<Excess> excesses() {
    return excesses;
  }

  /** The units of each line. */
  List<Long> units() {
    return Arrays.stream(units).boxed().toList();
  }

  /** The units of each item. */
  Map<StockItemId, Long> unitsByItem() {
    Map<StockItemId, Long> sums = new LinkedHashMap<>();
    for (int i = 0; i < units.length; i++) {
      if (units[i] > 0) {
        sums.merge(lines.get(i).item(), units[i], Long::sum);
      }
    }
    return sums;
  }

  /** Whether nothing is left. */
  boolean isWhole() {
    return IntStream.range(0, units.length).allMatch(i -> units[i] == lines.get(i).left());
  }
}
