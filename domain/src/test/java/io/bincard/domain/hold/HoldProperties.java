package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.EAST;
import static io.bincard.domain.hold.HoldScenario.GBP;
import static io.bincard.domain.hold.HoldScenario.HOLD;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.MUG_EAST;
import static io.bincard.domain.hold.HoldScenario.MUG_WEST;
import static io.bincard.domain.hold.HoldScenario.NOW;
import static io.bincard.domain.hold.HoldScenario.WEST;
import static io.bincard.domain.hold.HoldScenario.accepted;
import static io.bincard.domain.hold.HoldScenario.book;
import static io.bincard.domain.hold.HoldScenario.confirm;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.place;
import static io.bincard.domain.hold.HoldScenario.policy;
import static io.bincard.domain.hold.HoldScenario.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What holds of every hold in whatever parts it is sold and given back. */
class HoldProperties {

  /** Of one account. */
  private record Balance(long reserved, long spent, long back, long uses) {
    Balance plus(Balance other) {
      return new Balance(
          reserved + other.reserved, spent + other.spent, back + other.back, uses + other.uses);
    }
  }

  @Property(tries = 500)
  void not_a_cent_is_lost_in_whatever_parts_a_hold_ends(@ForAll long seed) {
    Random random = new Random(seed);
    HoldBook book = book();
    book.policy = policy(null, null, 1L);
    book.sources = new Sources(Allocation.NEAREST, List.of(EAST, WEST));
    register(book, MUG_EAST, 1 + random.nextInt(30));
    register(book, MUG_WEST, 1_000);
    List<OrderLine> lines = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      LocationId location = random.nextInt(3) == 0 ? WEST : null;
      lines.add(line(MUG, location, 1 + random.nextInt(9), random.nextInt(1_000)));
    }
    accepted(book.place(HOLD, place(lines.toArray(OrderLine[]::new))));

    boolean isOpen = true;
    while (isOpen) {
      long left = book.hold(HOLD).left().values().stream().mapToLong(it -> it).sum();
      switch (random.nextInt(8)) {
        case 0 -> accepted(book.step(new ReleaseHold(HOLD)));
        case 1 -> accepted(book.step(confirm(Rest.KEEP)));
        case 2 -> accepted(book.step(confirm(Rest.RELEASE, some(random, left))));
        case 3 -> {
          book.now = book.hold(HOLD).expiresAt();
          book.expire(HOLD);
        }
        case 4 -> accepted(book.step(new ExtendHold(HOLD, 1_000 + random.nextInt(9_000))));
        default -> accepted(book.step(confirm(Rest.KEEP, some(random, left))));
      }
      isOpen = book.hold(HOLD).isOpen(book.now);
    }

    isBalanced(book);
  }

  private static OrderLine some(Random random, long left) {
    return line(MUG, null, random.nextLong(1, Math.min(left, 5) + 1));
  }

  private static void isBalanced(HoldBook book) {
    Map<AccountId, Balance> balances = new HashMap<>();
    long sold = 0;
    long paid = 0;
    @Nullable HoldPlaced placed = null;
    for (var event : book.journal) {
      switch (event) {
        case HoldPlaced e -> placed = e;
        case HoldConfirmed e -> {
          sold += e.parts().stream().mapToLong(it -> it.quantity().units()).sum();
          paid += price(e.parts());
        }
        case BudgetReserved e ->
            balances.merge(e.account(), new Balance(e.amount().amount(), 0, 0, 0), Balance::plus);
        case BudgetSpent e ->
            balances.merge(
                e.account(),
                new Balance(0, e.amount().amount(), 0, Objects.requireNonNull(e.promise()).uses()),
                Balance::plus);
        case BudgetReleased e ->
            balances.merge(
                e.account(),
                new Balance(0, 0, e.amount().amount(), Objects.requireNonNull(e.promise()).uses()),
                Balance::plus);
        default -> {}
      }
    }
    assertThat(placed).isNotNull();
    assertThat(placed.price()).isNotNull();
    long promised = placed.parts().stream().mapToLong(it -> it.quantity().units()).sum();
    assertThat(price(placed.parts())).isEqualTo(placed.price().priced().finalPrice());
    assertThat(paid).isBetween(0L, placed.price().priced().finalPrice());
    if (sold == promised) {
      assertThat(paid).isEqualTo(placed.price().priced().finalPrice());
    }
    boolean isSoldWhole = sold == promised;
    balances.forEach(
        (id, balance) -> {
          assertThat(balance.spent() + balance.back()).as("%s", id).isEqualTo(balance.reserved());
          assertThat(balance.uses()).as("%s", id).isEqualTo(1);
          assertThat(balance.back() == 0 || !isSoldWhole).as("%s", id).isTrue();
          assertThat(book.account(id).spent(GBP)).isEqualTo(balance.spent());
          assertThat(book.account(id).reserved()).isEmpty();
          assertThat(book.account(id).reservedUses().isEmpty()).isTrue();
        });
    assertThat(book.item(MUG_EAST).reservations().isEmpty()).isTrue();
    assertThat(book.item(MUG_WEST).reservations().isEmpty()).isTrue();
  }

  private static long price(List<Part> parts) {
    return parts.stream().mapToLong(it -> Objects.requireNonNull(it.finalPrice()).amount()).sum();
  }

  /** The most that any line, and all of them, can cost and campaigns can pay. */
  @Property(tries = 50)
  void not_a_cent_is_lost_of_the_largest_amounts(@ForAll long seed) {
    Random random = new Random(seed);
    HoldBook book = book();
    book.policy = policy(null, null, null);
    register(book, MUG_EAST, Quantity.MAX);
    long units = random.nextLong(1, 1_001);
    accepted(book.place(HOLD, place(line(MUG, EAST, units, Quantity.MAX / units))));
    while (book.hold(HOLD).isOpen(NOW)) {
      accepted(
          book.step(
              confirm(Rest.KEEP, line(MUG, null, random.nextLong(1, units - sold(book) + 1)))));
    }
    isBalanced(book);
    assertThat(sold(book)).isEqualTo(units);
  }

  private static long sold(HoldBook book) {
    return book.hold(HOLD).lines().getFirst().confirmed();
  }
}
