package io.bincard.reconciliation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.reconciliation.repair.RepairLog.Entry;
import io.bincard.reconciliation.report.RowDifference.Line;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {

  private static List<Line> of(
      @Nullable Map<String, Object> before, @Nullable Map<String, Object> after) {
    return RowDifference.of(
        new Entry(
            1,
            new UUID(1, 2),
            "availability:A@MAIN",
            "edited",
            before,
            after,
            5,
            "e",
            null,
            "found",
            Instant.EPOCH));
  }

  @Test
  void only_what_is_not_as_it_must_be_is_told() {
    assertThat(
            of(
                Map.of(
                    "fields",
                    Map.of("onHand", "7", "sku", "A", "version", "3", "epoch", "e", "note", "x"),
                    "sets",
                    List.of("names\ta", "low-stock\tb")),
                Map.of(
                    "version",
                    3,
                    "position",
                    9,
                    "fields",
                    Map.of("onHand", "5", "sku", "A"),
                    "sets",
                    List.of("names\ta", "locations:A\tMAIN"))))
        .containsExactly(
            new Line("note", "x", null),
            new Line("onHand", "7", "5"),
            new Line("in the set locations:A MAIN", null, "yes"),
            new Line("in the set low-stock b", "yes", null));
  }

  @Test
  void of_a_row_that_is_lost_or_nobodys_all_is_told() {
    Map<String, Object> expected =
        Map.of("version", 3, "fields", Map.of("onHand", "5"), "sets", List.of());

    assertThat(of(null, expected))
        .containsExactly(new Line("onHand", null, "5"), new Line("version", null, "3"));
    assertThat(of(Map.of("fields", Map.of("onHand", "5", "version", "3")), null))
        .containsExactly(new Line("onHand", "5", null), new Line("version", "3", null));
    assertThat(of(null, null)).isEmpty();
  }
}
