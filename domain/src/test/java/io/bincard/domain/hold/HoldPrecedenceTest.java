package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.GBP;
import static io.bincard.domain.hold.HoldScenario.HOLD;
import static io.bincard.domain.hold.HoldScenario.LAMP;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.MUG_EAST;
import static io.bincard.domain.hold.HoldScenario.NOW;
import static io.bincard.domain.hold.HoldScenario.ORDER;
import static io.bincard.domain.hold.HoldScenario.confirm;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.place;
import static io.bincard.domain.hold.HoldScenario.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.Decision.Accepted;
import io.bincard.domain.Decision.Rejected;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountRejection.NoPolicyInForce;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.hold.Hold.Status;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.hold.HoldRejection.ExceedsHold;
import io.bincard.domain.hold.HoldRejection.HeldItemsFrozen;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyConfirmed;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyReleased;
import io.bincard.domain.hold.HoldRejection.HoldExpired;
import io.bincard.domain.hold.HoldRejection.HoldLifetimeExceeded;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.PriceRefused;
import io.bincard.domain.hold.HoldRejection.StaleHoldVersion;
import io.bincard.domain.hold.HoldRejection.UnknownHold;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.ExpectedVersion.Exactly;
import io.bincard.domain.stock.StockItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Which rule is named when a command breaks several: the first in the order of {@link
 * HoldRejection}.
 */
class HoldPrecedenceTest {

  private static final long VERSION = 4;
  private static final long HELD = 5;

  /** 10 seconds before the end of the longest life of a hold. */
  private static final Instant PLACED_AT = NOW.minus(HoldCommand.MAX_LIFETIME).plusSeconds(10);

  private static final long TOO_LONG = 20;

  /** Something is asked of a hold of 5 mugs, or 5 mugs are asked for. */
  private sealed interface Case {
    Decision<LedgerEvent, HoldRejection> decision();

    boolean breaks(Class<?> rule);

    /** The rules that are broken, each judged for itself, in the documented order. */
    default List<Class<?>> broken() {
      return documentedOrder().stream().filter(this::breaks).toList();
    }
  }

  private static Holding holding(boolean isFrozen, long onHand, boolean isPriced) {
    StockItem item = new StockItem(0, onHand, Reservations.NONE, 0, 0, isFrozen);
    return new Holding(
        id -> id.equals(MUG_EAST) ? item : StockItem.UNREGISTERED,
        new Discounting(
            isPriced ? policy(null, null, null) : null, id -> CampaignAccount.UNTOUCHED),
        new Sources(Allocation.WHOLE, List.of(MUG_EAST.location())));
  }

  private static ExpectedVersion expected(boolean isStale) {
    return isStale ? new Exactly(3) : ExpectedVersion.ANY;
  }

