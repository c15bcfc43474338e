package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.EAST;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.NOW;
import static io.bincard.domain.hold.HoldScenario.ORDER;
import static io.bincard.domain.hold.HoldScenario.WEST;
import static io.bincard.domain.hold.HoldScenario.freeze;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.StockItemId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lines of mugs in the east, the west and the north, by strategy and preference.
 *
 * <p>Stock is told as {@code E5 W8x}: 5 in the east, 8 in the west and frozen, none known in the
 * north. Lines as {@code E3 *4}: 3 from the east, 4 from anywhere.
 */
class DemandTest {

  private static final LocationId NORTH = new LocationId("NORTH");

  private static @Nullable LocationId location(String word) {
    return switch (word.charAt(0)) {
      case 'E' -> EAST;
      case 'W' -> WEST;
      case 'N' -> NORTH;
      default -> null;
    };
  }

  private static HoldBook book(String stock) {
    HoldBook book = new HoldBook(NOW);
    for (String word : stock.split(" ", -1)) {
      LocationId location = location(word);
      assertThat(location).isNotNull();
      StockItemId item = new StockItemId(MUG, location);
      register(book, item, Long.parseLong(word.replaceAll("\\D", "")));
      if (word.endsWith("x")) {
        freeze(book, item);
      }
    }
    return book;
  }

  private static String demand(String stock, Allocation allocation, String near, String asked) {
    List<OrderLine> lines = new ArrayList<>();
    for (String word : asked.split(" ", -1)) {
      lines.add(line(MUG, location(word), Long.parseLong(word.substring(1))));
    }
    List<LocationId> order = new ArrayList<>();
    near.chars().forEach(c -> order.add(c == 'E' ? EAST : c == 'W' ? WEST : NORTH));
    Demand demand =
        new Demand(
            book(stock)::item,
            new Sources(allocation, List.of(EAST, WEST, NORTH)),
            lines,
            order,
            NOW);
    OrderRefused refused = demand.obstacles(ORDER, null);
    if (refused.isEmpty()) {
      long sum = demand.units().values().stream().mapToLong(it -> it).sum();
      assertThat(demand.parts()).isEqualTo(demand.parts());
      assertThat(demand.parts().stream().mapToLong(it -> it.quantity().units()).sum())
          .isEqualTo(sum)
          .isEqualTo(lines.stream().mapToLong(it -> it.quantity().units()).sum());
      return demand.parts().stream()
          .map(it -> it.line() + ":" + it.location().value().charAt(0) + it.quantity())
          .collect(Collectors.joining(" "));
    }
    List<String> obstacles = new ArrayList<>();
    refused.unknown().forEach(it -> obstacles.add("unknown " + told(it.location())));
    refused.frozen().forEach(it -> obstacles.add("frozen " + told(it.location())));
    refused
        .insufficient()
        .forEach(
            it ->
                obstacles.add(
                    told(it.location()) + " " + it.requested() + " of " + it.available()));
    return String.join("; ", obstacles);
  }

  private static char told(@Nullable LocationId location) {
    return location == null ? '*' : location.value().charAt(0);
  }

  @ParameterizedTest
  @CsvSource({
    // lines of one item are summed
    "E5, WHOLE, '', E2 E3, 0:E2 1:E3",
    "E5, WHOLE, '', E3 E3, E 6 of 5",
    "E5, WHOLE, '', *2 *3, 0:E2 1:E3",
    "E5, WHOLE, '', *3 *3, * 6 of 5",
    // named locations come first, and what is free is allocated from what they leave
    "E5 W4, WHOLE, '', *3 E3, 0:W3 1:E3",
    "E5 W4, WHOLE, '', *5 E1, * 5 of 4",
    "E5 W4, WHOLE_ELSE_SPLIT, '', *5 E1, 0:E4 0:W1 1:E1",
    "E5 W4, NEAREST, '', *3 E3 *1, 0:E2 0:W1 1:E3 2:W1",
    "E5 W4, NEAREST, '', *3 E6, E 6 of 5",
    "E5 W4, NEAREST, '', *5 E6, E 6 of 5; * 5 of 4",
    // one SKU is allocated for all its lines, which share what was found in their order
    "E5 W4, WHOLE, '', *3 *3, * 6 of 5",
    "E5 W6, WHOLE, '', *3 *3, 0:W3 1:W3",
    "E5 W4, WHOLE_ELSE_SPLIT, '', *3 *3, 0:E3 1:E2 1:W1",
    "E5 W4, WHOLE_ELSE_SPLIT, '', *3 *2, 0:E3 1:E2",
    "E2 W2 N2, NEAREST, '', *1 *5, 0:E1 1:E1 1:W2 1:N2",
    "E2 W2 N2, NEAREST, '', *1 *6, * 7 of 6",
    // the order's preference, which is all there is then
    "E5 W4, WHOLE, WE, *3, 0:W3",
    "E5 W4, WHOLE, WE, *5, 0:E5",
    "E5 W4, WHOLE, W, *5, * 5 of 4",
    "E5 W4, NEAREST, WE, *5, 0:W4 0:E1",
    "E5 W4, NEAREST, NW, E1 *5, * 5 of 4",
    // what is frozen or unknown is passed over, and named if nothing else is left
    "E5x W4, WHOLE, '', *3, 0:W3",
    "E5x W4, NEAREST, '', *5, * 5 of 4",
    "E5x W4x, NEAREST, '', *5, frozen *",
    "E5x, NEAREST, EN, *5, frozen *",
    "E5, NEAREST, NW, *5, unknown *",
    "E5x W4, NEAREST, '', E1 W1 N1, unknown N; frozen E",
    "E5x W4, NEAREST, '', E1 W9 N1 *9, unknown N; frozen E; W 9 of 4; * 9 of 0",
    "W0, WHOLE, '', *1, * 1 of 0"
  })
  void lines_are_summed_and_allocated(
      String stock, Allocation allocation, String near, String asked, String told) {
    assertThat(demand(stock, allocation, near, asked)).isEqualTo(told);
  }

  @Test
  void the_ledger_takes_units_from_different_locations() {
    assertThat(Sources.MAIN.locations()).containsExactly(LocationId.MAIN);
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Sources(Allocation.NEAREST, List.of(EAST, WEST, EAST)))
        .withMessage("units come from different locations");
  }
}
