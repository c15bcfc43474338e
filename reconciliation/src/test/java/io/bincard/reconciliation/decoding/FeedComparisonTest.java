package io.bincard.reconciliation.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.reconciliation.decoding.FeedDifference.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Event n is the n-th of one item, so its sequence is n - 1. */
class FeedComparisonTest {

  private static final String ITEM = "stock:A@MAIN";
  private static final int WINDOW = 8;
  private static final LedgerEvent EVENT = new LedgerEvent() {};

  private final FeedComparison comparison = new FeedComparison(WINDOW);

  private static long digest(long position) {
    return Digest.of(position, ITEM, position - 1);
  }

  private static CommittedEvent event(long position, String stream, long sequence) {
    return new CommittedEvent(stream, sequence, position, Instant.EPOCH, EVENT);
  }

  private List<FeedDifference> decoded(long... positions) {
    for (long position : positions) {
      comparison.saw(position, digest(position));
    }
    return comparison.settle();
  }

  /** Gives the fold what is behind {@code after} up to {@code upTo} but for {@code but}. */
  private List<FeedDifference> folded(long after, long upTo, Long... but) {
    FoldedPage page = new FoldedPage(after, upTo, WINDOW);
    for (long position = after + 1; position <= upTo; position++) {
      if (!List.of(but).contains(position)) {
        page.take(event(position, ITEM, position - 1));
      }
    }
    return comparison.folded(page);
  }

  private static FeedDifference missed(long first, long last, long events) {
    return new FeedDifference(Kind.MISSED, first, last, events);
  }

  private static FeedDifference other(long first, long last, long events) {
    return new FeedDifference(Kind.OTHER, first, last, events);
  }

  @Test
  void two_feeds_that_tell_the_same_agree_whichever_is_first() {
    comparison.begin(0);

    assertThat(decoded(1, 2, 3)).isEmpty();
    assertThat(folded(0, 2)).isEmpty();
    assertThat(folded(2, 5)).isEmpty();
    assertThat(comparison.compared()).as("nobody knows of 4 and 5 yet").isEqualTo(2);

    assertThat(decoded(4, 5)).isEmpty();
    assertThat(comparison.compared()).isEqualTo(5);
    assertThat(comparison.passedOver()).isZero();
    assertThat(comparison.decoded()).isEqualTo(5);
  }

  @Test
  void an_event_that_the_fold_was_not_told_of_is_found() {
    comparison.begin(0);
    decoded(1, 2, 3, 4, 5);

    assertThat(folded(0, 5, 2L, 5L)).containsExactly(missed(2, 5, 2));
  }

  @Test
  void it_is_found_when_the_fold_is_ahead_too() {
    comparison.begin(0);
    folded(0, 3, 3L);

    assertThat(decoded(1, 2)).isEmpty();
    assertThat(decoded(3)).containsExactly(missed(3, 3, 1));
    assertThat(comparison.settle()).as("told once").isEmpty();
  }

  @Test
  void an_event_of_another_stream_or_sequence_is_found() {
    comparison.begin(0);
    decoded(1, 2, 3);
    FoldedPage page = new FoldedPage(0, 3, WINDOW);
    page.take(event(1, ITEM, 0));
    page.take(event(2, "stock:B@MAIN", 1));
    page.take(event(3, ITEM, 3));

    assertThat(comparison.folded(page)).containsExactly(other(2, 3, 2));
  }

  @Test
  void events_that_come_twice_too_late_or_from_outside_are_found() {
    comparison.begin(0);
    decoded(1, 2, 3, 4, 5, 6);
    FoldedPage twice = new FoldedPage(0, 2, WINDOW);
    twice.take(event(1, ITEM, 0));
    twice.take(event(1, ITEM, 0));
    twice.take(event(2, ITEM, 1));
    FoldedPage late = new FoldedPage(2, 4, WINDOW);
    late.take(event(4, ITEM, 3));
    late.take(event(3, ITEM, 2));
    FoldedPage outside = new FoldedPage(4, 5, WINDOW);
    outside.take(event(5, ITEM, 4));
    outside.take(event(6, ITEM, 5));

    assertThat(comparison.folded(twice)).containsExactly(other(1, 1, 1));
    assertThat(comparison.folded(late)).containsExactly(other(3, 3, 1));
    assertThat(comparison.folded(outside)).containsExactly(other(5, 5, 1));
  }

