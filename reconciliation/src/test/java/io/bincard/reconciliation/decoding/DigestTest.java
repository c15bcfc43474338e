package io.bincard.reconciliation.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DigestTest {

  @Test
  void each_of_position_stream_and_sequence_is_in_it() {
    Set<Long> digests = new HashSet<>();
    for (long position = 1; position <= 50; position++) {
      for (int item = 0; item < 50; item++) {
        for (long sequence = 0; sequence < 50; sequence++) {
          digests.add(Digest.of(position, "stock:" + item + "@MAIN", sequence));
        }
      }
    }

    assertThat(digests).hasSize(50 * 50 * 50).doesNotContain(Digest.NONE, Digest.ANY, Digest.WRONG);
  }

  @Test
  void the_fold_is_told_of_items_holds_and_skus_and_of_nothing_else() {
    assertThat(isFolded(new StockItemId(new Sku("A"), LocationId.MAIN).stream())).isTrue();
    assertThat(isFolded(new HoldId(new UUID(1, 2)).stream())).isTrue();
    assertThat(isFolded(DescribedSku.STREAM_PREFIX + "A")).isTrue();
    assertThat(isFolded("order:o-1")).isFalse();
    assertThat(isFolded("campaign:spring")).isFalse();
    assertThat(isFolded("")).isFalse();
  }

  private static boolean isFolded(String stream) {
    return Digest.isFolded(Digest.of(1, stream, 0));
  }
}