  /**
   * @param isOverdue whether its time is over
   */
  private record Second(
      SecondStep command, Status status, boolean isOverdue, boolean isStale, boolean isFrozen)
      implements Case {

    Hold hold() {
      if (status == Status.UNKNOWN) {
        return Hold.UNKNOWN;
      }
      long confirmed = status == Status.CONFIRMED ? HELD : 0;
      return new Hold(
          VERSION,
          status,
          ORDER,
          null,
          GBP,
          List.of(new Hold.Line(0, MUG_EAST, HELD, confirmed, 0, Map.of())),
          PLACED_AT,
          isOverdue ? NOW : NOW.plusSeconds(5));
    }

    @Override
    public Decision<LedgerEvent, HoldRejection> decision() {
      return holding(isFrozen, HELD, false).decide(command, hold(), expected(isStale), NOW);
    }

    /** Whether the hold is what the command would have it be. */
    boolean isSo() {
      boolean isAll = command instanceof ConfirmHold c && c.lines().isEmpty();
      boolean isBack =
          status == Status.RELEASED
              || status == Status.EXPIRED
              || (status == Status.PLACED && isOverdue);
      return (isAll && status == Status.CONFIRMED) || (command instanceof ReleaseHold && isBack);
    }

    private boolean isTooMuch() {
      return command instanceof ConfirmHold c
          && c.lines().stream()
              .anyMatch(it -> it.quantity().units() > HELD || !it.sku().equals(MUG));
    }

    @Override
    public boolean breaks(Class<?> rule) {
      boolean isExtended = command instanceof ExtendHold c && c.ttlSeconds() > 5;
      if (rule == UnknownHold.class) {
        return status == Status.UNKNOWN;
      }
      if (rule == StaleHoldVersion.class) {
        return isStale;
      }
      if (isSo()) {
        return false;
      }
      if (rule == HoldAlreadyConfirmed.class) {
        return status == Status.CONFIRMED;
      }
      if (rule == HoldAlreadyReleased.class) {
        return status == Status.RELEASED;
      }
      if (rule == HoldExpired.class) {
        return status == Status.EXPIRED || (status == Status.PLACED && isOverdue);
      }
      if (rule == HoldLifetimeExceeded.class) {
        return command instanceof ExtendHold c && c.ttlSeconds() == TOO_LONG;
      }
      if (rule == ExceedsHold.class) {
        return isTooMuch();
      }
      if (rule == HeldItemsFrozen.class) {
        return isFrozen && (isExtended || (command instanceof ConfirmHold && !isTooMuch()));
      }
      return false;
    }
  }

  private record First(boolean isStale, boolean isPriced, boolean isFrozen, long onHand)
      implements Case {
    @Override
    public Decision<LedgerEvent, HoldRejection> decision() {
      PlaceHold command = place(line(MUG, null, HELD, 100));
      return holding(isFrozen, onHand, isPriced).place(HOLD, command, expected(isStale), NOW);
    }

    @Override
    public boolean breaks(Class<?> rule) {
      return (rule == StaleHoldVersion.class && isStale)
          || (rule == PriceRefused.class && !isPriced)
          || (rule == OrderRefused.class && (isFrozen || onHand < HELD));
    }
  }

  private static List<Case> grid() {
    List<Case> cases = new ArrayList<>();
    List<SecondStep> commands =
        List.of(
            confirm(Rest.KEEP),
            confirm(Rest.RELEASE, line(MUG, null, HELD)),
            confirm(Rest.KEEP, line(MUG, null, HELD + 1)),
            confirm(Rest.KEEP, line(MUG, null, 1), line(LAMP, null, 1)),
            new ExtendHold(HOLD, 1),
            new ExtendHold(HOLD, 8),
            new ExtendHold(HOLD, TOO_LONG),
            new ReleaseHold(HOLD));
    for (boolean first : new boolean[] {false, true}) {
      for (boolean second : new boolean[] {false, true}) {
        for (boolean third : new boolean[] {false, true}) {
          for (SecondStep command : commands) {
            for (Status status : Status.values()) {
              cases.add(new Second(command, status, first, second, third));
            }
          }
          for (long onHand : new long[] {0, HELD - 1, HELD}) {
            cases.add(new First(first, second, third, onHand));
          }
        }
      }
    }
    return cases;
  }

