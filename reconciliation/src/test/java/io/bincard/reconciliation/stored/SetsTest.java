package io.bincard.reconciliation.stored;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SetsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void a_member_tells_whose_it_is() {
    assertThat(Sets.owner("locations:A B", "MAIN")).isEqualTo("availability:A B@MAIN");
    assertThat(Sets.owner("low-stock", "8000000000000005:A:1@MAIN"))
        .isEqualTo("availability:A:1@MAIN");
    assertThat(Sets.owner("names", "big teapot\0TEAPOT")).isEqualTo("sku:TEAPOT");
    assertThat(Sets.owner("names:Pots", "big teapot\0TEAPOT")).isEqualTo("sku:TEAPOT");
    assertThat(Sets.owner("order:o-1", "0000019abcdef012:h")).isEqualTo("hold:h");
    assertThat(Sets.owner("low-stock", "rubbish")).isNull();
    assertThat(Sets.owner("names", "rubbish")).isNull();
  }

  @Test
  void rows_and_the_mark_are_no_sets() {
    assertThat("low-stock names names:Pots locations:A order:o".split(" ")).allMatch(Sets::isSet);
    assertThat("mark availability:A@MAIN hold:1 sku:A named low-stock:1".split(" "))
        .noneMatch(Sets::isSet);
  }

  @Test
  void only_a_member_of_an_order_outlives_its_row_and_only_an_old_one() {
    String old = member(NOW.minus(Duration.ofDays(31)));

    assertThat(Sets.mayOutlive("order:o", old, NOW)).isTrue();
    assertThat(Sets.mayOutlive("order:o", member(NOW.minus(Duration.ofDays(28))), NOW)).isFalse();
    assertThat(Sets.mayOutlive("low-stock", old, NOW)).isFalse();
    assertThat(Sets.mayOutlive("order:o", "rubbish", NOW)).isFalse();
  }

  private static String member(Instant placedAt) {
    return HexFormat.of().toHexDigits(placedAt.toEpochMilli()) + ":h";
  }
}