  @Test
  void the_fold_need_not_be_told_of_what_no_row_is_made_of() {
    comparison.begin(0);
    comparison.saw(1, digest(1));
    comparison.saw(2, Digest.of(2, "order:o-1", 0));
    comparison.saw(3, digest(3));

    assertThat(folded(0, 3, 2L)).isEmpty();
    assertThat(comparison.compared()).isEqualTo(3);
  }

  @Test
  void an_event_that_decoding_did_not_see_is_told_once() {
    comparison.begin(0);

    assertThat(decoded(1, 2, 5)).containsExactly(new FeedDifference(Kind.OUT_OF_ORDER, 3, 4, 2));
    assertThat(folded(0, 5)).isEmpty();
  }

  @Test
  void the_first_event_that_decoding_sees_must_be_the_next_one() {
    comparison.begin(4);

    assertThat(decoded(3, 4)).as("from before").isEmpty();
    assertThat(decoded(6)).containsExactly(new FeedDifference(Kind.OUT_OF_ORDER, 5, 5, 1));
  }

  @Test
  void an_event_that_decoding_sees_again_is_told() {
    comparison.begin(0);

    assertThat(decoded(1, 2, 2)).containsExactly(new FeedDifference(Kind.OUT_OF_ORDER, 2, 2, 1));
  }

  @Test
  void a_gap_that_is_longer_than_the_window_leaves_nothing_of_before() {
    comparison.begin(0);
    decoded(1, 2, 3);

    assertThat(decoded(30)).containsExactly(new FeedDifference(Kind.OUT_OF_ORDER, 4, 29, 26));
    assertThat(folded(22, 30)).isEmpty();
  }

  @Test
  void what_decoding_did_not_see_because_it_began_later_is_passed_over() {
    comparison.begin(3);
    decoded(4, 5);

    assertThat(folded(0, 5, 1L)).isEmpty();
    assertThat(comparison.passedOver()).isEqualTo(3);
    assertThat(comparison.compared()).isEqualTo(2);
    assertThat(folded(0, 3)).isEmpty();
    assertThat(comparison.passedOver()).isEqualTo(6);
  }

  @Test
  void after_a_break_in_the_middle_it_goes_on_without_a_false_alarm() {
    comparison.begin(0);
    decoded(1, 2);
    folded(0, 1);
    folded(1, 4);
    comparison.end();
    assertThat(folded(4, 5)).isEmpty();

    comparison.begin(6);
    assertThat(folded(5, 8)).isEmpty();
    assertThat(decoded(7, 8)).isEmpty();
    assertThat(folded(8, 9, 9L)).isEmpty();

    assertThat(decoded(9)).containsExactly(missed(9, 9, 1));
    assertThat(comparison.compared()).isEqualTo(1 + 2 + 1);
    assertThat(comparison.passedOver()).isEqualTo(3 + 1 + 1);
  }

  @Test
  void a_fold_that_is_further_behind_than_the_window_is_compared_as_far_as_is_known() {
    comparison.begin(0);
    decoded(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    assertThat(folded(0, 2, 1L)).isEmpty();
    assertThat(folded(2, 5, 3L)).containsExactly(missed(3, 3, 1));
    assertThat(comparison.passedOver()).isEqualTo(2);
  }

  @Test
  void a_fold_that_is_further_ahead_than_the_window_lets_go_of_what_was_first() {
    comparison.begin(0);
    folded(0, 4, 2L);
    folded(4, 8);
    folded(8, 10, 10L);
    assertThat(comparison.passedOver()).isEqualTo(4);

    assertThat(decoded(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).containsExactly(missed(10, 10, 1));
  }

  @Test
  void of_a_page_that_is_longer_than_the_window_the_end_is_compared() {
    comparison.begin(0);
    folded(0, 20, 12L, 13L);
    for (long position = 1; position <= 20; position++) {
      comparison.saw(position, digest(position));
    }

    assertThat(comparison.settle()).containsExactly(missed(13, 13, 1));
    assertThat(comparison.compared()).isEqualTo(WINDOW);
    assertThat(comparison.passedOver()).isEqualTo(20 - WINDOW);
  }

  @Test
  void pages_that_another_node_folded_are_not_asked_for() {
    comparison.begin(0);
    decoded(1, 2, 3, 4);

    assertThat(folded(0, 1)).isEmpty();
    assertThat(folded(3, 4)).isEmpty();
    assertThat(comparison.compared()).isEqualTo(2);
  }
}
