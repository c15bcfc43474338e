package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.HOLD;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.MUG_EAST;
import static io.bincard.domain.hold.HoldScenario.NOW;
import static io.bincard.domain.hold.HoldScenario.UNTIL;
import static io.bincard.domain.hold.HoldScenario.accepted;
import static io.bincard.domain.hold.HoldScenario.book;
import static io.bincard.domain.hold.HoldScenario.confirm;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.place;
import static io.bincard.domain.hold.HoldScenario.policy;
import static io.bincard.domain.hold.HoldScenario.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision.Accepted;
import io.bincard.domain.Decision.Rejected;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.stock.ExpectedVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every second step on a hold of 10 units in every state that a hold can be in. What is done, and
 * what nothing is done for, can be asked for again.
 */
class HoldingTableTest {

  private static final String TABLE =
      """
      | the hold | confirm all | confirm a part, keep the rest | confirm a part, release the rest | confirm too much | extend to later | extend to earlier | release | expire |
      |---|---|---|---|---|---|---|---|---|
      | unknown | unknown-hold | unknown-hold | unknown-hold | unknown-hold | unknown-hold | unknown-hold | unknown-hold | nothing changes |
      | placed | done → confirmed, 10 sold | done → placed, 4 sold, 6 held | done → confirmed, 4 sold | exceeds-hold | done → placed until later, 10 held | nothing changes | done → released | nothing changes |
      | extended | done → confirmed, 10 sold | done → placed, 4 sold, 6 held | done → confirmed, 4 sold | exceeds-hold | done → placed until later, 10 held | nothing changes | done → released | nothing changes |
      | confirmed in part | done → confirmed, 10 sold | done → placed, 7 sold, 3 held | done → confirmed, 7 sold | exceeds-hold | done → placed until later, 3 sold, 7 held | nothing changes | done → released, 3 sold | nothing changes |
      | confirmed | nothing changes | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | nothing changes |
      | confirmed in part, the rest released with that | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | hold-already-confirmed | nothing changes |
      | released | hold-already-released | hold-already-released | hold-already-released | hold-already-released | hold-already-released | hold-already-released | nothing changes | nothing changes |
      | confirmed in part, then released | hold-already-released | hold-already-released | hold-already-released | hold-already-released | hold-already-released | hold-already-released | nothing changes | nothing changes |
      | its time is over, not yet written down | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | nothing changes | done → expired |
      | expired | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | nothing changes | nothing changes |
      | confirmed in part, its time is over, not yet written down | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | nothing changes | done → expired, 3 sold |
      | confirmed in part, then expired | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | hold-expired | nothing changes | nothing changes |
      """;

  /**
   * What was sold of the 10 units in the states that are confirmed in part, before and by a step.
   */
  private static final long BEFORE = 3;

  private static final long PART = 4;

  private static final SecondStep CONFIRM_PART_KEEP = confirm(Rest.KEEP, line(MUG, null, PART));

  private interface Step {
    /** In the words of the table. */
    String outcome(HoldBook book);
  }

  private static void confirmSome(HoldBook book) {
    accepted(book.step(confirm(Rest.KEEP, line(MUG, null, BEFORE))));
  }

  private static void release(HoldBook book) {
    accepted(book.step(new ReleaseHold(HOLD)));
  }

  private static void timeIsOver(HoldBook book) {
    book.now = UNTIL;
  }

  private static void expire(HoldBook book) {
    timeIsOver(book);
    assertThat(book.expire(HOLD)).isNotEmpty();
  }

  private static Consumer<HoldBook> confirmSomeThen(Consumer<HoldBook> next) {
    Consumer<HoldBook> first = HoldingTableTest::confirmSome;
    return first.andThen(next);
  }

  private static Map<String, Consumer<HoldBook>> states() {
    Map<String, Consumer<HoldBook>> states = new LinkedHashMap<>();
    states.put("unknown", book -> book.holds.clear());
    states.put("placed", book -> {});
    states.put("extended", book -> accepted(book.step(new ExtendHold(HOLD, 1_800))));
    states.put("confirmed in part", HoldingTableTest::confirmSome);
    states.put("confirmed", book -> accepted(book.step(confirm(Rest.RELEASE))));
    states.put(
        "confirmed in part, the rest released with that",
        book -> accepted(book.step(confirm(Rest.RELEASE, line(MUG, null, BEFORE)))));
    states.put("released", HoldingTableTest::release);
    states.put("confirmed in part, then released", confirmSomeThen(HoldingTableTest::release));
    states.put("its time is over, not yet written down", HoldingTableTest::timeIsOver);
    states.put("expired", HoldingTableTest::expire);
    states.put(
        "confirmed in part, its time is over, not yet written down",
        confirmSomeThen(HoldingTableTest::timeIsOver));
    states.put("confirmed in part, then expired", confirmSomeThen(HoldingTableTest::expire));
    return states;
  }

