package io.bincard.application.hold;

import io.bincard.application.books.Books;
import io.bincard.application.discount.DiscountDecider;
import io.bincard.application.journal.EventIds;
import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.problems.HoldProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.ExpireHolds;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.SecondStep;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldRejection;
import io.bincard.domain.hold.Holding;
import io.bincard.domain.hold.OrderLine;
import io.bincard.domain.hold.Sources;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.pricing.TooManyRulesException;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;

/**
 * The shell around {@link Holding}: takes commands there, and posts what it decides. All of it is
 * in the writer's thread and in one transaction, so there is no half hold.
 */
public final class HoldDecider implements Decider {

  private final Books books;
  private final DiscountDecider discounts;
  private final Sources sources;
  private final InstantSource clock;

  /**
   * Decides on the books.
   *
   * @param discounts what prices in the open batch
   */
  public HoldDecider(Books books, DiscountDecider discounts, Sources sources, InstantSource clock) {
    this.books = books;
    this.discounts = discounts;
    this.sources = sources;
    this.clock = clock;
  }

  /** Lets every command on holds come here. */
  public HoldDecider subscribe(CommandBus bus) {
    Stream.of(HoldCommand.class, SecondStep.class)
        .flatMap(root -> Stream.of(root.getPermittedSubclasses()))
        .filter(command -> !command.isInterface())
        .forEach(command -> bus.subscribe(command.getName(), this));
    return this;
  }

  @Override
  public void prepare(List<CommandMessage<?>> commands) {
    List<HoldCommand> all = commands.stream().map(HoldDecider::command).toList();
    List<HoldId> holds = all.stream().flatMap(HoldDecider::holdsOf).toList();
    books.holds().states().require(holds);
    List<Hold> held = holds.stream().distinct().flatMap(this::readable).toList();
    books
        .items()
        .states()
        .require(
            Stream.concat(
                    all.stream().flatMap(this::itemsAskedFor),
                    held.stream().flatMap(hold -> hold.lines().stream().map(Hold.Line::item)))
                .toList());
    books
        .accounts()
        .states()
        .require(
            Stream.concat(
                    all.stream().flatMap(this::accountsAskedFor),
                    held.stream().flatMap(Books::accountsOf))
                .toList());
    Map<StockItemId, Long> units = new HashMap<>();
    for (HoldCommand command : all) {
      if (command instanceof PlaceHold place) {
        place.lines().forEach(line -> add(line, place.locations(), units));
      } else if (command instanceof DeductOrder deduct) {
        deduct.lines().forEach(line -> add(line, deduct.locations(), units));
      }
    }
    books.requireLapsed(units, clock.instant());
  }

  private void add(OrderLine line, List<LocationId> near, Map<StockItemId, Long> units) {
    itemsOf(List.of(line), near)
        .forEach(item -> units.merge(item, line.quantity().units(), Long::sum));
  }

  private static Stream<HoldId> holdsOf(HoldCommand command) {
    return switch (command) {
      case SecondStep step -> Stream.of(step.hold());
      case ExpireHolds expire -> expire.holds().stream();
      case PlaceHold place -> Stream.empty();
      case DeductOrder deduct -> Stream.empty();
    };
  }

  private Stream<Hold> readable(HoldId hold) {
    try {
      return Stream.of(books.holds().get(hold));
    } catch (UnreadableStreamException e) {
      return Stream.empty(); // the decision comes upon the same, and answers for it
    }
  }

  private Stream<StockItemId> itemsAskedFor(HoldCommand command) {
    return switch (command) {
      case PlaceHold place -> itemsOf(place.lines(), place.locations());
      case DeductOrder deduct -> itemsOf(deduct.lines(), deduct.locations());
      case SecondStep step -> Stream.empty();
      case ExpireHolds expire -> Stream.empty();
    };
  }

  private Stream<StockItemId> itemsOf(List<OrderLine> lines, List<LocationId> near) {
    List<LocationId> anywhere = near.isEmpty() ? sources.locations() : near;
    return lines.stream()
        .flatMap(
            line ->
                (line.location() == null ? anywhere : List.of(line.location()))
                    .stream().map(location -> new StockItemId(line.sku(), location)));
  }

