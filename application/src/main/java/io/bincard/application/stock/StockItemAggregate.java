package io.bincard.application.stock;

import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockCommand.ReturnStock;
import io.bincard.domain.stock.StockCommand.SetStockPolicy;
import io.bincard.domain.stock.StockCommand.UnfreezeStockItem;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockRejection;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The stock item as Axon knows it: takes commands to {@link StockItem#decide} and folds events with
 * {@link StockItem#evolve}. An unknown item is created empty, so that it can refuse in its own
 * words.
 */
@AggregateRoot(type = StockItemAggregate.TYPE)
public final class StockItemAggregate {

  public static final String TYPE = "stock-item";

  @AggregateIdentifier
  @SuppressWarnings("UnusedVariable") // Axon reads it
  private @Nullable String stream;

  private StockItem item = StockItem.UNREGISTERED;

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(RegisterStockItem command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(ReceiveStock command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(DeductStock command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(ReturnStock command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(AdjustStock command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(CountStock command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(SetStockPolicy command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(FreezeStockItem command, MetaData metaData) {
    return decide(command, metaData);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  public Verdict handle(UnfreezeStockItem command, MetaData metaData) {
    return decide(command, metaData);
  }

  private Verdict decide(StockCommand command, MetaData metaData) {
    return switch (item.decide(command, KeyedCommands.expectedVersionOf(metaData))) {
      case Decision.Accepted<StockEvent, StockRejection>(var events) -> {
        events.forEach(AggregateLifecycle::apply);
        yield new StockVerdict.Taken(command, item);
      }
      case Decision.Rejected<StockEvent, StockRejection>(var rejection) ->
          new StockVerdict.Refused(rejection);
    };
  }

  @EventSourcingHandler
  void on(StockEvent event) {
    stream = event.item().stream();
    item = item.evolve(event);
  }
}
