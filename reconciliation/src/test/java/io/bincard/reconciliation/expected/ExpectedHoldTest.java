package io.bincard.reconciliation.expected;

import static io.bincard.reconciliation.expected.Events.HOLD;
import static io.bincard.reconciliation.expected.Events.NOON;
import static io.bincard.reconciliation.expected.Events.ORDER;
import static io.bincard.reconciliation.expected.Events.SKU;
import static io.bincard.reconciliation.expected.Events.after;
import static io.bincard.reconciliation.expected.Events.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.stock.LocationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpectedHoldTest {

  private static final Instant UNTIL = NOON.plusSeconds(60);
  private static final LocationId EAST = new LocationId("EAST");
  private static final HoldPlaced PLACED =
      new HoldPlaced(
          HOLD,
          ORDER,
          List.of(part(0, LocationId.MAIN, 2), part(0, EAST, 3), part(1, EAST, 4)),
          null,
          NOON,
          UNTIL);

  private static Part part(int line, LocationId location, long units) {
    return new Part(line, SKU, location, units(units), null);
  }

  private static HoldConfirmed confirmed(@Nullable Rest rest, Part... parts) {
    return new HoldConfirmed(HOLD, ORDER, List.of(parts), rest);
  }

  private static Map<String, String> fields(LedgerEvent... events) {
    return after(events).row().fields();
  }

  private static String kept(Instant until) {
    return Long.toString(until.plus(Duration.ofDays(30)).toEpochMilli());
  }

  @Test
  void a_placed_hold_is_all_of_a_row() {
    ExpectedRow row = after(PLACED).row();

    assertThat(row.key()).isEqualTo("hold:" + HOLD.value());
    assertThat(row.fields())
        .containsOnly(
            entry("id", HOLD.value()),
            entry("orderId", "o-1"),
            entry("status", "PLACED"),
            entry("placedAt", "2026-03-02T12:00:00.250Z"),
            entry("expiresAt", "2026-03-02T12:01:00.250Z"),
            entry("lines", "0\tA\tMAIN\t2\t0\n0\tA\tEAST\t3\t0\n1\tA\tEAST\t4\t0\n"),
            entry("keptUntil", kept(UNTIL)));
    assertThat(row.sets()).containsExactly("order:o-1\t0000019cae6b66fa:" + HOLD.value());
    assertThat(((ExpectedHold) after(PLACED)).forgottenAt()).isNull();
  }

  @Test
  void what_is_sold_is_taken_of_the_first_line_that_has_it() {
    assertThat(
            fields(
                PLACED,
                confirmed(Rest.KEEP, part(0, EAST, 2)),
                confirmed(Rest.KEEP, part(0, EAST, 1), part(1, EAST, 4))))
        .containsEntry("lines", "0\tA\tMAIN\t2\t0\n0\tA\tEAST\t3\t3\n1\tA\tEAST\t4\t4\n")
        .containsEntry("status", "PLACED");
  }

  @Test
  void a_hold_ends_by_what_it_was_told() {
    Instant later = UNTIL.plusSeconds(1);
    assertThat(fields(PLACED, new HoldExtended(HOLD, ORDER, UNTIL, later)))
        .containsEntry("status", "PLACED")
        .containsEntry("expiresAt", later.toString())
        .containsEntry("keptUntil", kept(later));
    assertThat(fields(PLACED, confirmed(null, PLACED.parts().toArray(Part[]::new))))
        .containsEntry("status", "CONFIRMED");
    assertThat(fields(PLACED, confirmed(Rest.RELEASE, part(1, EAST, 1))))
        .containsEntry("status", "CONFIRMED");
    assertThat(fields(PLACED, new HoldReleased(HOLD, ORDER))).containsEntry("status", "RELEASED");
    assertThat(fields(PLACED, new HoldExpired(HOLD, ORDER, UNTIL)))
        .containsEntry("status", "EXPIRED");
    assertThat(((ExpectedHold) after(PLACED, new HoldReleased(HOLD, ORDER))).forgottenAt())
        .isEqualTo(UNTIL.plus(Duration.ofDays(30)));
  }

  @Test
  void goes_on_from_what_was_stored() {
    ExpectedHold hold = (ExpectedHold) after(PLACED, confirmed(Rest.KEEP, part(0, EAST, 2)));

    assertThat(ExpectedHold.of(hold.fields(), hold.version(), hold.position())).isEqualTo(hold);
    assertThat(ExpectedHold.sets(hold.fields())).isEqualTo(hold.row().sets());
  }

  @Test
  void what_cannot_follow_is_told() {
    assertThatThrownBy(() -> after(new HoldReleased(HOLD, ORDER)))
        .isInstanceOf(BrokenStreamException.class)
        .hasMessageEndingWith("a hold begins with being placed");
    assertThatThrownBy(() -> after(PLACED, PLACED)).hasMessageEndingWith("a hold is placed once");
    assertThatThrownBy(
            () -> after(PLACED, new HoldReleased(HOLD, ORDER), new HoldReleased(HOLD, ORDER)))
        .hasMessageEndingWith("the hold is over");
    assertThatThrownBy(() -> after(PLACED, confirmed(Rest.KEEP, part(1, EAST, 5))))
        .hasMessageEndingWith("more was sold than was held");
  }
}
