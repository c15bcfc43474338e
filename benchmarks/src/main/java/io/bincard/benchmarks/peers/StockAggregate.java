package io.bincard.benchmarks.peers;

import io.bincard.domain.Decision;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockRejection;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/** The stock item as a team would write it on Axon: an aggregate around the same decisions. */
@AggregateRoot(type = "stock-item")
final class StockAggregate {

  @AggregateIdentifier
  @SuppressWarnings("UnusedVariable") // Axon reads it
  private @Nullable String stream;

  private StockItem item = StockItem.UNREGISTERED;

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  boolean handle(RegisterStockItem command) {
    return decide(command);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  boolean handle(DeductStock command) {
    return decide(command);
  }

  /** Whether the command was taken. */
  private boolean decide(StockCommand command) {
    return switch (item.decide(command, ExpectedVersion.ANY, Instant.now())) {
      case Decision.Accepted<StockEvent, StockRejection>(var events) -> {
        events.forEach(AggregateLifecycle::apply);
        yield true;
      }
      case Decision.Rejected<StockEvent, StockRejection> rejected -> false;
    };
  }

  @EventSourcingHandler
  void on(StockEvent event) {
    stream = event.item().stream();
    item = item.evolve(event);
  }
}
