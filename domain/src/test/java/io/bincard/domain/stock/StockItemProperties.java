package io.bincard.domain.stock;

import static io.bincard.domain.stock.Held.NOW;
import static io.bincard.domain.stock.Held.expirations;
import static io.bincard.domain.stock.Held.kept;
import static io.bincard.domain.stock.StockItemScenario.LOCATION;
import static io.bincard.domain.stock.StockItemScenario.SKU;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.Decision.Accepted;
import io.bincard.domain.Decision.Rejected;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.StockArbitraries.Request;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReturned;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/** What holds of a stock item whatever it is asked, and in whatever order. */
class StockItemProperties {

  @Provide
  Arbitrary<List<Request>> histories() {
    return StockArbitraries.histories();
  }

  @Provide
  Arbitrary<List<Request>> historiesUnderOnePolicy() {
    return StockArbitraries.requestLists(StockArbitraries.commandsUnderOnePolicy());
  }

  @Provide
  Arbitrary<Request> requests() {
    return StockArbitraries.requests(StockArbitraries.commands()).withoutEdgeCases();
  }

  @Provide
  Arbitrary<StockCommand> increases() {
    return StockArbitraries.increases();
  }

  @Provide
  Arbitrary<StockCommand> deductions() {
    return StockArbitraries.deductions();
  }

  @Provide
  Arbitrary<StockItem> items() {
    return StockArbitraries.items().withoutEdgeCases();
  }

  @Provide
  Arbitrary<StockItem> itemsWithoutBackorders() {
    return StockArbitraries.itemsWithoutBackorders();
  }

  @Property
  @StatisticsReport(StatisticsReportMode.OFF)
  void units_are_conserved_at_every_prefix(@ForAll("histories") List<Request> history) {
    Live live = Live.from(StockItem.UNREGISTERED).play(history);

    BigInteger moved = BigInteger.ZERO;
    for (Step step : live.steps()) {
      moved = moved.add(BigInteger.valueOf(unitsMovedBy(step.event())));
      assertThat(BigInteger.valueOf(step.after().onHand())).isEqualTo(moved);
      if (step.event() instanceof StockCounted counted) {
        assertThat(step.after().onHand()).isEqualTo(counted.counted().units());
      }
    }
    live.collectStatistics();
  }

  @Property
  @StatisticsReport(StatisticsReportMode.OFF)
  void nothing_is_sold_beyond_the_policy(@ForAll("histories") List<Request> history) {
    Live live = Live.from(StockItem.UNREGISTERED).play(history);

    long largestBackorderLimit = 0;
    for (Step step : live.steps()) {
      largestBackorderLimit = Math.max(largestBackorderLimit, step.after().backorderLimit());
      assertThat(step.after().onHand()).isGreaterThanOrEqualTo(-largestBackorderLimit);
      if (step.event() instanceof StockDeducted) {
        StockItem sold = step.after();
        assertThat(sold.onHand() - sold.reserved(NOW) - sold.safetyStock())
            .isGreaterThanOrEqualTo(-sold.backorderLimit());
      }
    }
    live.collectStatistics();
  }

  @Property(tries = 5_000)
  void a_deduction_is_taken_exactly_while_the_policy_covers_it(
      @ForAll("items") StockItem item, @ForAll("deductions") StockCommand deduction) {
    StockItem thawed =
        new StockItem(
            item.version(),
            item.onHand(),
            item.reservations(),
            item.safetyStock(),
            item.backorderLimit(),
            false);
    long units = ((StockCommand.DeductStock) deduction).quantity().units();
    BigInteger left =
        BigInteger.valueOf(item.onHand())
            .subtract(BigInteger.valueOf(units))
            .subtract(BigInteger.valueOf(kept(item.reservations())))
            .subtract(BigInteger.valueOf(item.safetyStock()))
            .add(BigInteger.valueOf(item.backorderLimit()));

    switch (thawed.decide(deduction, ExpectedVersion.ANY, NOW)) {
      case Accepted<StockEvent, StockRejection> _ -> assertThat(left.signum()).isNotNegative();
      case Rejected<StockEvent, StockRejection>(StockRejection rejection) -> {
        assertThat(left.signum()).isNegative();
        assertThat(rejection)
            .isEqualTo(new InsufficientStock(SKU, LOCATION, units, left.longValueExact() + units));
      }
    }
  }

