package io.bincard.domain.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.hold.Allocation.Stocked;
import io.bincard.domain.hold.Allocation.Taken;
import io.bincard.domain.stock.LocationId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where units come from, by what the locations A, B, C … have in the order's preference. */
class AllocationTest {

  @ParameterizedTest
  @CsvSource({
    "WHOLE, 5, 4 5 9, B5, 9",
    "WHOLE, 5, 5 9, A5, 9",
    "WHOLE, 10, 4 5 9, none, 9",
    "WHOLE, 1, -3 0, none, 0",
    "WHOLE, 1, -3 1, B1, 1",
    "WHOLE_ELSE_SPLIT, 5, 4 5 9, B5, 18",
    "WHOLE_ELSE_SPLIT, 10, 4 5 9, A4 B5 C1, 18",
    "WHOLE_ELSE_SPLIT, 18, 4 5 9, A4 B5 C9, 18",
    "WHOLE_ELSE_SPLIT, 19, 4 5 9, none, 18",
    "NEAREST, 3, 4 5 9, A3, 18",
    "NEAREST, 5, 4 5 9, A4 B1, 18",
    "NEAREST, 5, 0 -2 4 1, C4 D1, 5",
    "NEAREST, 6, 0 -2 4 1, none, 5",
    "NEAREST, 9007199254740991, 9007199254740990 1, A9007199254740990 B1, 9007199254740991"
  })
  void units_are_taken_all_or_none(
      Allocation allocation, long units, String places, String taken, long most) {
    List<Stocked> stocked = new ArrayList<>();
    for (String sellable : places.split(" ", -1)) {
      LocationId location = new LocationId(Character.toString('A' + stocked.size()));
      stocked.add(new Stocked(location, Long.parseLong(sellable)));
    }

    List<Taken> found = allocation.take(units, stocked);

    assertThat(
            found.isEmpty()
                ? "none"
                : found.stream()
                    .map(it -> it.location().value() + it.units())
                    .collect(Collectors.joining(" ")))
        .isEqualTo(taken);
    assertThat(allocation.most(stocked)).isEqualTo(most);
    assertThat(allocation.take(units, List.of())).isEmpty();
    assertThat(allocation.most(List.of())).isZero();
  }
}
