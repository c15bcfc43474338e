package io.bincard.application.catalog;

import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.writer.StreamStates;
import io.bincard.domain.catalog.Catalog;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.Sku;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/** The ledger's own answers about SKUs, read from the journal each time. */
public final class JournalCatalog implements Catalog {

  private final StreamStates<Sku, DescribedSku> states;

  public JournalCatalog(StreamStates<Sku, DescribedSku> states) {
    this.states = states;
  }

  @Override
  public Optional<DescribedSku> find(Sku sku) {
    try {
      return Optional.of(states.load(sku)).filter(known -> known.description() != null);
    } catch (EventStoreException | UnreadableStreamException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }
}