  @Property
  @StatisticsReport(StatisticsReportMode.OFF)
  void without_backorders_what_is_reserved_always_lies_there(
      @ForAll("itemsWithoutBackorders") StockItem item,
      @ForAll("historiesUnderOnePolicy") List<Request> history) {
    Live live = Live.from(item).play(history);

    for (Step step : live.steps()) {
      assertThat(step.after().reservations().total()).isBetween(0L, step.after().onHand());
      assertThat(step.after().reserved(NOW)).isEqualTo(kept(item.reservations()));
    }
    live.collectStatistics();
  }

  @Property(tries = 5_000)
  void as_few_lapsed_promises_end_before_an_event_as_make_room_for_it(
      @ForAll("itemsWithoutBackorders") StockItem item, @ForAll("requests") Request request) {
    if (item.decide(request.command(), ExpectedVersion.ANY, NOW)
        instanceof Accepted<StockEvent, StockRejection>(List<StockEvent> events)) {
      StockEvent event = events.getFirst();
      List<StockEvent> expired = expirations(item, event);
      boolean isWithRoom = true;
      for (int i = expired.size(); i >= 0; i--) {
        StockItem before = item;
        for (StockEvent end : expired.subList(0, i)) {
          before = before.evolve(end);
        }
        assertThat(hasRoomFor(event, before))
            .as("%d end before %s", i, event)
            .isEqualTo(isWithRoom);
        isWithRoom = false;
      }
      List<HoldId> lapsed = item.reservations().lapsed(NOW, Long.MAX_VALUE);
      assertThat(item.overdue(event, NOW)).isEqualTo(lapsed.subList(0, expired.size()));
    }
  }

  /**
   * Whether the books, which know of no time, promise no more than they have after {@code event}.
   */
  private static boolean hasRoomFor(StockEvent event, StockItem before) {
    StockItem after = before.evolve(event);
    return switch (event) {
      case StockDeducted _ ->
          after.onHand() - after.reservations().total() - after.safetyStock()
              >= -after.backorderLimit();
      case StockAdjusted e -> e.delta().units() > 0 || isCovered(after);
      case StockCounted _ -> isCovered(after);
      default -> true;
    };
  }

  private static boolean isCovered(StockItem item) {
    return item.reservations().total() <= item.onHand();
  }

  @Property
  @StatisticsReport(StatisticsReportMode.OFF)
  void replay_equals_live_from_any_snapshot(@ForAll("histories") List<Request> history) {
    Live live = Live.from(StockItem.UNREGISTERED).play(history);

    List<StockItem> states = new ArrayList<>(List.of(StockItem.UNREGISTERED));
    live.steps().forEach(step -> states.add(step.after()));
    for (int snapshot = 0; snapshot < states.size(); snapshot++) {
      StockItem replayed = states.get(snapshot);
      for (Step step : live.steps().subList(snapshot, live.steps().size())) {
        replayed = replayed.evolve(step.event());
      }
      assertThat(replayed).isEqualTo(live.item());
    }
    assertThat(live.item().version()).isEqualTo(live.steps().size() - 1L);
    live.collectStatistics();
  }

  @Property
  @StatisticsReport(StatisticsReportMode.OFF)
  void refusals_leave_no_trace(@ForAll("histories") List<Request> history) {
    Live live = Live.from(StockItem.UNREGISTERED).play(history);
    Live withoutTheRefused = Live.from(StockItem.UNREGISTERED).play(live.taken());

    assertThat(withoutTheRefused.refused()).isEmpty();
    assertThat(withoutTheRefused.steps()).isEqualTo(live.steps());
    assertThat(withoutTheRefused.item()).isEqualTo(live.item());
    live.collectStatistics();
  }

