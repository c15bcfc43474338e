package io.bincard.reconciliation.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.reconciliation.expected.Buckets;
import io.bincard.reconciliation.expected.ExpectedRow;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenRowsTest {

  private static ExpectedRow row(int i) {
    return new ExpectedRow("sku:" + i, 0, 1, Map.of(), Set.of("names\t" + i, "pots\t" + i));
  }

  @Test
  void knows_every_row_and_no_other() {
    SeenRows seen = new SeenRows(20_000);
    IntStream.range(0, 20_000).forEach(i -> seen.add(row(i)));
    seen.seal();

    assertThat(IntStream.range(0, 20_000)).allMatch(i -> seen.hasRow("sku:" + i));
    assertThat(IntStream.range(20_000, 40_000)).noneMatch(i -> seen.hasRow("sku:" + i));
  }

  @Test
  void tells_which_lines_were_not_found() {
    SeenRows seen = new SeenRows(10);
    seen.add(row(1));
    seen.add(row(2));
    seen.seal();

    assertThat(seen.find("sku:1", "names\t1")).isTrue();
    assertThat(seen.find("sku:1", "names\t2")).isFalse();
    assertThat(seen.lacks(row(1))).isTrue();
    assertThat(seen.find("sku:1", "pots\t1")).isTrue();
    assertThat(seen.lacks(row(1))).isFalse();
    assertThat(seen.lacks(row(2))).isTrue();
    assertThat(seen.lacks(Buckets.of("sku:2"))).isTrue();
  }

  @Test
  void takes_no_more_rows_than_it_may() {
    SeenRows seen = new SeenRows(1);
    seen.add(row(1));

    assertThatThrownBy(() -> seen.add(row(2)))
        .isInstanceOf(SweepFailedException.class)
        .hasMessageContaining("max-keys");
  }
}
