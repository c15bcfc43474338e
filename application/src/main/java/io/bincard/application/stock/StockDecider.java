package io.bincard.application.stock;

import io.bincard.application.problems.StockProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockRejection;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * The shell around {@link StockItem}: takes commands to {@link StockItem#decide}, their events to
 * the open batch, and moves the state on with {@link StockItem#evolve}.
 */
public final class StockDecider implements Decider {

  /** What the streams of stock items are called in the journal. */
  static final String STREAM_TYPE = "stock-item";

  private final LiveStates<StockItemId, StockItem> items;
  private final OpenBatch batch;

  public StockDecider(LiveStates<StockItemId, StockItem> items, OpenBatch batch) {
    this.items = items;
    this.batch = batch;
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
    items.require(commands.stream().map(command -> stockCommand(command).item()).toList());
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    StockCommand command = stockCommand(message);
    StockItemId id = command.item();
    StockItem before = items.get(id);
    return switch (before.decide(command, KeyedCommands.expectedVersionOf(message.getMetaData()))) {
      case Decision.Accepted<StockEvent, StockRejection>(var events) -> {
        StockItem item = before;
        List<DomainEventMessage<?>> messages = new ArrayList<>(events.size());
        for (StockEvent event : events) {
          item = item.evolve(event);
          messages.add(
              KeyedCommands.event(
                  message, messages.size(), STREAM_TYPE, id.stream(), item.version(), event));
        }
        items.put(id, item);
        batch.append(messages);
        yield new StockTaken(command, before, item);
      }
      case Decision.Rejected<StockEvent, StockRejection>(var rejection) ->
          new Refused(StockProblems.of(rejection));
    };
  }

  private static StockCommand stockCommand(CommandMessage<?> message) {
    return (StockCommand) message.getPayload();
  }
}