  private Stream<AccountId> accountsAskedFor(HoldCommand command) {
    if (!(command instanceof PlaceHold place)) {
      return Stream.empty();
    }
    Cart cart = place.cart();
    if (cart == null) {
      return Stream.empty();
    }
    try {
      PolicyVersion version = discounts.discounting(place.releaseStage()).policy();
      return version == null
          ? Stream.empty()
          : Books.accountsOf(version.pricing().campaigns(cart), cart.customer());
    } catch (TooManyRulesException | UnreadableStreamException | IllegalStateException e) {
      return Stream.empty(); // the decision comes upon the same, and answers for it
    }
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    Instant now = clock.instant();
    ExpectedVersion expected = KeyedCommands.expectedVersionOf(message.getMetaData());
    return switch (command(message)) {
      case PlaceHold place -> place(message, place, expected, now);
      case SecondStep step -> step(message, step, expected, now);
      case DeductOrder deduct -> deduct(message, deduct, now);
      case ExpireHolds expire -> {
        List<HoldId> due =
            expire.holds().stream().filter(id -> books.holds().get(id).isOverdue(now)).toList();
        yield new HoldsExpired(due.size(), books.post(message).expire(due, now).close());
      }
    };
  }

  private Verdict place(
      CommandMessage<?> message, PlaceHold place, ExpectedVersion expected, Instant now) {
    HoldId id = new HoldId(EventIds.derive(KeyedCommands.keyOf(message), "hold@" + now));
    Holding holding = holding(place.releaseStage());
    return switch (holding.place(id, place, expected, now)) {
      case Decision.Accepted<LedgerEvent, HoldRejection>(var events) -> {
        List<Moved<?, ?>> moved = take(message, holding, events, now);
        HoldPlaced placed = (HoldPlaced) events.getFirst();
        yield new HoldTaken(id, books.holds().get(id), placed, now, moved);
      }
      case Decision.Rejected<LedgerEvent, HoldRejection>(var rejection) -> refused(rejection);
    };
  }

  private Verdict step(
      CommandMessage<?> message, SecondStep step, ExpectedVersion expected, Instant now) {
    HoldId id = step.hold();
    Holding holding = holding(ReleaseStage.STABLE);
    return switch (holding.decide(step, books.holds().get(id), expected, now)) {
      case Decision.Accepted<LedgerEvent, HoldRejection>(var events) -> {
        List<Moved<?, ?>> moved = take(message, holding, events, now);
        yield new HoldTaken(id, books.holds().get(id), null, now, moved);
      }
      case Decision.Rejected<LedgerEvent, HoldRejection>(var rejection) -> refused(rejection);
    };
  }

  private Verdict deduct(CommandMessage<?> message, DeductOrder deduct, Instant now) {
    Holding holding = holding(ReleaseStage.STABLE);
    return switch (holding.deduct(deduct, now)) {
      case Decision.Accepted<LedgerEvent, HoldRejection>(var events) -> {
        List<Moved<?, ?>> moved = take(message, holding, events, now);
        Map<StockItemId, StockItem> items = new LinkedHashMap<>();
        for (LedgerEvent event : events) {
          StockItemId item = ((StockDeducted) event).item();
          items.put(item, books.items().get(item));
        }
        yield new OrderTaken(deduct.orderId(), items, now, moved);
      }
      case Decision.Rejected<LedgerEvent, HoldRejection>(var rejection) -> refused(rejection);
    };
  }

  private Holding holding(ReleaseStage stage) {
    return new Holding(books.items()::get, discounts.discounting(stage), sources);
  }

  private List<Moved<?, ?>> take(
      CommandMessage<?> message, Holding holding, List<LedgerEvent> events, Instant now) {
    return books.post(message).expire(holding.overdue(events, now), now).addAll(events).close();
  }

  private static Refused refused(HoldRejection rejection) {
    return new Refused(HoldProblems.of(rejection));
  }

  private static HoldCommand command(CommandMessage<?> message) {
    return (HoldCommand) message.getPayload();
  }
}
