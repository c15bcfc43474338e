package io.bincard.reconciliation.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.reconciliation.books.BooksReport.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BooksReportTest {

  private static BooksReport report(Map<Rule, Finding> rules, Contradiction... contradictions) {
    return new BooksReport(Instant.EPOCH, 1, 9, 4, new TreeMap<>(), rules, List.of(contradictions));
  }

  private static Finding found(long contradictions, @Nullable String unchecked) {
    return new Finding(contradictions, Duration.ZERO, unchecked);
  }

  private static Contradiction about(@Nullable String stream, @Nullable String hold) {
    return new Contradiction(Rule.LINES_OF_ORDERS_MATCH, "here", stream, hold, "o-1", "is so");
  }

  @Test
  void books_hold_only_if_every_rule_was_checked_and_none_is_broken() {
    assertThat(report(Map.of(Rule.BOUNDS_ARE_TOLD, found(0, null))).holds()).isTrue();
    assertThat(report(Map.of(Rule.BOUNDS_ARE_TOLD, found(0, "too slow"))).holds()).isFalse();
    assertThat(report(Map.of(Rule.BOUNDS_ARE_TOLD, found(1, null))).holds()).isFalse();
  }

  @Test
  void every_row_is_in_doubt_that_a_contradiction_names() {
    BooksReport report =
        report(
            Map.of(Rule.LINES_OF_ORDERS_MATCH, found(4, null)),
            about("stock:A@MAIN", "h-1"),
            about("sku:A", null),
            about("hold:h-2", null),
            about(null, null));

    assertThat(report.doubtedRows())
        .containsExactlyInAnyOrder("availability:A@MAIN", "hold:h-1", "sku:A", "hold:h-2");
    assertThat(report.isCut()).isFalse();
    assertThat(report.contradictions().getFirst().item()).hasValue("availability:A@MAIN");
    assertThat(report.contradictions().get(1).item()).isEmpty();
  }

  @Test
  void where_not_all_is_told_every_row_is_in_doubt() {
    BooksReport report = report(Map.of(Rule.ITEMS_ADD_UP, found(2, null)), about("sku:A", null));

    Doubts doubts = new Doubts(report.doubtedRows(), report.isCut(), 0);

    assertThat(doubts.about("sku:A")).contains("about it");
    assertThat(doubts.about("sku:B")).contains("more places than are told");
    assertThat(Doubts.NONE.about("sku:B")).isNull();
  }

  @Test
  void a_rule_is_known_by_its_word() {
    for (Rule rule : Rule.values()) {
      assertThat(Rule.of(rule.word())).isEqualTo(rule);
    }
  }

  @Test
  void limits_that_make_no_sense_are_refused_by_name() {
    assertThatThrownBy(() -> new BooksProperties(Duration.ofMinutes(1), 0))
        .hasMessageContaining("bincard.reconciliation.books.told");
    assertThatThrownBy(() -> new BooksProperties(Duration.ZERO, 1))
        .hasMessageContaining("bincard.reconciliation.books.timeout");
  }
}
