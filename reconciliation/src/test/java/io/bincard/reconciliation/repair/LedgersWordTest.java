package io.bincard.reconciliation.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.repair.LedgersWord.Word;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgersWordTest {

  private static final String KEY = "availability:A@MAIN";

  private static Word word(@Nullable StockItem said, long head, @Nullable ExpectedRow expected) {
    return new LedgersWord(
            new StockItems() {
              @Override
              public Optional<StockItem> find(StockItemId id) {
                return Optional.ofNullable(said);
              }

              @Override
              public long headPosition() {
                return head;
              }
            })
        .on(KEY, expected);
  }

  private static StockItem item(long version, long onHand) {
    return new StockItem(version, onHand, Reservations.NONE, 0, 0, false);
  }

  /** At version 3, by the event at position 7. */
  private static ExpectedRow expected(long onHand) {
    return new ExpectedRow(
        KEY,
        3,
        7,
        Map.of(
            "onHand", Long.toString(onHand),
            "reserved", "0",
            "available", Long.toString(onHand),
            "safetyStock", "0",
            "backorderLimit", "0",
            "frozen", "false"),
        Set.of());
  }

  @Test
  void agrees_where_both_say_the_same() {
    assertThat(word(item(3, 10), 7, expected(10))).isEqualTo(Word.AGREES);
    assertThat(word(null, 7, null)).isEqualTo(Word.AGREES);
  }

  @Test
  void disagrees_where_the_same_version_has_other_figures() {
    assertThat(word(item(3, 10), 7, expected(11))).isEqualTo(Word.DISAGREES);
    assertThat(word(item(3, 10), 7, null)).isEqualTo(Word.DISAGREES);
    assertThat(word(item(2, 10), 7, expected(10))).isEqualTo(Word.DISAGREES);
  }

  @Test
  void a_node_that_has_not_heard_of_the_commit_yet_does_not_disagree() {
    assertThat(word(item(2, 11), 6, expected(10))).isEqualTo(Word.OF_ANOTHER_MOMENT);
    assertThat(word(null, 6, expected(10))).isEqualTo(Word.OF_ANOTHER_MOMENT);
  }

  @Test
  void a_ledger_that_is_further_does_not_disagree() {
    assertThat(word(item(4, 9), 9, expected(10))).isEqualTo(Word.OF_ANOTHER_MOMENT);
  }
}