  @Test
  void the_first_broken_rule_is_named_all_over_the_grid() {
    Set<Class<?>> alone = new HashSet<>();
    Set<String> together = new HashSet<>();
    for (Case it : grid()) {
      List<Class<?>> broken = it.broken();
      switch (it.decision()) {
        case Rejected<LedgerEvent, HoldRejection>(HoldRejection why) ->
            assertThat(List.<Class<?>>of(why.getClass()))
                .as("%s", it)
                .isEqualTo(broken.stream().limit(1).toList());
        case Accepted<LedgerEvent, HoldRejection>(List<LedgerEvent> events) -> {
          assertThat(broken).as("%s", it).isEmpty();
          assertThat(events.isEmpty()).as("%s", it).isEqualTo(changesNothing(it));
        }
      }
      if (broken.size() == 1) {
        alone.add(broken.getFirst());
      }
      broken.stream()
          .skip(1)
          .forEach(
              next ->
                  together.add(
                      broken.getFirst().getSimpleName() + " before " + next.getSimpleName()));
    }

    assertThat(alone).containsExactlyInAnyOrderElementsOf(documentedOrder());
    assertThat(together)
        .containsExactlyInAnyOrder(
            "UnknownHold before StaleHoldVersion",
            "UnknownHold before HoldLifetimeExceeded",
            "UnknownHold before ExceedsHold",
            "UnknownHold before HeldItemsFrozen",
            "StaleHoldVersion before HoldAlreadyConfirmed",
            "StaleHoldVersion before HoldAlreadyReleased",
            "StaleHoldVersion before HoldExpired",
            "StaleHoldVersion before HoldLifetimeExceeded",
            "StaleHoldVersion before ExceedsHold",
            "StaleHoldVersion before HeldItemsFrozen",
            "StaleHoldVersion before PriceRefused",
            "StaleHoldVersion before OrderRefused",
            "HoldAlreadyConfirmed before HoldLifetimeExceeded",
            "HoldAlreadyConfirmed before ExceedsHold",
            "HoldAlreadyConfirmed before HeldItemsFrozen",
            "HoldAlreadyReleased before HoldLifetimeExceeded",
            "HoldAlreadyReleased before ExceedsHold",
            "HoldAlreadyReleased before HeldItemsFrozen",
            "HoldExpired before HoldLifetimeExceeded",
            "HoldExpired before ExceedsHold",
            "HoldExpired before HeldItemsFrozen",
            "HoldLifetimeExceeded before HeldItemsFrozen",
            "PriceRefused before OrderRefused");
  }

  private static boolean changesNothing(Case it) {
    return it instanceof Second second
        && (second.isSo() || (second.command() instanceof ExtendHold c && c.ttlSeconds() == 1));
  }

  @Test
  void every_rule_is_told_with_its_numbers() {
    Instant latest = PLACED_AT.plus(HoldCommand.MAX_LIFETIME);
    assertThat(second(confirm(Rest.KEEP), Status.UNKNOWN)).isEqualTo(new UnknownHold(HOLD));
    assertThat(new Second(confirm(Rest.KEEP), Status.PLACED, false, true, false).decision())
        .isEqualTo(Decision.reject(new StaleHoldVersion(HOLD, 3, VERSION)));
    assertThat(second(new ReleaseHold(HOLD), Status.CONFIRMED))
        .isEqualTo(new HoldAlreadyConfirmed(HOLD));
    assertThat(second(confirm(Rest.KEEP), Status.RELEASED))
        .isEqualTo(new HoldAlreadyReleased(HOLD));
    assertThat(second(confirm(Rest.KEEP), Status.EXPIRED))
        .isEqualTo(new HoldExpired(HOLD, NOW.plusSeconds(5)));
    assertThat(second(new ExtendHold(HOLD, TOO_LONG), Status.PLACED))
        .isEqualTo(new HoldLifetimeExceeded(HOLD, NOW.plusSeconds(TOO_LONG), latest));
    assertThat(new First(true, true, false, HELD).decision())
        .isEqualTo(Decision.reject(new StaleHoldVersion(HOLD, 3, Hold.NO_VERSION)));
    assertThat(new First(false, false, false, HELD).decision())
        .isEqualTo(Decision.reject(new PriceRefused(new NoPolicyInForce(ORDER))));
  }

  private static HoldRejection second(SecondStep command, Status status) {
    Decision<LedgerEvent, HoldRejection> decision =
        new Second(command, status, false, false, false).decision();
    assertThat(decision).isInstanceOf(Rejected.class);
    return ((Rejected<LedgerEvent, HoldRejection>) decision).rejection();
  }

  private static List<Class<?>> documentedOrder() {
    return List.<Class<?>>of(HoldRejection.class.getPermittedSubclasses());
  }
}
