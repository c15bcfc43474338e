package io.bincard.application.stock;

import io.bincard.application.books.Books;
import io.bincard.application.books.Posting;
import io.bincard.application.problems.StockProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockRejection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;

/** The shell around {@link StockItem}: takes commands there, and posts what it decides. */
public final class StockDecider implements Decider {

  private final Books books;
  private final InstantSource clock;

  public StockDecider(Books books, InstantSource clock) {
    this.books = books;
    this.clock = clock;
  }

  /** Lets every stock command come here. */
  public StockDecider subscribe(CommandBus bus) {
    for (Class<?> command : StockCommand.class.getPermittedSubclasses()) {
      bus.subscribe(command.getName(), this);
    }
    return this;
  }

  @Override
  public void prepare(List<CommandMessage<?>> commands) {
    books
        .items()
        .states()
        .require(commands.stream().map(command -> stockCommand(command).item()).toList());
    Map<StockItemId, Long> units = new HashMap<>();
    for (CommandMessage<?> message : commands) {
      if (message.getPayload() instanceof StockCommand.DeductStock deduct) {
        units.merge(deduct.item(), deduct.quantity().units(), Long::sum);
      }
    }
    books.requireLapsed(units, clock.instant());
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    StockCommand command = stockCommand(message);
    StockItemId id = command.item();
    StockItem item = books.items().get(id);
    Instant now = clock.instant();
    return switch (item.decide(
        command, KeyedCommands.expectedVersionOf(message.getMetaData()), now)) {
      case Decision.Accepted<StockEvent, StockRejection>(var events) -> {
        Posting posting = books.post(message);
        for (StockEvent event : events) {
          posting.expire(item.overdue(event, now), now).add(event);
        }
        yield new StockTaken(command, books.items().get(id), now, posting.close());
      }
      case Decision.Rejected<StockEvent, StockRejection>(var rejection) ->
          new Refused(StockProblems.of(rejection));
    };
  }

  private static StockCommand stockCommand(CommandMessage<?> message) {
    return (StockCommand) message.getPayload();
  }
}
