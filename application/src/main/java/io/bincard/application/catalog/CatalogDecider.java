package io.bincard.application.catalog;

import io.bincard.application.books.Books;
import io.bincard.application.problems.CatalogProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.catalog.CatalogCommand;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.CatalogRejection;
import io.bincard.domain.stock.Sku;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;

/** The shell around {@link io.bincard.domain.catalog.DescribedSku}. */
public final class CatalogDecider implements Decider {

  private final Books books;

  public CatalogDecider(Books books) {
    this.books = books;
  }

  /** Lets every command of the catalog come here. */
  public CatalogDecider subscribe(CommandBus bus) {
    for (Class<?> command : CatalogCommand.class.getPermittedSubclasses()) {
      bus.subscribe(command.getName(), this);
    }
    return this;
  }

  @Override
  public void prepare(List<CommandMessage<?>> commands) {
    books.skus().states().require(commands.stream().map(each -> command(each).sku()).toList());
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    Sku sku = command(message).sku();
    return switch (books
        .skus()
        .get(sku)
        .decide(command(message), KeyedCommands.expectedVersionOf(message.getMetaData()))) {
      case Decision.Accepted<CatalogEvent, CatalogRejection>(var events) -> {
        List<Moved<?, ?>> moved = books.post(message).addAll(events).close();
        yield new SkuTaken(sku, books.skus().get(sku).version(), moved);
      }
      case Decision.Rejected<CatalogEvent, CatalogRejection>(var rejection) ->
          new Refused(CatalogProblems.of(rejection));
    };
  }

  private static CatalogCommand command(CommandMessage<?> message) {
    return (CatalogCommand) message.getPayload();
  }
}
