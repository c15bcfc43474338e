package io.bincard.projections.storefront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With a ledger that is away now and then, and no views. */
class RememberedAvailabilitiesTest {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final LocationId MAIN = LocationId.MAIN;

  private final LedgerInMemory ledger = new LedgerInMemory();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T12:00:00Z"));
  private final ReadCounts counts = new ReadCounts();
  private final Availabilities availabilities =
      new RememberedAvailabilities(
          new LedgerAvailabilities(ledger, counts, clock), counts, clock, 2, LONGEST);

  private final StockItemId cup = ledger.register("CUP", 10);
  private final StockItemId mug = ledger.register("MUG", 5);
  private final StockItemId pot = ledger.register("POT", 1);

  private Availability find(StockItemId item) {
    return availabilities.find(item, Availabilities.ANY_POSITION).orElseThrow();
  }

  private void isNotAnswered(StockItemId item, long minPosition) {
    assertThatExceptionOfType(LedgerUnavailableException.class)
        .isThrownBy(() -> availabilities.find(item, minPosition));
  }

  @Test
  void says_the_last_answer_again_and_how_old_it_is() {
    find(cup);
    ledger.deduct(cup, 3);
    Availability before = find(cup);
    ledger.setUnavailable(true);
    clock.move(Duration.ofMillis(1_500));

    Availability again = find(cup);
    assertThat(again.onHand()).isEqualTo(7);
    assertThat(again.version()).isEqualTo(before.version());
    assertThat(again.asOfPosition()).isEqualTo(before.asOfPosition());
    assertThat(again.ageMillis()).isEqualTo(1_500);
    assertThat(again.stale()).isTrue();
    assertThat(again.source()).isEqualTo(Source.MEMORY);
    assertThat(counts.of(Source.MEMORY)).isEqualTo(1);

    ledger.setUnavailable(false);
    assertThat(find(cup)).isEqualTo(before);
  }

  @Test
  void says_nothing_to_who_asks_for_a_position_nor_of_what_is_too_old_or_was_never_asked() {
    find(cup);
    ledger.setUnavailable(true);

    isNotAnswered(cup, 1);
    isNotAnswered(mug, 0);
    clock.move(LONGEST);
    assertThat(find(cup).ageMillis()).isEqualTo(LONGEST.toMillis());
    clock.move(Duration.ofMillis(1));
    isNotAnswered(cup, 0);
  }

  @Test
  void says_a_list_again_if_it_knows_all_of_it() {
    availabilities.findAll(List.of(new Sku("CUP"), new Sku("MUG")), MAIN);
    ledger.setUnavailable(true);

    assertThat(availabilities.findAll(List.of(new Sku("MUG"), new Sku("CUP")), MAIN).items())
        .extracting(Availability::onHand)
        .containsExactly(5L, 10L);
    assertThatExceptionOfType(LedgerUnavailableException.class)
        .isThrownBy(() -> availabilities.findAll(List.of(new Sku("MUG"), new Sku("POT")), MAIN));
  }

  @Test
  void forgets_what_was_not_asked_for_longest() {
    find(cup);
    find(mug);
    find(cup);
    find(pot);
    ledger.setUnavailable(true);

    assertThat(find(cup).onHand()).isEqualTo(10);
    assertThat(find(pot).onHand()).isEqualTo(1);
    isNotAnswered(mug, 0);
  }

  @Test
  void an_item_that_is_gone_from_the_answers_stays_unknown() {
    StockItemId none = LedgerInMemory.item("NONE");
    assertThat(availabilities.find(none, Availabilities.ANY_POSITION)).isEmpty();
    ledger.setUnavailable(true);
    isNotAnswered(none, 0);
  }
}