  private static Map<String, Step> steps() {
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put("confirm all", book -> told(book, confirm(Rest.RELEASE)));
    steps.put("confirm a part, keep the rest", book -> told(book, CONFIRM_PART_KEEP));
    steps.put(
        "confirm a part, release the rest",
        book -> told(book, confirm(Rest.RELEASE, line(MUG, null, PART))));
    steps.put("confirm too much", book -> told(book, confirm(Rest.KEEP, line(MUG, null, 11))));
    steps.put("extend to later", book -> told(book, new ExtendHold(HOLD, 3_600)));
    steps.put("extend to earlier", book -> told(book, new ExtendHold(HOLD, 1)));
    steps.put("release", book -> told(book, new ReleaseHold(HOLD)));
    steps.put("expire", HoldingTableTest::expired);
    return steps;
  }

  private static String told(HoldBook book, SecondStep step) {
    return switch (book.step(step)) {
      case Rejected<LedgerEvent, HoldRejection>(HoldRejection why) -> kebab(why);
      case Accepted<LedgerEvent, HoldRejection>(List<LedgerEvent> events) -> outcome(book, events);
    };
  }

  private static String expired(HoldBook book) {
    return outcome(book, book.expire(HOLD));
  }

  private static String outcome(HoldBook book, List<LedgerEvent> events) {
    if (events.isEmpty()) {
      return "nothing changes";
    }
    Hold hold = book.hold(HOLD);
    long sold = hold.lines().getFirst().confirmed();
    long held = book.item(MUG_EAST).reservations().total();
    return "done → "
        + hold.status().name().toLowerCase(Locale.ROOT)
        + (events.getFirst() instanceof HoldExtended ? " until later" : "")
        + (sold == 0 ? "" : ", " + sold + " sold")
        + (held == 0 ? "" : ", " + held + " held");
  }

  private static String kebab(HoldRejection why) {
    return why.getClass()
        .getSimpleName()
        .replaceAll("(?<=.)(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  private static HoldBook in(Consumer<HoldBook> state) {
    HoldBook book = book();
    book.policy = policy(1_000L, 5L, 1L);
    register(book, MUG_EAST, 25);
    accepted(book.place(HOLD, place(line(MUG, null, 10, 199))));
    state.accept(book);
    return book;
  }

  @Test
  void every_second_step_in_every_state_has_its_outcome() {
    StringBuilder table = new StringBuilder("| the hold | ");
    table.append(String.join(" | ", steps().keySet())).append(" |\n");
    table.append("|---".repeat(steps().size() + 1)).append("|\n");
    states()
        .forEach(
            (state, lead) ->
                table
                    .append("| ")
                    .append(state)
                    .append(
                        steps().values().stream()
                            .map(step -> step.outcome(in(lead)))
                            .collect(Collectors.joining(" | ", " | ", " |\n"))));

    assertThat(table).hasToString(TABLE);
  }

  @Test
  void the_reference_shows_the_same_table() throws IOException {
    assertThat(Path.of("..", "docs", "reference", "holds.md")).content().contains(TABLE);
  }

  /**
   * But for another part of what is still held: who sends that again under another key means it,
   * unless he says by the version of the hold which one he saw.
   */
  @Test
  void a_step_that_is_repeated_changes_nothing_more() {
    states()
        .forEach(
            (state, lead) ->
                steps()
                    .forEach(
                        (name, step) -> {
                          HoldBook book = in(lead);
                          step.outcome(book);
                          int events = book.journal.size();
                          if (!name.equals("confirm a part, keep the rest")) {
                            step.outcome(book);
                          } else {
                            long seen = in(lead).hold(HOLD).version();
                            book.step(CONFIRM_PART_KEEP, new ExpectedVersion.Exactly(seen));
                          }
                          assertThat(book.journal).as("%s: %s twice", state, name).hasSize(events);
                        }));
  }

  @Test
  void whatever_is_done_the_books_are_balanced_at_the_end() {
    states()
        .forEach(
            (state, lead) ->
                steps()
                    .forEach(
                        (name, step) -> {
                          HoldBook book = in(lead);
                          if (!state.equals("unknown")) {
                            step.outcome(book);
                            long sold = book.hold(HOLD).lines().getFirst().confirmed();
                            book.now = NOW.plus(HoldCommand.MAX_LIFETIME);
                            book.expire(HOLD);
                            assertThat(book.item(MUG_EAST).onHand()).isEqualTo(25 - sold);
                            assertThat(book.item(MUG_EAST).reservations().isEmpty()).isTrue();
                            book.accounts.forEach(
                                (id, account) -> {
                                  assertThat(account.reserved()).as("%s: %s", id, name).isEmpty();
                                  assertThat(account.reservedUses().isEmpty()).isTrue();
                                  assertThat(account.uses()).isEqualTo(sold > 0 ? 1 : 0);
                                });
                          }
                        }));
  }
}