  @Property(tries = 5_000)
  void every_command_in_every_state_has_one_answer_that_can_be_applied(
      @ForAll("items") StockItem item, @ForAll("requests") Request request) {
    for (StockItem before : List.of(item, StockItem.UNREGISTERED)) {
      Decision<StockEvent, StockRejection> decision =
          before.decide(request.command(), request.expectedOf(before), NOW);

      assertThat(before.decide(request.command(), request.expectedOf(before), NOW))
          .isEqualTo(decision);
      switch (decision) {
        case Accepted<StockEvent, StockRejection>(List<StockEvent> events) -> {
          assertThat(events).hasSize(1);
          assertThat(events.getFirst().item()).isEqualTo(request.command().item());
          assertThat(before.evolve(events.getFirst()).version()).isEqualTo(before.version() + 1);
        }
        case Rejected<StockEvent, StockRejection>(StockRejection rejection) -> {
          assertThat(rejection.sku()).isEqualTo(request.command().sku());
          assertThat(rejection.location()).isEqualTo(request.command().location());
        }
      }
    }
  }

  @Property(tries = 5_000)
  void an_increase_is_taken_exactly_up_to_the_limit(
      @ForAll("items") StockItem item, @ForAll("increases") StockCommand increase) {
    StockItem thawed =
        new StockItem(
            item.version(),
            item.onHand(),
            item.reservations(),
            item.safetyStock(),
            item.backorderLimit(),
            false);

    switch (thawed.decide(increase, ExpectedVersion.ANY, NOW)) {
      case Accepted<StockEvent, StockRejection>(List<StockEvent> events) ->
          assertThat(thawed.evolve(events.getFirst()).onHand())
              .isEqualTo(Math.addExact(item.onHand(), unitsMovedBy(events.getFirst())))
              .isLessThanOrEqualTo(Quantity.MAX);
      case Rejected<StockEvent, StockRejection>(StockRejection rejection) ->
          assertThat(rejection)
              .isInstanceOfSatisfying(
                  QuantityLimitExceeded.class,
                  it ->
                      assertThat(Math.addExact(it.onHand(), it.requested()))
                          .isGreaterThan(Quantity.MAX));
    }
  }

  private static long unitsMovedBy(StockEvent event) {
    return switch (event) {
      case StockItemRegistered e -> e.openingQuantity().units();
      case StockReceived e -> e.quantity().units();
      case StockDeducted e -> -e.quantity().units();
      case StockReturned e -> e.quantity().units();
      case StockAdjusted e -> e.delta().units();
      case StockCounted e -> e.delta().units();
      case StockEvent.ReservationConfirmed e -> -e.quantity().units();
      case StockEvent.StockReserved _,
          StockEvent.ReservationExtended _,
          StockEvent.ReservationReleased _,
          StockEvent.ReservationExpired _,
          StockPolicySet _,
          StockEvent.StockItemFrozen _,
          StockItemUnfrozen _ ->
          0;
    };
  }

  /** An event and the state that it led to. */
  private record Step(StockEvent event, StockItem after) {}

  /**
   * An item that lives through requests one by one.
   *
   * @param item where it stands now
   */
  private record Live(
      StockItem item, List<Step> steps, List<Request> taken, List<StockRejection> refused) {

    static Live from(StockItem item) {
      return new Live(item, List.of(), List.of(), List.of());
    }

    Live play(List<Request> requests) {
      StockItem now = item;
      List<Step> steps = new ArrayList<>();
      List<Request> taken = new ArrayList<>();
      List<StockRejection> refused = new ArrayList<>();
      for (Request request : requests) {
        switch (now.decide(request.command(), request.expectedOf(now), NOW)) {
          case Accepted<StockEvent, StockRejection>(List<StockEvent> events) -> {
            taken.add(request);
            List<StockEvent> all = new ArrayList<>(expirations(now, events.getFirst()));
            all.addAll(events);
            for (StockEvent event : all) {
              now = now.evolve(event);
              steps.add(new Step(event, now));
            }
          }
          case Rejected<StockEvent, StockRejection>(StockRejection rejection) ->
              refused.add(rejection);
        }
      }
      return new Live(now, steps, taken, refused);
    }

    /**
     * Fails a law that was only tried on histories in which nothing happened or nothing was
     * refused.
     */
    void collectStatistics() {
      Statistics.label("a deduction was taken")
          .collect(steps.stream().anyMatch(step -> step.event() instanceof StockDeducted))
          .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 40));
      Statistics.label("something was refused")
          .collect(!refused.isEmpty())
          .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 40));
    }
  }
}
